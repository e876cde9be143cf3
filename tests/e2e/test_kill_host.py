"""`kill -9` of the host at every step boundary of a case: the case completes all the same."""

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.story import story
from tests.e2e.waiting import eventually

AT_ONCE = 8
"""How many cases are held and killed together: as many as the host works on at once."""


@pytest.fixture(scope="module")
def tripwires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder by which the test talks to the tripwires."""
    return tmp_path_factory.mktemp("tripwires")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tripwires: Path) -> Iterator[Stack]:
    """A stack whose host runs the app with tripwires."""
    options = Options(
        settings={**QUICK, "MFA_LEASE_SECONDS": "3", "TRIPWIRES": str(tripwires)},
        app="tests.e2e.tripwire_app:app",
        broker_limits={"lock_duration_seconds": 3},
    )
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


@dataclass
class Hire:
    """A person, the event that announces them, and the event's case.

    They register, and an administrator puts them back to `enabled`, so that the case goes through
    both writes: ours to `enabled` and ours to `enforced`.
    """

    person: Json
    event: Json
    case_id: str = ""

    @classmethod
    async def make(cls, company: Company) -> "Hire":
        """A new person, not announced yet."""
        person = await company.employ()
        return cls(person, company.joiner(person))

    async def announce(self, company: Company) -> None:
        """Deliver the event until it is taken; a host that was killed is no answer."""
        self.case_id = await company.insist(self.event, answered_within=60)

    async def register(self, company: Company) -> None:
        """Do what the case waits for."""
        await company.register(self.person["id"])
        await company.administrator_writes(self.person["id"], "enabled")


@dataclass(frozen=True)
class Boundary:
    """A place between two steps of a case.

    Attributes:
        order: as the tripwire wants it, such as `before 7`.
        call: the call of a port that it is at.
        message: which invocation it is in: 0 is the webhook.
    """

    order: str
    call: str
    message: int


def boundaries(trace: str) -> list[Boundary]:
    """Every boundary of the case that left this trace.

    Before each call, and after the last of each invocation: elsewhere `after` one call is the same
    moment as `before` the next, for nothing that outlives the process happens between the two.
    """
    found: list[Boundary] = []
    message, last = -1, ""
    for line in [*trace.splitlines(), "message"]:
        number, _, call = line.partition(" ")
        if call:
            found.append(Boundary(f"before {number}", call, message))
            last = line
            continue
        if last:
            number, _, call = last.partition(" ")
            found.append(Boundary(f"after {number}", call, message))
        message += 1
    return found


@pytest.mark.slow
async def test_a_case_survives_the_death_of_the_host_at_every_boundary(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """Wherever the host dies, story, truth, events and writes are as in the undisturbed case."""
    await company.sim("POST", "switches", {"enabledAgainStaysEnabled": True})
    model = await Hire.make(company)
    await model.announce(company)
    await _at_rest([model], company, tripwires)
    await model.register(company)
    await company.advance(21)
    expected = (await company.reach([model.case_id], "completed", stride=0))[model.case_id]
    await inbox.until("mfa.case.completed", {model.case_id})
    places = boundaries((tripwires / f"{model.event['id']}.trace").read_text())
    assert {place.message for place in places} == {0, 1, 2}, places
    assert sum(place.call == "mfa_states.set_mfa_state" for place in places) == 2

    hires: list[tuple[Boundary, Hire]] = []
    for late in (False, True):
        chosen = [place for place in places if (place.message == 2) is late]
        for first in range(0, len(chosen), AT_ONCE):
            group = chosen[first : first + AT_ONCE]
            hires += await _killed_at(group, stack, company, tripwires, late=late)

    writes = await company.writes()
    await inbox.until("mfa.case.completed", {hire.case_id for _, hire in hires})
    inbox.assert_each_once_and_alike()
    for place, hire in hires:
        case = await company.case(hire.case_id)
        assert story(case) == story(expected), place
        assert inbox.types(hire.case_id) == inbox.types(model.case_id), place
        assert (await company.truth(hire.person["id"]))["perUserMfaState"] == "enforced", place
        assert len(writes[hire.person["id"]]) == 2, place
    assert await company.parked() == []


async def _killed_at(
    places: list[Boundary], stack: Stack, company: Company, tripwires: Path, *, late: bool
) -> list[tuple[Boundary, Hire]]:
    """Hold a case of its own at each of these boundaries, kill the host, and see them all through.

    Args:
        late: the boundaries are in the message that comes after the registration.
    """
    hires = [(place, await Hire.make(company)) for place in places]
    for place, hire in hires:
        (tripwires / hire.event["id"]).write_text(place.order)
    announcing = asyncio.gather(*(hire.announce(company) for _, hire in hires))
    if late:
        await announcing
        await _at_rest([hire for _, hire in hires], company, tripwires)
        for _, hire in hires:
            await hire.register(company)
        await company.advance(21)

    async def all_held() -> bool:
        return all((tripwires / f"{hire.event['id']}.held").exists() for _, hire in hires)

    await eventually(all_held, f"held at {places}")
    await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
    for place, hire in hires:
        held = (tripwires / f"{hire.event['id']}.held").read_text()
        assert held == f"{place.order} {place.call}"
    await asyncio.to_thread(stack.restart, "host")
    await announcing
    if not late:
        await company.reach([h.case_id for _, h in hires], "waiting-registration")
        for _, hire in hires:
            await hire.register(company)
    await company.reach([hire.case_id for _, hire in hires], "completed")
    return hires


async def _at_rest(hires: list[Hire], company: Company, tripwires: Path) -> None:
    """Wait until the cases wait for the registration and their message has done its last call.

    Were the clock moved before, the same message would go on with what the next one is to do.
    """
    await company.reach([hire.case_id for hire in hires], "waiting-registration", stride=0)

    async def scheduled() -> bool:
        traces = [(tripwires / f"{hire.event['id']}.trace").read_text() for hire in hires]
        return all(trace.endswith(" commands.send\n") for trace in traces)

    await eventually(scheduled, "the next message is scheduled")
