"""A leaver's case, whatever happens around it: nothing too early, nothing weakened, all is told."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.approvals import plan_hash
from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.cases import ENDED, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects.methods import RemoveMethod
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import AccountNotVisible, DirectoryUnavailable, Throttled
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from tests.builders import NOW
from tests.fakes.person import PASSWORD
from tests.properties.interrupting import How
from tests.properties.world import OVER, PROTECTED, World, joiner, leaver

NAME = "robin@contoso.example"
METHODS = (
    MethodType.MICROSOFT_AUTHENTICATOR,
    MethodType.PHONE,
    MethodType.SOFTWARE_OATH,
    MethodType.FIDO2,
    MethodType.EMAIL,
)
TROUBLES: tuple[LifecycleError | None, ...] = (
    None,
    Throttled("429"),
    DirectoryUnavailable("503"),
    AccountNotVisible("404"),
)
WAITING = OVER | {CaseState.WAITING_DISABLED, CaseState.OVERDUE, CaseState.AWAITING_APPROVAL}


async def a_world(mode: Mode = Mode.ACT, *methods: MethodType) -> tuple[World, UserId]:
    """A world with one person, who is enforced."""
    world = World(Random(0))  # noqa: S311  (which replica answers is no secret)
    await world.set_mode(mode)
    user = world.tenant.add(NAME)
    world.tenant.found_in(user, PerUserMfaState.ENFORCED)
    for method in methods:
        world.tenant.register(user, method)
    return world, user


def run(story: Coroutine[Any, Any, None]) -> None:
    """Run a story to its end."""
    asyncio.run(story)


def the_state(world: World) -> CaseState:
    """Where the only case stands."""
    (stored,) = world.watch.cases.values()
    return stored.case.state


async def approve(world: World) -> None:
    """Somebody who has no part in the case agrees to it."""
    (stored,) = world.watch.cases.values()
    case = stored.case
    await world.hosts[1].approve_case(case.case_id, plan_hash(case), "approver")


def removals(world: World) -> list[MethodType]:
    """The methods that were removed, in order."""
    return [one.method_type for _, one in world.tenant.writes if isinstance(one, RemoveMethod)]


async def test_a_leaver_loses_sessions_and_then_methods_and_keeps_mfa() -> None:
    """Nothing before the moment; methods only after the account is disabled and a day passed."""
    world, user = await a_world(Mode.ACT, *METHODS)
    moment = world.clock.now() + timedelta(days=2)
    await world.post(leaver("evt-1", NAME, at=moment))
    await world.settle(OVER | {CaseState.WAITING_EFFECTIVE})
    assert world.tenant.writes == []
    world.clock.advance_to(moment)
    await world.settle(WAITING)
    assert [type(effect) for _, effect in world.tenant.writes] == [RevokeSessions]
    assert world.tenant.people[user].sessions_valid_from >= moment
    world.tenant.block(user)
    await world.settle(OVER)
    assert the_state(world) is CaseState.COMPLETED
    assert world.tenant.people[user].methods == (PASSWORD,)
    assert world.tenant.people[user].state is PerUserMfaState.ENFORCED
    assert world.watch.broken == []


async def test_the_default_goes_last_whatever_it_is() -> None:
    """A method that the directory keeps as the default is put off, and removed at the end."""
    world, user = await a_world(Mode.ACT, MethodType.SOFTWARE_OATH, MethodType.PHONE)
    world.tenant.block(user)
    await world.post(leaver("evt-1", NAME, at=world.clock.now() - timedelta(days=2)))
    await world.settle(OVER)
    assert removals(world) == [MethodType.PHONE, MethodType.SOFTWARE_OATH]
    (stored,) = world.watch.cases.values()
    removal = [step for step in stored.steps if step.action == "remove-methods"]
    assert [step.outcome for step in removal] == [StepOutcome.BEGUN, StepOutcome.DONE]


async def test_a_method_of_an_unknown_type_waits_for_a_human() -> None:
    """What nobody knows how to remove is never called removed; all others are gone."""
    world, user = await a_world(Mode.ACT, MethodType.UNRECOGNISED, MethodType.FIDO2)
    world.tenant.block(user)
    await world.post(leaver("evt-1", NAME, at=world.clock.now() - timedelta(days=2)))
    await world.settle(OVER)
    (stored,) = world.watch.cases.values()
    assert stored.case.state is CaseState.PARKED
    assert stored.events[-1].reason == "method-not-removable"
    assert removals(world) == [MethodType.FIDO2]


async def test_open_cases_about_the_person_are_cancelled_and_both_tell() -> None:
    """The leaver's case has precedence: the onboarding stops, with each other's id in the audit."""
    world, user = await a_world()
    world.tenant.found_in(user, PerUserMfaState.DISABLED)
    await world.post(joiner("evt-1", NAME))
    await world.settle()
    await world.post(leaver("evt-2", NAME, at=world.clock.now()))
    await world.settle(WAITING)
    onboarding, leaving = world.watch.cases.values()
    assert onboarding.case.state is CaseState.CANCELLED
    assert world.published(onboarding.case.case_id, EventType.CANCELLED) == 1
    assert leaving.case.case_id in (onboarding.steps[-1].detail or "")
    told = [step.after for step in leaving.steps if step.action == "cancel-case"]
    assert told == [onboarding.case.case_id]
    assert world.watch.broken == []


@pytest.mark.parametrize("special", ["privileged", "manager"])
async def test_a_person_whom_a_mistake_would_hurt_needs_an_approval(special: str) -> None:
    """Before it nothing is written; after it the case goes on."""
    world, user = await a_world(Mode.ACT, MethodType.FIDO2)
    if special == "privileged":
        world.privileges.held[user] = Privilege.ROLE
    else:
        world.tenant.add("kim@contoso.example", manager=user)
    world.tenant.block(user)
    await world.post(leaver("evt-1", NAME, at=world.clock.now()))
    await world.settle(WAITING)
    assert the_state(world) is CaseState.AWAITING_APPROVAL
    assert world.tenant.writes == []
    await approve(world)
    world.clock.advance(timedelta(minutes=1))
    await world.settle(OVER | {CaseState.AWAITING_APPROVAL})
    assert world.tenant.people[user].sessions_valid_from >= NOW
    if special == "privileged":
        # A day later the first approval has expired: removing methods needs its own (S2).
        assert the_state(world) is CaseState.AWAITING_APPROVAL
        assert removals(world) == []
        await approve(world)
        await world.settle(OVER)
    assert the_state(world) is CaseState.COMPLETED
    assert removals(world) == [MethodType.FIDO2]


async def test_who_is_not_in_the_directory_has_left_already() -> None:
    """Not found, twice, is success, and the case says so."""
    world, _ = await a_world()
    await world.post(leaver("evt-1", "nobody@contoso.example", at=world.clock.now()))
    await world.settle(OVER)
    (stored,) = world.watch.cases.values()
    assert stored.case.state is CaseState.COMPLETED
    assert "is not there" in (stored.steps[-1].detail or "")


async def test_an_account_that_is_never_disabled_is_overdue() -> None:
    """It is told once, nothing is removed, and disabling it later completes the case."""
    world, user = await a_world(Mode.ACT, MethodType.FIDO2)
    await world.post(leaver("evt-1", NAME, at=world.clock.now()))
    await world.settle(OVER | {CaseState.OVERDUE})
    (case_id,) = world.watch.cases
    assert the_state(world) is CaseState.OVERDUE
    assert world.published(case_id, EventType.OVERDUE) == 1
    assert removals(world) == []
    world.tenant.block(user)
    await world.settle(OVER)
    assert the_state(world) is CaseState.COMPLETED
    assert removals(world) == [MethodType.FIDO2]


@pytest.mark.parametrize("days", [-31, 181])
async def test_an_implausible_date_waits_for_a_human(days: int) -> None:
    """A date far away is parked; who replays it takes it as it is."""
    world, _ = await a_world()
    await world.post(leaver("evt-1", NAME, at=world.clock.now() + timedelta(days=days)))
    await world.settle(OVER)
    (stored,) = world.watch.cases.values()
    assert stored.events[-1].reason == "date-implausible"
    assert world.tenant.writes == []
    (kept,), _ = await world.parked.newest(None)
    await world.hosts[1].replay_parked(kept.parked_id, "admin")
    world.clock.advance(timedelta(minutes=1))
    await world.settle(OVER | {CaseState.WAITING_EFFECTIVE, CaseState.WAITING_DISABLED})
    assert the_state(world) in {CaseState.WAITING_EFFECTIVE, CaseState.WAITING_DISABLED}


async def test_a_break_glass_account_is_refused() -> None:
    """Whatever HR says, the account is not touched, and the refusal is on the record."""
    world, _ = await a_world()
    world.tenant.add("root@contoso.example", user_id=PROTECTED)
    await world.post(leaver("evt-1", "root@contoso.example", at=world.clock.now()))
    await world.settle(OVER)
    (stored,) = world.watch.cases.values()
    assert stored.case.state is CaseState.REFUSED
    assert stored.events[-1].reason == "protected-account"
    assert world.tenant.writes == []


@pytest.mark.parametrize(("number", "state"), [(None, "parked"), ("e-1", "waiting-disabled")])
async def test_a_number_has_to_be_the_accounts_own(number: str | None, state: str) -> None:
    """In any case; an account that bears none is looked at by a human before it is touched."""
    world = World(Random(0))  # noqa: S311  (which replica answers is no secret)
    await world.set_mode(Mode.ACT)
    world.tenant.add(NAME, employee_id=number)
    await world.post({**leaver("evt-1", NAME, at=world.clock.now()), "employeeId": "E-1"})
    await world.settle(WAITING)
    (stored,) = world.watch.cases.values()
    assert the_state(world) == state
    assert (stored.events[-1].reason == "identity-mismatch") is (state == "parked")
    assert (world.tenant.writes == []) is (state == "parked")


@pytest.mark.parametrize("privilege", [Privilege.NONE, Privilege.ROLE])
async def test_observing_tells_the_whole_story_and_changes_nothing(privilege: Privilege) -> None:
    """Every step says `would`; the case waits for nobody."""
    world, user = await a_world(Mode.OBSERVE, MethodType.FIDO2)
    world.privileges.held[user] = privilege
    before = world.tenant.people[user]
    await world.post(leaver("evt-1", NAME, at=world.clock.now()))
    while messages := world.broker.deliverable(world.clock.now()):
        await world.deliver(messages[0])
    (stored,) = world.watch.cases.values()
    assert stored.case.state is CaseState.COMPLETED
    assert {step.outcome for step in stored.steps[2:]} == {StepOutcome.WOULD}
    told = [step.action for step in stored.steps[2:]]
    asks = ["would-ask-for-approval"] if privilege is not Privilege.NONE else []
    rest = ["would-revoke-sessions", "would-wait-for-disabled", "would-complete"]
    assert told == [*asks, *rest]
    assert "fido2" in (stored.steps[-1].detail or "")
    assert world.tenant.people[user] == before


@given(
    methods=st.lists(st.sampled_from([*METHODS, MethodType.WINDOWS_HELLO]), max_size=4),
    late=st.sampled_from([timedelta(days=-3), timedelta(0), timedelta(days=5)]),
    troubles=st.lists(st.sampled_from(TROUBLES), max_size=8),
    broken=st.dictionaries(st.integers(0, 60), st.sampled_from(How), max_size=4),
    blocked_at=st.integers(0, 6),
    special=st.booleans(),
    jumps=st.lists(st.sampled_from([1, 6, 61, 3601, 40_000, 90_000]), min_size=4, max_size=7),
)
def test_no_trouble_makes_it_early_weak_or_silent(
    *,
    methods: list[MethodType],
    late: timedelta,
    troubles: list[LifecycleError | None],
    broken: dict[int, How],
    blocked_at: int,
    special: bool,
    jumps: list[int],
) -> None:
    """Crashes, lost answers and failed readings at any place: the watch sees nothing broken.

    The watch checks each write: not before the moment, no method within a day of it, never the MFA
    state, under the lease, announced before. What needs an approval has one.
    """

    async def story() -> None:
        world, user = await a_world(Mode.ACT, *methods)
        if special:
            world.privileges.held[user] = Privilege.ELIGIBLE
        moment: datetime = world.clock.now() + late
        await world.post(leaver("evt-1", NAME, at=moment))
        world.tenant.troubles = [*troubles]
        world.interruptions.plan = dict(broken)
        for number, jump in enumerate(jumps):
            if number == blocked_at:
                world.tenant.block(user)
            while messages := world.broker.deliverable(world.clock.now()):
                await world.deliver(messages[0])
            assert not special or world.tenant.writes == []
            blocked = not world.tenant.people[user].account.enabled
            assert blocked or removals(world) == []
            world.clock.advance(timedelta(seconds=jump))
            await world.timers()
        world.tenant.block(user)
        await world.settle(OVER | {CaseState.AWAITING_APPROVAL})
        for _ in range(2 * special):
            if the_state(world) is CaseState.AWAITING_APPROVAL:
                await approve(world)
                await world.settle(OVER | {CaseState.AWAITING_APPROVAL})
        (stored,) = world.watch.cases.values()
        assert world.watch.broken == []
        assert world.tenant.people[user].state is PerUserMfaState.ENFORCED
        assert stored.case.state in ENDED | {CaseState.PARKED}
        ends = {EventType.COMPLETED, EventType.PARKED}
        assert stored.events[-1].type in ends
        if stored.case.state is CaseState.COMPLETED:
            assert world.tenant.people[user].methods == (PASSWORD,)

    run(story())


async def test_another_date_is_met_though_hr_tells_a_name_alone() -> None:
    """Nobody was looked up yet, so the two events meet by the name: the later date counts."""
    world, user = await a_world()
    now = world.clock.now()
    for number, days in (("evt-1", 5), ("evt-2", 40)):
        await world.post(leaver(number, NAME, at=now + timedelta(days=days)))
        world.clock.advance(timedelta(hours=1))
    world.clock.advance(timedelta(days=6))
    await world.settle(WAITING | {CaseState.WAITING_EFFECTIVE})
    assert world.tenant.writes == []
    first, second = (stored.case for stored in world.watch.cases.values())
    assert first.gives_way_to == second.case_id
    assert second.state is CaseState.WAITING_EFFECTIVE
    world.clock.advance(timedelta(days=40))
    await world.settle(WAITING)
    assert world.watch.cases[first.case_id].case.state is CaseState.SUPERSEDED
    assert user in world.tenant.people
