"""Contact data lands on nobody who might be using the account, whatever HR sends and happens."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.authentication import MethodType, PerUserMfaState, Unknown
from shared.domain.cases import CaseState, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    DirectoryUnavailable,
    PermissionMissing,
    RequestRejected,
    Throttled,
)
from shared.domain.ids import GroupId, UserId
from shared.domain.people.standing import Privilege
from shared.domain.plans import LeaverPlan, OnboardingPlan
from shared.settings import Settings
from tests.builders import NOW
from tests.properties.interrupting import How
from tests.properties.world import OVER, PROTECTED, SECRET, World, joiner, leaver

NAME = "robin@contoso.example"
DOMAINS = frozenset({"contoso.example", "contoso.test"})
SSPR = "c0000000-0000-4000-8000-000000000001"
REGISTRATION = "c0000000-0000-4000-8000-000000000002"
ENFORCEMENT = "c0000000-0000-4000-8000-000000000003"
PREPARING = {
    "MFA_TENANT_ID": "3f0c9a52-8a39-4b4c-8d8d-0a8f6c1f2b11",
    "TABLES_ENDPOINT": "https://contoso.table.example",
    "ServiceBusConnection__fullyQualifiedNamespace": "contoso.servicebus.example",
    "MFA_BREAK_GLASS_IDS": PROTECTED,
    "MFA_CHECK_MOST_HOURS": "24",
    "MFA_ATTEMPTS": "5",
    "MFA_SSPR_GROUP_ID": SSPR,
    "HR_SOURCE_DEMO": '{"preparation": ["email", "mobile"]}',
    "HR_SECRET_DEMO_1": SECRET,
}
BY_GROUP = {
    **PREPARING,
    "MFA_STRATEGY": "group",
    "MFA_REGISTRATION_GROUP_ID": REGISTRATION,
    "MFA_ENFORCEMENT_GROUP_ID": ENFORCEMENT,
}
DAY = timedelta(days=1)
TROUBLES: tuple[LifecycleError | None, ...] = (
    None,
    Throttled("429"),
    DirectoryUnavailable("503"),
    PermissionMissing("403"),
    RequestRejected("400"),
)


def mostly(good: object, *others: object) -> st.SearchStrategy[Any]:
    """What speaks for preparation, and now and then what does not: near misses find most."""
    return st.sampled_from([good] * 5 * len(others) + [*others])


employees = mostly("E1", None, "E2")
contacts = st.fixed_dictionaries(
    {
        "mobile": mostly("+12065550142", "+1 2065550142", "2065550142", "call me", None),
        "email": st.sampled_from(
            ["kim@example.org", "kim@contoso.example", "kim@mail.CONTOSO.test", "kim", None]
        ),
    },
)
tenants = st.fixed_dictionaries(
    {
        "employee_id": employees,
        "age": mostly(0 * DAY, None, 29 * DAY, 30 * DAY, 400 * DAY),
        "signed_in": mostly(False, True),  # noqa: FBT003  (drawn)
        "password": mostly(timedelta(0), timedelta(hours=2)),
        "methods": mostly([], *([method] for method in MethodType)),
        "privilege": mostly(Privilege.NONE, Privilege.ROLE, Unknown("No permission.")),
        "licensed": mostly(True, False),  # noqa: FBT003  (drawn)
        "domains": mostly(DOMAINS, None),
        "state": mostly(*PerUserMfaState),
        "lag": mostly(0, 3, 40),
    }
)
events = st.fixed_dictionaries(
    {
        "employeeId": employees,
        "contact": contacts,
        "days": mostly(None, -2, 0, 10, 29, 31, 60),
    }
)
interruptions: st.SearchStrategy[dict[int, How]] = st.just({}) | st.dictionaries(
    st.integers(0, 40), st.sampled_from(How), max_size=3
)


def run(story: Coroutine[Any, Any, None]) -> None:
    """Run a story to its end."""
    asyncio.run(story)


def a_world(tenant: dict[str, Any], environment: dict[str, str]) -> tuple[World, UserId]:
    """A world with one person, as drawn."""
    world = World(Random(0), Settings.from_environment(environment))  # noqa: S311  (no secret)
    for group in (SSPR, REGISTRATION, ENFORCEMENT):
        world.tenant.add_group(group)
    user = world.tenant.add(NAME, employee_id=tenant["employee_id"])
    world.privileges.held[user] = tenant["privilege"]
    world.tenant.tells_sign_ins = tenant["licensed"]
    world.tenant.domains = tenant["domains"]
    world.tenant.lag = timedelta(seconds=tenant["lag"])
    for method in tenant["methods"]:
        world.tenant.register(user, method)
    world.tenant.people[user] = replace(
        world.tenant.people[user],
        created_at=None if tenant["age"] is None else NOW - tenant["age"],
        has_signed_in=tenant["signed_in"],
        password_changed_at=NOW - (tenant["age"] or timedelta(0)) + tenant["password"],
        state=tenant["state"],
    )
    return world, user


def an_event(drawn: dict[str, Any]) -> dict[str, Any]:
    """A joiner's event, as drawn."""
    days = drawn["days"]
    told = joiner("evt-1", NAME, start=None if days is None else NOW + days * DAY)
    return {
        **told,
        "employeeId": drawn["employeeId"],
        "contact": drawn["contact"],
    }


