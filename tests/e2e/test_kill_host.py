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
        order: as the tripwire wants it, such as `before message 7`.
        call: the call of a port that it is at.
        late: it is in the message that comes after the registration.
    """

    order: str
    call: str
    late: bool


def boundaries(trace: list[str], *, late: bool) -> list[Boundary]:
    """Every boundary of the invocations that left this trace.

    Before each call, and after the last of each invocation: elsewhere `after` one call is the same
    moment as `before` the next, for nothing that outlives the process happens between the two.
    """
    calls = [line.rsplit(" ", 1) for line in trace]
    found = [Boundary(f"before {place}", call, late) for place, call in calls]
    for (place, call), (following, _) in zip(calls, [*calls[1:], ("end 1", "")], strict=True):
        if following.endswith(" 1"):
            found.append(Boundary(f"after {place}", call, late))
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
    trace = tripwires / f"{model.event['id']}.trace"
    early = _lines(trace)
    await model.register(company)
    await company.advance(21)
    expected = (await company.reach([model.case_id], "completed", stride=0))[model.case_id]
    await inbox.until("mfa.case.completed", {model.case_id})
    await _last_call(trace, "leases.give_back")
    later = _lines(trace)[len(early) :]
    places = [*boundaries(early, late=False), *boundaries(later, late=True)]
    assert sum(place.call == "writes.write" for place in places) == 2

    hires: list[tuple[Boundary, Hire]] = []
    for late in (False, True):
        open_places = [place for place in places if place.late is late]
        for _ in range(len(places)):
            killed = await _killed_at(open_places[:AT_ONCE], stack, company, tripwires)
            hires += killed
            missed = [place for place, hire in killed if not _was_held_at(place, hire, tripwires)]
            open_places = [*open_places[AT_ONCE:], *missed]
            if not open_places:
                break
        assert not open_places

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
    places: list[Boundary], stack: Stack, company: Company, tripwires: Path
) -> list[tuple[Boundary, Hire]]:
    """Hold a case of its own at each of these boundaries, kill the host, and see them all through.

    Args:
        places: all early, or all late.
    """
    killed = [(place, await Hire.make(company)) for place in places]
    hires = [hire for _, hire in killed]
    late = places[0].late
    if late:
        await asyncio.gather(*(hire.announce(company) for hire in hires))
        await _at_rest(hires, company, tripwires)
    for place, hire in killed:
        (tripwires / hire.event["id"]).write_text(place.order)
    announcing = [] if late else [asyncio.create_task(hire.announce(company)) for hire in hires]
    if late:
        for hire in hires:
            await hire.register(company)
        await company.advance(21)

    async def all_held() -> bool:
        return all((tripwires / f"{hire.event['id']}.held").exists() for hire in hires)

    await eventually(all_held, f"held at {places}")
    await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
    await asyncio.to_thread(stack.restart, "host")
    await asyncio.gather(*announcing)
    if not late:
        await company.reach([hire.case_id for hire in hires], "waiting-registration")
        for hire in hires:
            await hire.register(company)
    await company.reach([hire.case_id for hire in hires], "completed")
    return killed


def _was_held_at(place: Boundary, hire: Hire, tripwires: Path) -> bool:
    """Whether it was this call that was held.

    On a busy machine a call more, such as a second try to publish, moves the others.
    """
    held = (tripwires / f"{hire.event['id']}.held").read_text()
    return held == f"{place.order} {place.call}"


async def _at_rest(hires: list[Hire], company: Company, tripwires: Path) -> None:
    """Wait until the cases wait for the registration and their message has done its last call.

    Were the clock moved before, the same message would go on with what the next one is to do.
    """
    await company.reach([hire.case_id for hire in hires], "waiting-registration", stride=0)
    for hire in hires:
        await _last_call(tripwires / f"{hire.event['id']}.trace", "commands.send")


async def _last_call(trace: Path, call: str) -> None:
    async def done() -> bool:
        return _lines(trace)[-1].endswith(f" {call}")

    await eventually(done, f"the last call is {call}")


def _lines(trace: Path) -> list[str]:
    return trace.read_text().splitlines()
