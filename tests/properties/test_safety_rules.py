"""S3, S4, S6 and S7, each on its own. S8 is in test_two_workers."""

import asyncio
import json
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from shared.contracts.case_view import CaseView
from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.cases import CaseState, StepOutcome
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    MalformedAnswer,
    Throttled,
)
from shared.domain.ids import UserId
from tests.builders import NOW
from tests.properties.ends import check_ends
from tests.properties.interrupting import How
from tests.properties.world import OVER, PROTECTED, SECRET, World, joiner

NAME = "robin@contoso.example"
UNREADABLE = (Throttled("429"), DirectoryUnavailable("503"), MalformedAnswer("?"))
NOT_READ: tuple[LifecycleError, ...] = (*UNREADABLE, AccountNotVisible("404"))


def run(story: Coroutine[Any, Any, None]) -> None:
    """Run a story to its end."""
    asyncio.run(story)


async def a_world(mode: Mode = Mode.ACT, *, registered: bool = False) -> tuple[World, UserId]:
    """A world with one person."""
    world = World(Random(0))  # noqa: S311  (which replica answers is no secret)
    await world.set_mode(mode)
    user = world.tenant.add(NAME)
    if registered:
        world.tenant.register(user, MethodType.FIDO2)
    return world, user


async def work(world: World) -> None:
    """Deliver whatever is due now."""
    while messages := world.broker.deliverable(world.clock.now()):
        await world.deliver(messages[0])


@given(lag=st.integers(61, 8000))
def test_done_is_what_was_read_back(lag: int) -> None:
    """S3: a change is `done` only after a reading that shows it; without one a human is asked."""

    async def story() -> None:
        world, _ = await a_world()
        world.tenant.lag = timedelta(seconds=lag)
        await world.post(joiner("evt-1", NAME))
        written_at = world.clock.now()
        for _ in range(60):
            await work(world)
            world.clock.advance(timedelta(seconds=120))
        (stored,) = world.watch.cases.values()
        outcomes = {step.outcome: step for step in stored.steps if step.action == "enable"}
        assert len(world.tenant.writes) == 1
        if StepOutcome.DONE in outcomes:
            assert outcomes[StepOutcome.DONE].at >= written_at + timedelta(seconds=lag)
            assert outcomes[StepOutcome.DONE].after == PerUserMfaState.ENABLED
        else:
            assert StepOutcome.UNVERIFIED in outcomes
            assert stored.case.state is CaseState.PARKED
            assert stored.events[-1].reason == "change-unverified"
        assert world.watch.broken == []

    run(story())


@given(
    failures=st.lists(st.sampled_from(NOT_READ), max_size=5),
    hidden=st.booleans(),
    registered=st.booleans(),
)
def test_unknown_is_never_written_over(
    failures: list[LifecycleError],
    hidden: bool,  # noqa: FBT001  (drawn)
    registered: bool,  # noqa: FBT001  (drawn)
) -> None:
    """S4: while the state can't be read, nothing is written and nobody is called unregistered."""

    async def story() -> None:
        world, user = await a_world(registered=registered)
        if hidden:
            world.tenant.unknown.add(user)
        # The account is found; every reading after that fails.
        world.tenant.troubles = [None, *failures]
        await world.post(joiner("evt-1", NAME))
        await work(world)
        if hidden or failures:
            assert world.tenant.writes == []
            (stored,) = world.watch.cases.values()
            assert stored.case.state is CaseState.ACCEPTED
        await world.settle(OVER if registered else OVER | {CaseState.WAITING_REGISTRATION})
        await check_ends(world)
        assert len(world.tenant.writes) == 1

    run(story())


@given(
    switches=st.lists(
        st.tuples(st.sampled_from(Mode), st.sampled_from([0, 3, 6, 31, 400])), max_size=8
    ),
    registered=st.booleans(),
    crash=st.integers(0, 60),
)
def test_nothing_is_written_but_in_act(
    switches: list[tuple[Mode, int]],
    registered: bool,  # noqa: FBT001  (drawn)
    crash: int,
) -> None:
    """S6: a stop holds within ten seconds, whatever was cached, and loses nothing."""

    async def story() -> None:
        world, _ = await a_world(Mode.STOP, registered=registered)
        await world.post(joiner("evt-1", NAME))
        world.interruptions.plan = {crash: How.CRASH_AFTER}
        for number, (mode, seconds) in enumerate(switches):
            await world.set_mode(mode)
            world.clock.advance(timedelta(seconds=seconds))
            await world.timers()
            await work(world)
            world.tenant.add(f"{number}@contoso.example")
            await world.post(joiner(f"evt-of-{number}", f"{number}@contoso.example"))
            assert world.watch.broken == []
        if all(mode is not Mode.ACT for mode, _ in switches):
            assert world.tenant.writes == []
        await world.settle()
        await check_ends(world)
        cases = [stored.case for stored in world.watch.cases.values()]
        assert all(case.state is not CaseState.PARKED for case in cases)

    run(story())