def check_prepared(world: World, event: dict[str, Any]) -> None:
    """Whoever was prepared was new, unused, young, and the employee whom the event meant."""
    for person, effect, at in world.tenant.prepared:
        ours = {kind for user, kind, _ in world.tenant.told if user == person.account.user_id}
        assert not person.has_signed_in
        assert world.privileges.held[person.account.user_id] is Privilege.NONE
        assert world.tenant.tells_sign_ins
        assert person.created_at is not None
        assert person.password_changed_at - person.created_at <= timedelta(hours=1)
        assert timedelta(0) <= at - person.created_at < 30 * DAY
        assert event["employeeId"] is not None
        assert person.account.employee_id == event["employeeId"]
        others = [one.method_type for one in person.methods if one.method_type != "password"]
        assert len(others) <= len(ours - {effect.contact})
    for _, _, value in world.tenant.told:
        assert value in {"+1 2065550142", "kim@example.org"}


@given(
    tenant=tenants,
    drawn=events,
    troubles=st.just([]) | st.lists(st.sampled_from(TROUBLES), max_size=14),
    broken=interruptions,
    mode=st.sampled_from([Mode.ACT, Mode.ACT, Mode.OBSERVE, Mode.STOP]),
)
def test_contact_data_lands_on_unused_accounts_only(
    tenant: dict[str, Any],
    drawn: dict[str, Any],
    troubles: list[LifecycleError | None],
    broken: dict[int, How],
    mode: Mode,
) -> None:
    """Never on who signed in, has methods, is a month old, or is another employee; no trace stays.

    What failed on the way, and wherever a worker died, nobody stays without MFA for it.
    """

    async def story() -> None:
        world, user = a_world(tenant, PREPARING)
        await world.set_mode(mode)
        event = an_event(drawn)
        world.interruptions.plan = dict(broken)
        world.tenant.troubles = [None, *troubles]
        for _ in range(3):
            await world.post(event)
            for _ in range(12):
                for message in world.broker.deliverable(world.clock.now())[:1]:
                    await world.deliver(message)
            world.clock.advance(timedelta(minutes=2))
            await world.timers()
        await world.settle(OVER | {CaseState.WAITING_REGISTRATION, CaseState.OVERDUE})
        await world.post(event)
        await world.settle(OVER | {CaseState.WAITING_REGISTRATION, CaseState.OVERDUE})
        check_prepared(world, event)
        assert world.watch.broken == []
        await world.attempt("sweep", world.hosts[0].forget_contacts())
        assert await world.contacts.kept(None, 10) == []
        (stored,) = world.watch.cases.values()
        if mode is Mode.ACT and stored.case.state not in OVER:
            assert world.tenant.people[user].state is not PerUserMfaState.DISABLED

    run(story())


