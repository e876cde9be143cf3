"""Who every campaign needs: the company around the stack, and an inbox for what is published."""

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest

from local.stack.stack import Stack
from tests.e2e.company import Company
from tests.e2e.inbox import Inbox
from tests.stands.authorities import one_authority

__all__ = ["one_authority"]

_LINES = 40

# Its assertions show what differs, as those of test modules do.
pytest.register_assert_rewrite("tests.e2e.killing", "tests.e2e.lives")


@pytest.fixture
async def company(stack: Stack) -> AsyncIterator[Company]:
    """The company around the module's stack."""
    async with Company(stack.description) as company:
        yield company


@pytest.fixture
def inbox(stack: Stack) -> Inbox:
    """The subscribers of the module's stack."""
    return Inbox(stack.description.service_bus)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure how the logs of the stack's parts end: it will be gone by then."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, Stack):
        logs = stack.layout.log("host").parent.glob("*.log")
        report.sections += [(log.name, _end_of(log)) for log in sorted(logs)]
    return report


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-_LINES:])
