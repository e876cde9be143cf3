"""Who every campaign needs: the company around the stack, and an inbox for what is published."""

from collections.abc import AsyncIterator

import pytest

from local.stack.stack import Stack
from tests.e2e.company import Company
from tests.e2e.inbox import Inbox


@pytest.fixture
async def company(stack: Stack) -> AsyncIterator[Company]:
    """The company around the module's stack."""
    async with Company(stack.description) as company:
        yield company


@pytest.fixture
def inbox(stack: Stack) -> Inbox:
    """The subscribers of the module's stack."""
    return Inbox(stack.description.service_bus)