@given(
    tenant=tenants,
    drawn=events,
    troubles=st.lists(st.sampled_from(TROUBLES[:3]), max_size=10),
    broken=interruptions,
    registers=st.booleans(),
)
def test_the_group_strategy_never_writes_per_user_state(
    tenant: dict[str, Any],
    drawn: dict[str, Any],
    troubles: list[LifecycleError | None],
    broken: dict[int, How],
    *,
    registers: bool,
) -> None:
    """Membership is all that it writes; who registers is enforced by it, and nobody before."""

    async def story() -> None:
        world, user = a_world(tenant, BY_GROUP)
        await world.set_mode(Mode.ACT)
        world.interruptions.plan = dict(broken)
        world.tenant.troubles = [None, *troubles]
        for _ in range(2):
            await world.post(an_event(drawn))
        world.interruptions.plan.clear()
        await world.post(an_event(drawn))
        await world.settle(OVER | {CaseState.WAITING_REGISTRATION, CaseState.OVERDUE})
        (stored,) = world.watch.cases.values()
        if stored.case.state is CaseState.WAITING_REGISTRATION:
            assert user in world.tenant.members[GroupId(REGISTRATION)]
            assert user not in world.tenant.members[GroupId(ENFORCEMENT)]
        if registers:
            world.tenant.register(user, MethodType.FIDO2)
            await world.settle(OVER)
        (stored,) = world.watch.cases.values()
        if stored.case.state is CaseState.COMPLETED:
            assert user in world.tenant.members[GroupId(ENFORCEMENT)]
            assert stored.steps[-1].outcome is StepOutcome.DONE
        assert not [one for _, one in world.tenant.writes if isinstance(one, SetMfaState)]
        assert world.watch.broken == []

    run(story())


NEW = {
    "employee_id": "E1",
    "age": 0 * DAY,
    "signed_in": False,
    "password": timedelta(0),
    "methods": [],
    "privilege": Privilege.NONE,
    "licensed": True,
    "domains": DOMAINS,
    "state": PerUserMfaState.DISABLED,
    "lag": 0,
}
TOLD = {"mobile": "+12065550142", "email": "kim@example.org"}


async def test_a_new_joiner_is_prepared_and_then_enabled() -> None:
    """The e-mail, the phone, the group, the state: in this order, and nothing is kept after it."""
    world, user = a_world(NEW, PREPARING)
    await world.set_mode(Mode.ACT)
    await world.post(an_event({"employeeId": "E1", "contact": TOLD, "days": None}))
    await world.settle(OVER)
    (stored,) = world.watch.cases.values()
    done = [step.action for step in stored.steps if step.outcome is StepOutcome.DONE]
    assert done == [
        "accept",
        "find-account",
        "prepare-email",
        "prepare-mobile",
        "join-group",
        "enable",
        "enforce",
        "complete",
    ]
    assert [value for _, _, value in world.tenant.told] == ["kim@example.org", "+1 2065550142"]
    assert world.tenant.members[GroupId(SSPR)] == {user}
    assert world.tenant.people[user].state is PerUserMfaState.ENFORCED
    assert await world.contacts.kept(None, 10) == []
    assert not [part for part in ("2065550142", "kim@") if part in repr(stored)]


