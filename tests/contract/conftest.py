"""The real things that the contract suites run against."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from local.azurite.tables import ensure_tables
from local.bench.memory_store import MemoryStore
from shared.adapters.tables.store import Patience, TableStore
from tests.contract.emptying import empty_tables
from tests.contract.graph_client import GivenTokens, graph_client
from tests.contract.pass_worlds import FakePassWorld, GraphPassWorld, PassWorld, passes_on_graph
from tests.contract.patience import patient
from tests.contract.policy_world import RESET, Administrator, Proofs, administrating
from tests.contract.privilege_worlds import Roles
from tests.stands.authorities import one_authority
from tests.stands.azurite import Azurite, running_azurite
from tests.stands.graph import GraphControl, GraphStand
from tests.stands.servicebus import ServiceBusProcess

__all__ = ["one_authority"]


@pytest.fixture(scope="package")
def graph_stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStand]:
    """One simulated tenant for the whole suite; each test makes its own people."""
    with GraphStand(tmp_path_factory.mktemp("tenant")) as stand:
        yield stand


@pytest.fixture
def tenant(graph_stand: GraphStand) -> Iterator[GraphControl]:
    """The tenant's control side, without faults before and after."""
    graph_stand.control.do("DELETE", "requests")
    yield graph_stand.control
    graph_stand.control.clear_faults()
    graph_stand.control.lag(0)


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceBusProcess]:
    """A broker of the test's own: some tests kill it."""
    process = ServiceBusProcess(tmp_path_factory.mktemp("broker")).start()
    yield process
    process.close()


@pytest.fixture(scope="package")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """One table service with the app's tables for the whole suite."""
    with running_azurite(tmp_path_factory.mktemp("azurite")) as running:
        asyncio.run(ensure_tables(running.connection_string))
        yield running


@pytest.fixture
async def tables(azurite: Azurite) -> AsyncIterator[str]:
    """The connection string of the table service, with empty tables."""
    yield azurite.connection_string
    await empty_tables(azurite.connection_string)


@pytest.fixture
async def store(tables: str) -> AsyncIterator[TableStore]:
    """A store with empty tables, and patience for a busy test machine."""
    patience = patient(*Patience().pauses)
    async with TableStore.from_connection_string(tables, patience=patience) as connected:
        yield connected


@pytest.fixture
async def memory_store(tmp_path: Path) -> AsyncIterator[MemoryStore]:
    """The empty store that `./dev bench` measures large tenants with."""
    async with MemoryStore(tmp_path / "rows") as connected:
        yield connected


@pytest.fixture
def roles(tenant: GraphControl) -> Iterator[Roles]:
    """Roles and groups that go when the test ends."""
    made = Roles(tenant)
    yield made
    tenant.do("POST", "switches", {})
    made.undo()


@pytest.fixture
def administrator(graph_stand: GraphStand, tenant: GraphControl) -> Iterator[Administrator]:
    """Somebody who writes policies; they end with the test."""
    with administrating(graph_stand, tenant) as writing:
        yield writing


@pytest.fixture
async def proofs(graph_stand: GraphStand, tenant: GraphControl) -> AsyncIterator[Proofs]:
    """What reads policies for a reset, without anything read yet."""
    powers = GivenTokens([tenant.token(sorted(RESET))])
    async with graph_client(graph_stand.base_url, powers) as client:
        yield Proofs(client)


@pytest.fixture
async def graph_passes(
    tenant: GraphControl, graph_stand: GraphStand
) -> AsyncIterator[GraphPassWorld]:
    """The real adapters for passes, on the simulated tenant."""
    async with passes_on_graph(tenant, graph_stand) as world:
        yield world


@pytest.fixture(params=["fake", "graph"])
def pass_world(request: pytest.FixtureRequest) -> PassWorld:
    """The fakes for passes, then the real adapters."""
    if request.param == "fake":
        return FakePassWorld()
    found: GraphPassWorld = request.getfixturevalue("graph_passes")
    return found
