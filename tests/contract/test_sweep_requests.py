"""What a sweep costs: how many requests, and none before its turn."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import TypeVar

import pytest

from shared.adapters.graph.sweep.sources import GraphSources
from shared.adapters.system_clock import SystemClock
from shared.adapters.tables.pace import TablePace
from shared.adapters.tables.store import TableStore
from shared.application.ports.sweep import RowPage
from shared.domain.authentication import PerUserMfaState, Unknown
from tests.contract.graph_client import GivenTokens, graph_client
from tests.contract.sweep_world import ROLES, sweep_on_stand, turns
from tests.stands.graph import GraphStand

Row = TypeVar("Row")

PEOPLE = 2100
HURRY = 0.1
"""The time of Graph's limits here, against the real one."""
PATIENCE = 0.3
"""That of the turns: more, since on a busy machine requests take differently long on their way."""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStand]:
    """A tenant with so many people that lists have pages."""
    arguments = ("--users", str(PEOPLE), "--seed", "7")
    with GraphStand(tmp_path_factory.mktemp("company"), arguments=arguments) as stand:
        yield stand


@pytest.fixture
async def instances(company: GraphStand, store: TableStore) -> AsyncIterator[list[GraphSources]]:
    """Three instances of the app, which share their turns and nothing else."""
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(3):
            tokens = GivenTokens([company.control.token(sorted(ROLES))])
            client = await stack.enter_async_context(graph_client(company.base_url, tokens))
            pace = TablePace(store, SystemClock(), scale=PATIENCE)
            found.append(
                GraphSources.over(client, pace=pace, clock=SystemClock(), held_roles=all_roles)
            )
        yield found


async def all_roles() -> frozenset[str] | Unknown:
    """The token holds all that a sweep needs."""
    return ROLES


async def rows_of(read: Callable[[str | None], Awaitable[RowPage[Row]]]) -> list[Row]:
    """All rows, page by page."""
    found: list[Row] = []
    page: str | None = None
    while True:
        read_now = await read(page)
        found += read_now.rows
        page = read_now.following
        if page is None:
            return found


async def test_everybody_costs_two_requests_for_999_people_and_twelve(
    company: GraphStand,
) -> None:
    """Federated domains and groups aside; not one more for any person."""
    control = company.control
    async with sweep_on_stand(company, control) as sweep:
        control.do("DELETE", "requests")
        reading = await sweep.sources.tenant.tenant()
        people = await rows_of(sweep.sources.people.people)
        registrations = await rows_of(sweep.sources.people.registrations)
    sent = len(control.requests())
    federated = len(reading.doubtful_domains)
    assert len(people) == reading.people >= PEOPLE
    assert len(registrations) > 0
    pages = math.ceil(len(people) / 999) + math.ceil(len(registrations) / 999)
    assert sent == pages + 12 + federated
    assert turns(sweep) == (math.ceil(len(registrations) / 999), 3)
    assert {person.state for person in people} <= set(PerUserMfaState)


async def test_without_the_bulk_state_it_costs_one_request_more(company: GraphStand) -> None:
    """The first page finds out, and no other asks again."""
    control = company.control
    control.do("POST", "switches", {"bulkPerUserMfaState": "refused"})
    async with sweep_on_stand(company, control) as sweep:
        control.do("DELETE", "requests")
        people = await rows_of(sweep.sources.people.people)
    control.do("POST", "switches", {})
    assert len(control.requests()) == math.ceil(len(people) / 999) + 1
    assert {person.state for person in people} == {None}


async def test_instances_that_take_turns_are_never_throttled(
    company: GraphStand, instances: list[GraphSources]
) -> None:
    """Graph holds them to its limits, together, and refuses not one request."""
    control = company.control
    control.do("POST", "throttling", {"enabled": True, "timeScale": HURRY})
    control.do("DELETE", "requests")
    try:
        await asyncio.gather(
            *(one.tenant.tenant() for one in instances),
            *(one.people.registrations(None) for one in instances for _ in range(4)),
        )
    finally:
        control.do("POST", "throttling", {})
    sent = control.requests()
    assert {one["status"] for one in sent} == {200}
    assert len([one for one in sent if "/conditionalAccess/" in one["path"]]) == 3 * 2
    assert len([one for one in sent if "/reports/" in one["path"]]) == 3 * 4