@pytest.mark.parametrize("privilege", [Privilege.ROLE, Privilege.ELIGIBLE, Unknown("No role.")])
async def test_nobody_privileged_gets_contact_data(privilege: Privilege | Unknown) -> None:
    """Who holds a role, or may, registers by themselves: the case says so, and waits for it."""
    world, user = a_world({**NEW, "privilege": privilege}, PREPARING)
    await world.set_mode(Mode.ACT)
    await world.post(an_event({"employeeId": "E1", "contact": TOLD, "days": None}))
    await world.settle(frozenset({CaseState.WAITING_REGISTRATION}))
    assert world.tenant.told == []
    assert world.tenant.people[user].state is PerUserMfaState.ENABLED
    (stored,) = world.watch.cases.values()
    skipped = {s.action: s.detail or "" for s in stored.steps if s.outcome is StepOutcome.SKIPPED}
    assert sorted(skipped) == ["prepare-email", "prepare-mobile"]
    assert all("register by themselves" in why for why in skipped.values())
    assert await world.contacts.kept(None, 10) == []


async def test_contact_data_waits_thirty_days_at_most() -> None:
    """Who starts later is onboarded without it, and the case says so; nothing is kept meanwhile."""
    world, _ = a_world(NEW, PREPARING)
    await world.set_mode(Mode.ACT)
    await world.post(an_event({"employeeId": "E1", "contact": TOLD, "days": 40}))
    assert len(await world.contacts.kept(None, 10)) == 1
    world.clock.advance(30 * DAY)
    await world.attempt("sweep", world.hosts[0].forget_contacts())
    assert await world.contacts.kept(None, 10) == []
    await world.settle(OVER | {CaseState.WAITING_REGISTRATION})
    (stored,) = world.watch.cases.values()
    skipped = [step for step in stored.steps if step.outcome is StepOutcome.SKIPPED]
    assert [step.detail for step in skipped] == [
        "preparation skipped: the contact data is no longer kept."
    ] * 2
    assert world.tenant.told == []
    assert stored.case.state is CaseState.WAITING_REGISTRATION


@pytest.mark.parametrize("how", ["cancelled", "refused", "parked"])
async def test_a_case_that_goes_no_further_keeps_no_contact_data(how: str) -> None:
    """Whatever ends a case ends the wait of its contact data too."""
    world, user = a_world(NEW, PREPARING)
    await world.set_mode(Mode.ACT)
    event = an_event({"employeeId": "E1", "contact": TOLD, "days": 5})
    if how == "refused":
        account = replace(world.tenant.people[user].account, guest=True)
        world.tenant.people[user] = replace(world.tenant.people[user], account=account)
    await world.post({**event, "employeeId": "E2"} if how == "parked" else event)
    (case_id,) = world.watch.cases
    assert len(await world.contacts.kept(None, 10)) == 1
    if how == "cancelled":
        await world.attempt("operator", world.hosts[0].cancel_case(case_id, "operator"))
    await world.settle(OVER)
    assert world.watch.cases[case_id].case.state.value == how
    assert await world.contacts.kept(None, 10) == []


async def test_a_source_that_may_not_prepare_leaves_nothing() -> None:
    """Contact data that nobody will use is not even kept."""
    world, _ = a_world(NEW, {**PREPARING, "HR_SOURCE_DEMO": "{}"})
    await world.post(an_event({"employeeId": "E1", "contact": TOLD, "days": 5}))
    assert await world.contacts.kept(None, 10) == []
    (stored,) = world.watch.cases.values()
    assert isinstance(stored.case.plan, OnboardingPlan)
    assert stored.case.plan.contacts == ()


async def test_a_leavers_contact_data_is_not_kept() -> None:
    """Nothing is registered for who leaves, so a source that may prepare keeps nothing of them."""
    source = '{"types": ["joiner", "leaver"], "preparation": ["email", "mobile"]}'
    world, _ = a_world(NEW, {**PREPARING, "HR_SOURCE_DEMO": source})
    await world.post({**leaver("evt-1", NAME, at=NOW), "contact": TOLD})
    (stored,) = world.watch.cases.values()
    assert isinstance(stored.case.plan, LeaverPlan)
    assert await world.contacts.kept(None, 10) == []
