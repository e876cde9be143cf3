"""What HR has announced of a person counts before its day, whatever HR calls them."""

import json
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import CaseState
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.ids import EmployeeId, UserId
from shared.domain.plans import CaseKind
from shared.settings import Settings
from tests.properties.enrolling import DONE, PLANNED, Enrolling, Kind
from tests.properties.exempting import (
    DAY,
    DISABLED,
    ENABLED,
    ENFORCED,
    NAMES,
    TICK,
    a_world,
    approve,
    ask,
    deliver_all,
    ends_as,
    exempt_for_a_week,
    goes_by,
    stands,
)
from tests.properties.world import ENVIRONMENT, SETTINGS, World

NAME = {"userPrincipalName": NAMES[0].upper()}
NUMBER = {"employeeId": "E-1"}
WORDS = [NAME, NUMBER, {**NAME, **NUMBER}]
"""By name, by number, by both."""
A_LEAVER, A_JOINER, A_REHIRE = "leaver", "joiner", "rehire"
REHIRING = Settings.from_environment(
    {**ENVIRONMENT, "HR_SOURCE_DEMO": json.dumps({"types": [A_JOINER, A_LEAVER, A_REHIRE]})}
)


async def a_company(
    settings: Settings = REHIRING, *, number: str | None = "E-1"
) -> tuple[World, UserId]:
    """A world whose first person bears an employee id, or none."""
    world = a_world(Random(0), settings)  # noqa: S311  (which replica answers is no secret)
    await world.set_mode(Mode.ACT)
    user = world.user(NAMES[0])
    assert user is not None
    bear(world, user, number)
    return world, user


def bear(world: World, user: UserId, number: str | None) -> None:
    """The directory holds this employee id of a person."""
    person = world.tenant.people[user]
    bears = None if number is None else EmployeeId(number)
    account = replace(person.account, employee_id=bears)
    world.tenant.people[user] = replace(person, account=account)


async def announce(
    world: World, words: dict[str, str], ahead: timedelta, *, type_: str = A_LEAVER
) -> None:
    """HR tells what becomes of somebody in some days, and the case waits for that day."""
    moment = world.clock.now() + ahead
    dated = (
        {"effectiveAt": moment.isoformat()}
        if type_ == A_LEAVER
        else {"startDate": moment.date().isoformat()}
    )
    event: dict[str, Any] = {"id": f"{type_}-{ahead}", "type": type_, **words, **dated}
    await world.post(event)
    await deliver_all(world)


async def ask_for_a_week(world: World, user: UserId) -> CaseState:
    """The helpdesk asks for an exemption; where it stands then."""
    await ask(world, user, 7 * DAY)
    await deliver_all(world)
    return stands(world, CaseKind.EXEMPTION)


async def say_yes(world: World) -> None:
    """Somebody approves the exemption."""
    (case_id,) = (
        one.case.case_id
        for one in world.watch.cases.values()
        if one.case.kind is CaseKind.EXEMPTION
    )
    await approve(world, case_id)
    await deliver_all(world)


def kept_to(domain: str) -> Settings:
    """The settings of a company whose HR may speak of one domain."""
    profile = {"types": [A_JOINER, A_LEAVER], "domains": [domain]}
    return Settings.from_environment({**ENVIRONMENT, "HR_SOURCE_DEMO": json.dumps(profile)})


KEPT_APART, KEPT_TO_ALL = kept_to("agency.example"), kept_to("contoso.example")
"""The HR of an agency, which tells of numbers that mean other people here; that of the company."""


# --- Exemptions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", WORDS)
async def test_who_is_announced_to_leave_is_not_exempt(words: dict[str, str]) -> None:
    """HR says so days before, by name, by number or both, and nobody is asked to approve it."""
    world, user = await a_company()
    await announce(world, words, 5 * DAY)
    assert await ask_for_a_week(world, user) is CaseState.REFUSED
    assert stands(world, CaseKind.LEAVER) is CaseState.WAITING_EFFECTIVE
    assert world.tenant.people[user].state is ENFORCED
    assert world.watch.broken == []


async def test_a_leaver_told_by_both_is_found_by_the_name_of_an_account_without_number() -> None:
    """They will be seen off, so they are not exempt."""
    world, user = await a_company(number=None)
    await announce(world, {**NAME, **NUMBER}, 5 * DAY)
    assert await ask_for_a_week(world, user) is CaseState.REFUSED


@pytest.mark.parametrize("words", WORDS)
async def test_who_is_announced_to_leave_before_the_approval_is_not_exempt(
    words: dict[str, str],
) -> None:
    """What the approver agreed to is looked at once more before it is done."""
    world, user = await a_company()
    assert await ask_for_a_week(world, user) is CaseState.AWAITING_APPROVAL
    await announce(world, words, 5 * DAY)
    await say_yes(world)
    assert stands(world, CaseKind.EXEMPTION) is CaseState.REFUSED
    assert world.tenant.people[user].state is ENFORCED


