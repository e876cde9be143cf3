"""The sources of a sweep over a Graph, as the tests build them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from shared.adapters.graph.sweep.sources import GraphSources
from shared.adapters.identity import held_roles
from shared.application.ports.sweep import Row, RowPage
from shared.domain.authentication import Unknown
from shared.domain.sweep.pace import CONDITIONAL_ACCESS, REPORTS
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import SCOPE, GivenTokens, Pauses, graph_client
from tests.contract.recorded_graph import RecordedGraph
from tests.fakes.pace import FakePace
from tests.stands.graph import GraphControl, GraphStand

ROLES = GRAPH_ROLES[App.SWEEP]
"""What a sweep may do in Graph, and no more."""
NOTHING = {"trusted_ips": False, "staged_rollout": False}
"""What somebody attests of what no API tells: there is nothing of the sort."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep's view.

    Attributes:
        sources: what it reads from.
        pace: the turns that it took.
        clock: the pauses that it made.
    """

    sources: GraphSources
    pace: FakePace
    clock: Pauses


@asynccontextmanager
async def sweep_on_stand(
    stand: GraphStand,
    tenant: GraphControl,
    roles: Iterable[str] = ROLES,
    **attested: bool | None,
) -> AsyncIterator[Sweep]:
    """A sweep of the simulated tenant, with these roles."""
    tokens, clock = GivenTokens([tenant.token(sorted(roles))]), Pauses()
    pace = FakePace(clock)

    async def held() -> frozenset[str] | Unknown:
        return await held_roles(tokens, SCOPE)

    async with graph_client(stand.base_url, tokens, clock=clock) as client:
        sources = GraphSources.over(
            client, pace=pace, clock=clock, held_roles=held, **{**NOTHING, **attested}
        )
        yield Sweep(sources, pace, clock)


@asynccontextmanager
async def sweep_on_record(
    graph: RecordedGraph,
    roles: Iterable[str] | Unknown = ROLES,
    **attested: bool | None,
) -> AsyncIterator[Sweep]:
    """A sweep of a Graph that answers what it is told to."""
    tokens, clock = GivenTokens(["token"]), Pauses()
    pace = FakePace(clock)

    async def held() -> frozenset[str] | Unknown:
        return roles if isinstance(roles, Unknown) else frozenset(roles)

    async with graph_client(graph.root, tokens, clock=clock) as client:
        sources = GraphSources.over(
            client, pace=pace, clock=clock, held_roles=held, **{**NOTHING, **attested}
        )
        yield Sweep(sources, pace, clock)


def turns(sweep: Sweep) -> tuple[int, int]:
    """How many turns a sweep took for reports, and for Conditional Access."""
    asked = sweep.pace.asked
    return asked.count(REPORTS.name), asked.count(CONDITIONAL_ACCESS.name)


async def to_the_end(
    read: Callable[[str | None], Awaitable[RowPage[Row]]],
) -> list[Row]:
    """The rows of all pages: others have left people in the tenant, too."""
    page = await read(None)
    rows = list(page.rows)
    while page.following is not None:
        page = await read(page.following)
        rows += page.rows
    return rows
