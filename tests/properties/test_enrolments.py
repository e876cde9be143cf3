"""Whatever the people, kills and repetitions: exactly one case each, so many a day, and no more."""

import asyncio
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.enrolment_request import decode_enrolment
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import CaseState
from shared.domain.control import Mode
from shared.domain.enrolment.people import PART
from shared.domain.plans import CaseKind
from tests.properties.enrolling import A_DAY, DONE, PLANNED, Enrolling, Kind
from tests.properties.interrupting import How
from tests.properties.world import OVER, leaver


def _one_protected(kinds: list[Kind]) -> list[Kind]:
    """There is one protected person in the world."""
    return [
        kind
        for number, kind in enumerate(kinds)
        if kind is not Kind.PROTECTED or kind not in kinds[:number]
    ]


kinds_of_people = st.lists(
    st.sampled_from([Kind.PLAIN, Kind.PLAIN, Kind.PLAIN, *Kind]), min_size=1, max_size=24
).map(_one_protected)


async def a_plan(kinds: list[Kind], *, by_group: bool = False, mode: Mode = Mode.ACT) -> Enrolling:
    """An enrolment that waits for its confirmation, where there is anybody to enrol."""
    enrolling = Enrolling(Random(7), kinds)  # noqa: S311  (a story, no secret)
    await enrolling.world.set_mode(mode)
    await enrolling.ask(by_group=by_group)
    await enrolling.go_on(PLANNED)
    return enrolling


def expected(kinds: list[Kind], *, by_group: bool) -> dict[str, int]:
    """What a plain count says of them. A repetition without anybody before it finds nobody."""
    counts: Counter[str] = Counter()
    free = 0
    for kind in kinds:
        if kind is Kind.TWICE:
            # The first plain person whom the list names by another name, if there is one.
            counts[kind if free else Kind.GONE] += 1
        else:
            counts[kind] += 1
            free += kind is Kind.PLAIN
    if by_group:
        for absent in (Kind.GONE, Kind.TWICE):
            counts.pop(absent, None)
    return {str(kind): count for kind, count in counts.items() if count}


async def check(enrolling: Enrolling, plain: int) -> None:
    """One case each, for plain people alone, so many a day, and the list tells which."""
    opened = enrolling.opened().values()
    users = Counter(case.user_id for case in opened)
    assert set(users.values()) <= {1}
    assert set(users) <= set(enrolling.people())
    assert len(users) == plain
    a_day = Counter(case.accepted_at.date() for case in opened)
    assert max(a_day.values(), default=0) <= A_DAY
    assert enrolling.world.watch.broken == []
    listed = await enrolling.listed()
    assert {one.case_id for one in listed if one.case_id} == set(enrolling.opened())
    assert [one for one in listed if one.passed_over or one.is_to_enrol] == []


@settings(max_examples=250, deadline=None)
@given(
    kinds=kinds_of_people,
    by_group=st.booleans(),
    broken=st.lists(
        st.dictionaries(st.integers(0, 150), st.sampled_from(How), max_size=4),
        min_size=2,
        max_size=2,
    ),
    chance=st.randoms(use_true_random=False),
)
def test_exactly_one_case_each_whatever_goes_wrong(
    kinds: list[Kind], *, by_group: bool, broken: list[dict[int, How]], chance: Random
) -> None:
    """Kills, lost answers and repeated deliveries at any operation leave the outcome as it is."""

    async def story() -> None:
        enrolling = Enrolling(chance, kinds)
        await enrolling.act()
        enrolling.world.interruptions.plan = dict(broken[0])
        await enrolling.ask(by_group=by_group)
        await enrolling.go_on(PLANNED, lossy=True)
        plain = expected(kinds, by_group=by_group).get(Kind.PLAIN, 0)
        assert dict(enrolling.plan.findings) == expected(kinds, by_group=by_group)
        if plain:
            assert enrolling.opened() == {}
            enrolling.world.interruptions.plan = {}
            await enrolling.confirm()
            enrolling.world.interruptions.plan = dict(broken[1])
        await enrolling.go_on(DONE, lossy=True)
        assert enrolling.case.state is CaseState.COMPLETED
        await check(enrolling, plain)

    asyncio.run(story())


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("by_group", [False, True])
async def test_each_operation_may_be_the_last_of_its_worker(how: How, *, by_group: bool) -> None:
    """A kill or a lost answer at every single operation, from the request to the end."""
    for number in range(150):
        enrolling = Enrolling(Random(7), [Kind.PLAIN, Kind.GUEST, Kind.PLAIN])  # noqa: S311  (a story, no secret)
        interruptions = enrolling.world.interruptions
        await enrolling.act()
        interruptions.plan = {number: how}
        await enrolling.ask(by_group=by_group)
        await enrolling.go_on(PLANNED)
        await enrolling.confirm()
        await enrolling.go_on(DONE)
        await check(enrolling, 2)
        if interruptions.plan:
            return  # The story is shorter than that.
    raise AssertionError("The story does not end.")


