"""A tenant in which there is nothing yet, and a sweep of it."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.recorded_graph import RecordedGraph, running_graph
from tests.contract.sweep_tenant.reading import COUNT, DEFAULTS, LISTS, METHODS, TRUST
from tests.contract.sweep_world import Sweep, sweep_on_record


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A tenant in which there is nothing yet."""
    async with running_graph() as running:
        for path in LISTS:
            running.lists(path)
        running.says(DEFAULTS, {"isEnabled": False})
        running.says(METHODS, {"authenticationMethodConfigurations": []})
        running.says(TRUST, {"isServiceDefault": True, "inboundTrust": {"isMfaAccepted": False}})
        running.says(COUNT, "\ufeff1234")
        yield running


@pytest.fixture
async def sweep(graph: RecordedGraph) -> AsyncIterator[Sweep]:
    """A sweep of it."""
    async with sweep_on_record(graph) as running:
        yield running
