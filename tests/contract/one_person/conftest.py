"""A recorded Graph and the simulated tenant, and what reads from them."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.one_person.asking import OPERATORS, STAFF
from tests.contract.recorded_graph import RecordedGraph, running_graph
from tests.contract.sweep_world import Sweep, sweep_on_record, sweep_on_stand
from tests.stands.graph import GraphControl, GraphStand


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A Graph of the test's own, with a group of which nothing is said but that it is there."""
    async with running_graph() as running:
        running.says(f"/v1.0/groups/{STAFF}", {"id": STAFF, "groupTypes": [], "visibility": None})
        yield running


@pytest.fixture
async def recorded(graph: RecordedGraph) -> AsyncIterator[Sweep]:
    """What reads from it."""
    async with sweep_on_record(graph) as running:
        yield running


@pytest.fixture
async def live(graph_stand: GraphStand, tenant: GraphControl) -> AsyncIterator[Sweep]:
    """What reads the simulated tenant, with the roles of the operators' app."""
    async with sweep_on_stand(graph_stand, tenant, OPERATORS) as running:
        yield running