@pytest.mark.parametrize("words", WORDS)
async def test_who_is_announced_to_leave_after_the_approval_is_not_exempt(
    words: dict[str, str],
) -> None:
    """While exemptions are stopped an approved one has not begun, and it does not begin then."""
    world, user = await a_company()
    assert await ask_for_a_week(world, user) is CaseState.AWAITING_APPROVAL
    await allow_exemptions(world, Mode.STOP)
    await say_yes(world)
    assert stands(world, CaseKind.EXEMPTION) is CaseState.ACCEPTED
    await announce(world, words, 5 * DAY)
    await allow_exemptions(world, Mode.ACT)
    await goes_by(world, timedelta(minutes=10), timedelta(minutes=2))
    assert stands(world, CaseKind.EXEMPTION) is CaseState.REFUSED
    assert world.tenant.people[user].state is ENFORCED


async def allow_exemptions(world: World, mode: Mode) -> None:
    """Operators set what exemptions may do, and every host has heard of it."""
    old = await world.controls.entry(Capability.EXEMPTION)
    await world.controls.replace(Capability.EXEMPTION, old, ControlEntry(mode=mode))
    world.clock.advance(timedelta(minutes=1))


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("blocked", [True, False])
async def test_an_exemption_in_force_ends_on_time_for_whom_hr_announces_to_leave(
    words: dict[str, str], *, blocked: bool
) -> None:
    """MFA is put back at its end; whose account is blocked by then is not written."""
    world, user = await exempt_for_a_week()
    bear(world, user, "E-1")
    await announce(world, words, 5 * DAY)
    await goes_by(world, 5 * DAY + TICK, TICK)
    assert stands(world, CaseKind.LEAVER) is CaseState.WAITING_DISABLED
    assert stands(world, CaseKind.EXEMPTION) is CaseState.ACTIVE
    if blocked:
        world.tenant.block(user)
    await goes_by(world, 2 * DAY, TICK)
    assert ends_as(world, user, DISABLED if blocked else ENABLED)


@pytest.mark.parametrize(
    "words",
    [
        {"userPrincipalName": NAMES[1]},
        {"employeeId": "E-2"},
        {**NAME, "employeeId": "E-2"},
    ],
)
async def test_whom_hr_does_not_mean_is_exempt(words: dict[str, str]) -> None:
    """Another name, another number; nor does a name count beside another number."""
    world, user = await a_company()
    await announce(world, words, 5 * DAY)
    assert await ask_for_a_week(world, user) is CaseState.AWAITING_APPROVAL


@pytest.mark.parametrize("there", [True, False])
async def test_who_inherits_the_name_of_somebody_who_has_left_is_exempt(*, there: bool) -> None:
    """A name changes hands: the case of whoever bore it before says nothing about them.

    Nor does one that found nobody of the name when its day came.
    """
    world, former = await a_company(number=None)
    if not there:
        world.tenant.remove(former)
    await announce(world, NAME, timedelta(0))
    await goes_by(world, 3 * DAY, TICK)
    if there:
        world.tenant.block(former)
        await goes_by(world, 3 * DAY, TICK)
        world.tenant.remove(former)
    assert stands(world, CaseKind.LEAVER) is CaseState.COMPLETED
    heir = world.tenant.add(NAMES[0], user_id="d0000000-0000-4000-8000-000000000001")
    world.tenant.found_in(heir, ENFORCED)
    assert await ask_for_a_week(world, heir) is CaseState.AWAITING_APPROVAL


@pytest.mark.parametrize("words", WORDS)
async def test_who_is_announced_to_leave_and_is_back_by_then_is_exempt(
    words: dict[str, str],
) -> None:
    """HR's word that they are hired anew counts from its day on, in whatever words."""
    world, user = await a_company()
    await announce(world, words, 20 * DAY)
    await goes_by(world, DAY, TICK)
    await announce(world, NUMBER if words is NAME else NAME, DAY, type_=A_REHIRE)
    await goes_by(world, 3 * DAY, TICK)
    assert await ask_for_a_week(world, user) is CaseState.AWAITING_APPROVAL


@pytest.mark.parametrize("days", [0, 6])
async def test_whom_a_source_may_not_touch_it_keeps_from_nothing(days: int) -> None:
    """Before the day that it tells, and after it, when nobody was found inside its domains."""
    world, user = await a_company(KEPT_APART)
    await announce(world, NUMBER, 5 * DAY)
    await goes_by(world, days * DAY, TICK)
    assert await ask_for_a_week(world, user) is CaseState.AWAITING_APPROVAL