async def test_a_list_of_several_parts_is_one_list() -> None:
    """Nobody at the border of two parts is lost or doubled, and repetitions show across parts."""
    enrolling = await a_plan([Kind.PLAIN] * PART + [Kind.TWICE, Kind.GUEST, Kind.PLAIN])
    assert enrolling.plan.parts == 2
    assert enrolling.plan.findings == {"enrol": PART + 1, "guest-account": 1, "repeated": 1}
    await enrolling.confirm()
    await enrolling.go_on(DONE)
    await check(enrolling, PART + 1)
    days = {case.accepted_at.date() for case in enrolling.opened().values()}
    assert len(days) == -(-(PART + 1) // A_DAY)


async def test_people_are_enabled_and_wait_to_register() -> None:
    """The cases that were opened are onboardings like any other; contacts are never prepared."""
    enrolling = await a_plan([Kind.PLAIN, Kind.PLAIN, Kind.ENFORCED])
    await enrolling.confirm()
    await enrolling.world.settle(OVER | {CaseState.WAITING_REGISTRATION})
    states = [person.state for person in enrolling.world.tenant.people.values()]
    enabled, enforced = PerUserMfaState.ENABLED, PerUserMfaState.ENFORCED
    assert states == [enabled, enabled, enforced]
    assert enrolling.world.tenant.told == []
    for case in enrolling.opened().values():
        assert case.state is CaseState.WAITING_REGISTRATION
        assert case.deadline is not None
        assert case.deadline - case.accepted_at >= enrolling.world.settings.minimum_grace
    assert enrolling.world.watch.broken == []


async def test_observing_opens_cases_that_change_nothing() -> None:
    """In observe mode each case tells its own story, and nobody is written."""
    enrolling = await a_plan([Kind.PLAIN, Kind.PLAIN], mode=Mode.OBSERVE)
    await enrolling.confirm()
    for _ in range(40):
        for message in enrolling.world.broker.deliverable(enrolling.world.clock.now()):
            await enrolling.world.deliver(message)
        await enrolling.world.timers()
    assert enrolling.case.state is CaseState.COMPLETED
    assert enrolling.case.observed
    assert [case.observed for case in enrolling.opened().values()] == [True, True]
    assert enrolling.world.tenant.writes == []


async def test_what_a_sweep_asks_for_changes_nothing_while_onboarding_observes() -> None:
    """Nobody has to confirm it; that it is to mend people by default is no leave to act."""
    enrolling = Enrolling(Random(7), [Kind.PLAIN, Kind.PLAIN])  # noqa: S311  (a story, no secret)
    await enrolling.world.set_mode(Mode.OBSERVE)
    await enrolling.ask(unasked=2)
    for _ in range(40):
        for message in enrolling.world.broker.deliverable(enrolling.world.clock.now()):
            await enrolling.world.deliver(message)
        await enrolling.world.timers()
    assert enrolling.case.state is CaseState.COMPLETED
    assert [case.observed for case in enrolling.opened().values()] == [True, True]
    assert enrolling.world.tenant.writes == []


@pytest.mark.parametrize("what", ["blocked", "leaves", "gone", "enforced"])
async def test_people_who_changed_since_the_plan_are_passed_over(what: str) -> None:
    """The plan says whom at most; each is looked at again just before their case is opened."""
    enrolling = await a_plan([Kind.PLAIN, Kind.PLAIN])
    world, user = enrolling.world, enrolling.people()[0]
    name = world.tenant.people[user].name
    match what:
        case "blocked":
            world.tenant.block(user)
        case "leaves":
            await world.post(leaver("evt-1", name, at=world.clock.now()))
            (message,) = (
                one
                for one in world.broker.deliverable(world.clock.now())
                if b'"resets"' in one.body
            )
            await world.deliver(message)
        case "gone":
            world.tenant.remove(user)
        case _:
            world.tenant.found_in(user, PerUserMfaState.ENFORCED)
    await enrolling.confirm()
    await enrolling.go_on(DONE)
    assert [case.user_id for case in enrolling.opened().values()] == enrolling.people()[-1:]
    assert [one.passed_over is not None for one in await enrolling.listed()] == [True, False]


async def test_who_joined_the_group_after_the_plan_is_not_enrolled() -> None:
    """What was planned is what is done."""
    enrolling = await a_plan([Kind.PLAIN], by_group=True)
    late = enrolling.world.tenant.add("late@contoso.example")
    enrolling.world.tenant.members[enrolling.group].add(late)
    await enrolling.confirm()
    await enrolling.go_on(DONE)
    assert late not in {case.user_id for case in enrolling.opened().values()}
    assert len(enrolling.opened()) == 1


async def test_who_has_an_open_onboarding_gets_no_second_one() -> None:
    """Neither from HR's event before nor from another enrolment."""
    first = await a_plan([Kind.PLAIN, Kind.PLAIN])
    await first.confirm()
    await first.go_on(DONE)
    world = first.world
    body = b'{"users":["%s"]}' % first.people()[0].encode()
    again = await world.hosts[0].request_enrolment(decode_enrolment(body), "admin-2")
    for message in world.broker.deliverable(world.clock.now()):
        await world.deliver(message)
    stored = await world.hosts[0].read_case(again.case_id)
    assert stored.case.state is CaseState.COMPLETED
    assert stored.case.plan.kind is CaseKind.ENROLMENT
    assert "open-case 1" in (stored.steps[-1].detail or "")