@given(crash=st.integers(0, 30), mode=st.sampled_from([Mode.OBSERVE, Mode.STOP]))
def test_a_change_under_way_is_held_too(crash: int, mode: Mode) -> None:
    """S6: wherever a worker dies, its successor writes nothing once the mode has changed."""

    async def story() -> None:
        world, _ = await a_world(registered=True)
        await world.post(joiner("evt-1", NAME))
        world.interruptions.plan = {crash: How.CRASH_AFTER}
        await world.deliver(world.broker.queue[0])
        written = [*world.tenant.writes]
        await world.set_mode(mode)
        for _ in range(3):
            world.clock.advance(timedelta(seconds=90))
            await world.timers()
            await work(world)
        assert world.tenant.writes == written
        assert world.watch.broken == []
        await world.settle(OVER)
        await check_ends(world)

    run(story())


@given(
    days=st.integers(1, 100),
    jumps=st.lists(st.integers(1, 40 * 24).map(lambda hours: timedelta(hours=hours)), max_size=6),
)
def test_nothing_is_touched_before_the_start(days: int, jumps: list[timedelta]) -> None:
    """A person is neither looked up nor changed before their first day begins."""

    async def story() -> None:
        world, user = await a_world(registered=True)
        start = (NOW + timedelta(days=days)).replace(hour=0, minute=0)
        await world.post(joiner("evt-1", NAME, start=start))
        for jump in [timedelta(0), *jumps]:
            world.clock.advance(jump)
            await world.timers()
            await work(world)
            if world.clock.now() < start:
                assert world.tenant.people[user].state is PerUserMfaState.DISABLED
                assert [one.case.user_id for one in world.watch.cases.values()] == [None]
        assert world.watch.broken == []

    run(story())


async def test_an_unreadable_mode_is_stop() -> None:
    """S6: where nobody can tell the mode, nothing is written and nothing is lost."""
    world, _ = await a_world(registered=True)
    await world.post(joiner("evt-1", NAME))
    world.controls.down = True
    await work(world)
    assert world.tenant.writes == []
    world.controls.down = False
    await world.settle(OVER)
    await check_ends(world)
    assert len(world.tenant.writes) == 1


@pytest.mark.parametrize("registered", [True, False])
async def test_an_observed_case_tells_the_whole_story(*, registered: bool) -> None:
    """S6: observe mode changes nothing, waits for nobody, and tells what it would have done."""
    world, user = await a_world(Mode.OBSERVE, registered=registered)
    before = world.tenant.people[user]
    await world.post(joiner("evt-1", NAME))
    await work(world)
    (stored,) = world.watch.cases.values()
    assert stored.case.state is CaseState.COMPLETED
    assert {step.outcome for step in stored.steps[2:]} == {StepOutcome.WOULD}
    told = [step.action for step in stored.steps[2:] if "wait" not in step.action]
    assert told == ["would-enable", "would-enforce", "would-complete"]
    assert world.tenant.people[user] == before
    assert stored.events[-1].observed


@pytest.mark.parametrize("mode", [Mode.ACT, Mode.OBSERVE])
async def test_a_break_glass_account_is_refused_in_every_mode(mode: Mode) -> None:
    """S2: the account is never changed, and observe mode does not tell that it would be."""
    world, _ = await a_world(mode)
    world.tenant.add("root@contoso.example", user_id=PROTECTED)
    await world.post(joiner("evt-1", "root@contoso.example"))
    await work(world)
    (stored,) = world.watch.cases.values()
    assert stored.case.state is CaseState.REFUSED
    assert stored.events[-1].reason == "protected-account"
    assert [step.action for step in stored.steps] == ["accept", "refuse"]
    assert world.tenant.writes == []


class Lines(logging.Handler):
    """Keeps every log line."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.lines.append(f"{self.format(record)} {record.__dict__}")


digits = st.integers(0, 9999).map("206555{:04}".format)
names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=8, max_size=12).map("zq{}".format)


@given(digits=digits, mail=names, name=names, trouble=st.lists(st.sampled_from(NOT_READ)))
def test_nothing_confidential_is_left_behind(
    digits: str, mail: str, name: str, trouble: list[LifecycleError]
) -> None:
    """S7: no secret, phone number or address in a log line, message, event, case or parked one."""
    phone, address, upn = f"+1 {digits}", f"{mail}@example.com", f"{name}@contoso.example"

    async def story() -> list[str]:
        world, _ = await a_world()
        world.tenant.register(world.tenant.add(upn), MethodType.FIDO2)
        world.tenant.troubles = [*trouble]
        contact = {"mobile": phone, "email": address}
        body = json.dumps({**joiner("evt-1", upn), "contact": contact})
        now = datetime.now(UTC)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign("msg_1", now, body),
        }
        await world.hosts[0].accept_hr_event("demo", headers, body.encode())
        sent = [message.body.decode() for message in world.broker.queue]
        await world.settle(OVER)
        kept, _ = await world.parked.newest(None)
        (stored,) = world.watch.cases.values()
        views = repr(CaseView.of(stored.case, stored.steps))
        events = [event.body.decode() for event in world.broker.published.values()]
        return [*sent, *events, *map(repr, kept), views, repr(stored.steps)]

    seen = Lines()
    logger = logging.getLogger("shared")
    level = logger.level
    logger.addHandler(seen)
    logger.setLevel(logging.DEBUG)
    try:
        left = asyncio.run(story())
    finally:
        logger.removeHandler(seen)
        logger.setLevel(level)
    everything = "\n".join([*left, *seen.lines])
    for confidential in (digits, mail, name, SECRET, SECRET.removeprefix("whsec_")):
        assert confidential not in everything