# --- Enrolments -----------------------------------------------------------------------------------


async def an_enrolment(
    settings: Settings = SETTINGS,
) -> tuple[Enrolling, dict[str, str], dict[str, str]]:
    """Two people, nobody of them looked at yet; the first one's name and number."""
    chance = Random(7)  # noqa: S311  (a story, no secret)
    enrolling = Enrolling(chance, [Kind.PLAIN, Kind.PLAIN], settings=settings)
    world = enrolling.world
    await world.set_mode(Mode.ACT)
    user = enrolling.people()[0]
    bear(world, user, "E-1")
    return enrolling, {"userPrincipalName": world.tenant.people[user].name}, NUMBER


@pytest.mark.parametrize("type_", [A_LEAVER, A_JOINER])
async def test_an_enrolment_gives_way_to_a_source_inside_its_domains(type_: str) -> None:
    """Though its case has found nobody yet: what HR tells has a date, contacts and a deadline."""
    enrolling, name, _ = await an_enrolment(KEPT_TO_ALL)
    world, user = enrolling.world, enrolling.people()[0]
    await enrolling.ask()
    await enrolling.go_on(PLANNED)
    await enrolling.confirm()
    await enrolling.go_on(DONE)
    await announce(world, name, 5 * DAY, type_=type_)
    await goes_by(world, timedelta(minutes=20), timedelta(minutes=5))
    (case,) = (case for case in enrolling.opened().values() if case.user_id == user)
    assert (case.state, case.gives_way_to) == (CaseState.ACCEPTED, list(world.watch.cases)[-1])


@pytest.mark.parametrize("type_", [A_LEAVER, A_JOINER])
async def test_whom_a_source_may_not_touch_it_keeps_out_of_no_enrolment(type_: str) -> None:
    """Who holds its secret could else keep anybody without MFA, by their number alone."""
    enrolling, _, number = await an_enrolment(KEPT_APART)
    await announce(enrolling.world, number, 170 * DAY, type_=type_)
    await enrolling.ask()
    await enrolling.go_on(PLANNED)
    assert enrolling.plan.findings == {"enrol": 2}


@pytest.mark.parametrize("type_", [A_LEAVER, A_JOINER])
@pytest.mark.parametrize("told", ["name", "number", "both"])
async def test_whom_hr_has_something_open_about_is_not_planned(type_: str, told: str) -> None:
    """A leaver's or a joiner's case of next week keeps them out, whatever HR calls them."""
    enrolling, name, number = await an_enrolment()
    words = {"name": name, "number": number, "both": {**name, **number}}[told]
    await announce(enrolling.world, words, 5 * DAY, type_=type_)
    await enrolling.ask()
    await enrolling.go_on(PLANNED)
    assert enrolling.plan.findings == {"open-case": 1, "enrol": 1}


@pytest.mark.parametrize("type_", [A_LEAVER, A_JOINER])
@pytest.mark.parametrize("told", ["name", "number", "both"])
async def test_whom_hr_announces_after_the_plan_is_passed_over(type_: str, told: str) -> None:
    """Each is looked at once more just before their case is opened."""
    enrolling, name, number = await an_enrolment()
    words = {"name": name, "number": number, "both": {**name, **number}}[told]
    await enrolling.ask()
    await enrolling.go_on(PLANNED)
    assert enrolling.plan.findings == {"enrol": 2}
    await announce(enrolling.world, words, 5 * DAY, type_=type_)
    await enrolling.confirm()
    await enrolling.go_on(DONE)
    assert [case.user_id for case in enrolling.opened().values()] == enrolling.people()[-1:]


@pytest.mark.parametrize("type_", [A_LEAVER, A_JOINER])
@pytest.mark.parametrize("told", ["name", "number", "both"])
async def test_the_case_that_was_opened_gives_way_to_hr(type_: str, told: str) -> None:
    """What HR tells before the case has changed anything goes before it."""
    enrolling, name, number = await an_enrolment()
    world, user = enrolling.world, enrolling.people()[0]
    words = {"name": name, "number": number, "both": {**name, **number}}[told]
    await enrolling.ask()
    await enrolling.go_on(PLANNED)
    await enrolling.confirm()
    await enrolling.go_on(DONE)  # The messages of the people's cases are lost.
    await announce(world, words, 5 * DAY, type_=type_)
    await goes_by(world, timedelta(minutes=20), timedelta(minutes=5))
    cases = {case.user_id: case for case in enrolling.opened().values()}
    assert cases.pop(user).gives_way_to == list(world.watch.cases)[-1]
    assert [case.state for case in cases.values()] == [CaseState.WAITING_REGISTRATION]
    assert world.tenant.people[user].state is PerUserMfaState.DISABLED
    assert world.watch.broken == []
