"""The port `DirectorySize`, against the simulated tenant."""

from collections.abc import AsyncIterator

import pytest

from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.size import GraphDirectorySize
from shared.domain.authentication import Unknown
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, graph_client
from tests.contract.privilege_worlds import Seconds
from tests.stands.graph import GraphControl, GraphStand

COUNT = "/v1.0/users/$count"


@pytest.fixture(params=[App.LIFECYCLE, App.RESET, App.OPERATORS])
async def client(
    request: pytest.FixtureRequest, graph_stand: GraphStand, tenant: GraphControl
) -> AsyncIterator[GraphClient]:
    """A client with exactly the powers of each app that takes changes out of budgets."""
    powers = GivenTokens([tenant.token(sorted(GRAPH_ROLES[request.param]))])
    async with graph_client(graph_stand.base_url, powers) as client:
        yield client


async def test_every_account_counts(client: GraphClient, tenant: GraphControl) -> None:
    """The number is that of the accounts, and one more where there is one more."""
    seconds = Seconds()
    size = GraphDirectorySize(client, seconds)
    before = await size.people()
    tenant.create_user(userPrincipalName=f"one-more-{before}@contoso.example", displayName="P")
    seconds.now = 3600.0
    assert isinstance(before, int)
    assert await size.people() == before + 1


async def test_it_is_read_once_an_hour(client: GraphClient, tenant: GraphControl) -> None:
    """However many changes are made, there is one request; an hour later another."""
    seconds = Seconds()
    size = GraphDirectorySize(client, seconds)
    tenant.do("DELETE", "requests")
    for seconds.now in (0.0, 1800.0, 3599.0, 3600.0, 3601.0):
        assert isinstance(await size.people(), int)
    assert [entry["path"] for entry in tenant.requests()] == [COUNT, COUNT]


@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 200, "body": "many"}])
async def test_a_failure_is_an_unknown_size(
    client: GraphClient, tenant: GraphControl, fault: dict[str, object]
) -> None:
    """It raises nothing, is asked again some minutes later, and never looks like a number."""
    seconds = Seconds()
    size = GraphDirectorySize(client, seconds)
    tenant.fault(r"GET /v1.0/users/\$count", **fault, times=1)
    assert isinstance(await size.people(), Unknown)
    assert isinstance(await size.people(), Unknown)
    seconds.now = 300.0
    assert isinstance(await size.people(), int)
