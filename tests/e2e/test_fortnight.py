"""Weeks in seconds: what takes long in life, with a part of the stack restarted every other day."""

import asyncio
import signal
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, groupby

import pytest

from local.clock import StackClock
from local.stack.stack import Options, Stack
from tests.e2e.company import Company
from tests.e2e.inbox import Inbox

DAY = 86_400.0
ENDS = {
    "host": signal.SIGKILL,
    "servicebus": signal.SIGKILL,
    "azurite": signal.SIGINT,
    "graph": signal.SIGTERM,
}
"""How each part ends. The last two are no databases: only an orderly end makes them save."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with the intervals of real life, but for those that run on real time."""
    options = Options(
        settings={"MFA_LEASE_SECONDS": "2"}, broker_limits={"lock_duration_seconds": 3}
    )
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


@pytest.mark.slow
async def test_weeks_pass_and_parts_restart(stack: Stack, company: Company, inbox: Inbox) -> None:
    """Start date ahead, account late, never registered: every case ends as it should.

    Day 0: all are announced, to start on day 4. Day 7: the late account is made. Day 9: all but one
    register. Day 18, the fourteenth after the start: the deadline; the last one is enforced.
    """
    start = (await company.now() + timedelta(days=4)).date().isoformat()
    punctual, tardy = await company.employ(), await company.employ()
    late = {"userPrincipalName": "late@contoso.example", "employeeId": "E-late"}
    cases = [
        await company.announce(company.joiner(person, startDate=start))
        for person in (punctual, late, tardy)
    ]
    await company.reach(cases, "waiting-start", stride=0)
    of_punctual, of_late, of_tardy = cases
    restarts = cycle(("host", "servicebus", "azurite", "graph"))
    arrived = {}
    for day in range(1, 22):
        if day % 2:
            await company.advance(DAY)
        else:
            await _a_day_without(stack, next(restarts))
        if day % 5 == 0:
            # Events live for fourteen days: subscribers have to come by.
            await inbox.receive()
        match day:
            case 3:
                await company.reach(cases, "waiting-start", stride=0)
                assert (await company.truth(punctual["id"]))["perUserMfaState"] == "disabled"
            case 5:
                await company.reach([of_punctual, of_tardy], "waiting-registration")
                await company.reach([of_late], "waiting-account")
            case 7:
                arrived = await company.employ(**late)
            case 8:
                await company.reach([of_late], "waiting-registration")
            case 9:
                await company.register(punctual["id"])
                await company.register(arrived["id"])
            case 10:
                await company.reach([of_punctual, of_late], "completed")
            case 17:
                await company.reach([of_tardy], "waiting-registration", stride=0)
    await company.reach([of_tardy], "completed")
    await inbox.until("mfa.case.completed", {of_tardy})
    inbox.assert_each_once_and_alike()
    assert inbox.types(of_punctual) == ["accepted", "waiting", "waiting", "completed"]
    assert inbox.types(of_late) == ["accepted", "waiting", "waiting", "waiting", "completed"]
    # Reminders that fall into the time of one outage are one.
    assert [kind for kind, _ in groupby(inbox.types(of_tardy))] == [
        *("accepted", "waiting", "reminder", "overdue", "completed")
    ]
    writes = await company.writes()
    for person in (punctual, arrived, tardy):
        assert (await company.truth(person["id"]))["perUserMfaState"] == "enforced"
        assert len(writes.get(person["id"], [])) <= (2 if person is tardy else 1)
    assert len((await company.case(of_tardy))["warnings"]) == 1
    assert await company.parked() == []


async def _a_day_without(stack: Stack, name: str) -> None:
    """A part goes down, a day passes, and the part is back."""
    await asyncio.to_thread(stack.kill, name, ENDS[name])
    with StackClock(stack.layout.clock) as clock:
        clock.advance(DAY)
    await asyncio.to_thread(stack.restart, name)
