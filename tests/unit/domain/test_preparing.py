"""Preparation, rule by rule: when contact data is registered, and what stands in no way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.actions import Action, Advance, Fail, Look, Write
from shared.domain.authentication import AuthenticationMethod, MethodType, PerUserMfaState, Unknown
from shared.domain.cases import ENDED, Case, CaseState, Change, StepOutcome
from shared.domain.contacts import Contact, ContactKind, Newcomer, NoContact
from shared.domain.control import Mode
from shared.domain.effects.groups import AddToGroup
from shared.domain.effects.methods import RegisterContact
from shared.domain.errors import LifecycleError
from shared.domain.errors.cases import NotApproved
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import PermissionMissing, RequestRejected, Throttled
from shared.domain.errors.people import ProtectedAccount
from shared.domain.facts import Fact, Facts
from shared.domain.groups import Memberships
from shared.domain.ids import EmployeeId, GroupId
from shared.domain.onboarding.contacting import CONTACT_FACTS
from shared.domain.onboarding.preparing import after_trouble, needs_contact
from shared.domain.people.standing import Privilege, Standing, standing_of
from shared.domain.plans import OnboardingPlan
from shared.domain.policy import next_action
from shared.domain.preparations import Preparation, Prepared
from shared.domain.remains import what_stays
from shared.domain.schedules import Rules
from shared.domain.strategies import ByGroup
from shared.domain.transitions import Transition
from tests.builders import (
    AUTHENTICATOR,
    CASE_ID,
    NOW,
    PASSWORD,
    a_case,
    a_plan,
    a_standing,
    an_account,
    pinned,
)

SSPR, ENFORCEMENT = GroupId("sspr"), GroupId("enforcement")
DAY = timedelta(days=1)
EMAIL_METHOD = AuthenticationMethod("e1", MethodType.EMAIL)
PHONE_METHOD = AuthenticationMethod("t1", MethodType.PHONE)
BOTH = Contact(mobile="+1 2065550142", email="kim.private@example.org")
FRESH = Newcomer(
    created_at=NOW - DAY,
    employee_id=EmployeeId("E1"),
    has_signed_in=False,
    password_changed_at=NOW - DAY + timedelta(minutes=40),
)
PLAIN = standing_of(an_account(), protected=False, excluded=False, privilege=Privilege.NONE)
KNOWN: dict[str, Any] = {
    "standing": PLAIN,
    "privilege": PLAIN,
    "mode": Mode.ACT,
    "others": (),
    "account": an_account(employee_id="E1"),
    "contact": BOTH,
    "own_domains": frozenset({"contoso.example"}),
    "methods": (PASSWORD,),
    "newcomer": FRESH,
}


def a_joiner(*kinds: ContactKind, employee_id: str | None = "E1") -> Case:
    """A case whose person is known, with contact data of these kinds."""
    return pinned(a_case(plan=a_joiners_plan(*kinds, employee_id=employee_id)))


def a_joiners_plan(*kinds: ContactKind, employee_id: str | None = "E1") -> OnboardingPlan:
    """A plan with contact data of these kinds, or of all."""
    return replace(a_plan(employee_id=employee_id), contacts=kinds or tuple(ContactKind))


def decide(case: Case, rules: Rules | None = None, **facts: Any) -> Action:  # noqa: ANN401
    """What to do next, where everything speaks for preparation but for what a test says."""
    return next_action(case, Facts(**{**KNOWN, **facts}), rules or Rules(), NOW)


def advanced(action: Action) -> Transition:
    """The transition of an action that is one."""
    assert isinstance(action, Advance)
    return action.transition


def skipped(
    action: Action,
    preparation: Preparation = Preparation.MOBILE,
    *,
    came: Prepared = Prepared.NOT_DONE,
) -> str:
    """Why an action passes a preparation over."""
    transition = advanced(action)
    assert transition.step is not None
    assert (transition.step.action, transition.step.outcome) == (preparation, StepOutcome.SKIPPED)
    assert transition.case.preparations[preparation] is came
    detail = transition.step.detail or ""
    assert detail.startswith("preparation skipped: ")
    assert not [part for part in (BOTH.mobile, BOTH.email) if str(part) in detail]
    return detail


def test_a_contact_is_registered_before_the_person_is_enabled() -> None:
    """The e-mail first, then the phone, then the state: each announced without the data."""
    case = a_joiner()
    begun = advanced(decide(case)).case.change
    assert begun is not None
    assert begun.effect == RegisterContact(ContactKind.EMAIL, CASE_ID)
    assert begun.then is CaseState.ACCEPTED
    assert "kim" not in repr(begun)
    after = replace(case, preparations={Preparation.EMAIL: Prepared.DONE})
    begun = advanced(decide(after, methods=(PASSWORD, EMAIL_METHOD))).case.change
    assert begun is not None
    assert begun.effect == RegisterContact(ContactKind.MOBILE, CASE_ID)
    done = replace(
        after, preparations=dict.fromkeys((Preparation.EMAIL, Preparation.MOBILE), Prepared.DONE)
    )
    assert Look(Fact.MFA_STATE) == decide(done)


@pytest.mark.parametrize(
    "standing",
    [
        replace(PLAIN, protected=True),
        replace(PLAIN, excluded=True),
        replace(PLAIN, guest=True),
        replace(PLAIN, service=True),
    ],
)
def test_nobody_whom_the_guards_refuse_is_prepared(standing: Standing) -> None:
    """The guards come first: a refusal leaves the person as they are, groups included."""
    action = decide(a_joiner(), Rules(sspr_group=SSPR), standing=standing)
    assert isinstance(action, Fail)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"newcomer": replace(FRESH, has_signed_in=True)}, "signed in"),
        (
            {
                "newcomer": replace(
                    FRESH, created_at=NOW - 30 * DAY, password_changed_at=NOW - 30 * DAY
                )
            },
            "younger than 30 days",
        ),
        ({"newcomer": replace(FRESH, created_at=None)}, "nobody can tell"),
        ({"newcomer": replace(FRESH, password_changed_at=None)}, "nobody can tell"),
        ({"newcomer": replace(FRESH, password_changed_at=NOW)}, "password was changed"),
        ({"newcomer": replace(FRESH, employee_id=None)}, "employee id"),
        ({"newcomer": replace(FRESH, employee_id=EmployeeId("E2"))}, "employee id"),
        ({"newcomer": Unknown("No licence.")}, "No licence"),
        ({"methods": (PASSWORD, AUTHENTICATOR)}, "method already"),
        ({"methods": (PASSWORD, PHONE_METHOD)}, "method already"),
        ({"methods": (PASSWORD, EMAIL_METHOD)}, "method already"),
        ({"contact": NoContact()}, "no longer kept"),
        ({"contact": Unknown("Denied.")}, "can't be read"),
        ({"contact": Contact(email=BOTH.email)}, "can't be used"),
        ({"privilege": a_standing(privilege=Privilege.ELIGIBLE)}, "privileged (eligible)"),
        ({"privilege": a_standing(privilege=Unknown("429"))}, "Nobody can tell"),
    ],
)
def test_whoever_might_use_the_account_is_left_alone(facts: dict[str, Any], why: str) -> None:
    """A sign-in, a method, age, another employee, a role, or not knowing: nothing is registered."""
    assert why in skipped(decide(a_joiner(ContactKind.MOBILE), **facts))


def test_who_becomes_privileged_meanwhile_is_left_alone() -> None:
    """A guard that refuses the write costs an attempt, and then it is decided anew."""
    case = under_way(a_joiner(ContactKind.MOBILE))
    assert case.change is not None
    refusal = NotApproved("The person is privileged.")
    assert after_trouble(case, Write(case.change), refusal, Rules(), NOW) is None
    anew = advanced(decide(case)).case
    assert anew.change is None
    assert "privileged" in skipped(decide(anew, privilege=a_standing(privilege=Privilege.ROLE)))


def test_an_event_without_an_employee_id_prepares_nobody() -> None:
    """A sign-in name alone is no proof of whose account it is."""
    case = a_joiner(ContactKind.MOBILE, employee_id=None)
    assert "no employee id" in skipped(decide(case))


@pytest.mark.parametrize(
    ("domains", "why"),
    [
        (frozenset({"example.org"}), "lies in the tenant"),
        (Unknown("403"), "nobody can tell"),
    ],
)
def test_an_address_in_the_tenant_is_no_way_back_in(domains: object, why: str) -> None:
    """The mailbox that the reset is to open can't be what opens it; unknown counts as that."""
    case = a_joiner(ContactKind.EMAIL)
    assert why in skipped(decide(case, own_domains=domains), Preparation.EMAIL)


@pytest.mark.parametrize("fact", sorted(CONTACT_FACTS, key=str))
def test_nothing_is_decided_before_all_is_read(fact: Fact) -> None:
    """Each fact that could speak against it is looked up first."""
    assert Look(fact) == decide(a_joiner(ContactKind.EMAIL), **{fact.value: None})


def test_what_another_case_does_not_ask_for_is_not_read() -> None:
    """Without contact data and groups, nothing is looked up for preparation."""
    unread: dict[str, Any] = dict.fromkeys(fact.value for fact in CONTACT_FACTS)
    case = pinned(a_case(plan=a_plan(employee_id="E1")))
    assert Look(Fact.MFA_STATE) == decide(case, **unread)


def test_observe_mode_tells_what_would_be_prepared() -> None:
    """Each step is told and nothing is written."""
    transition = advanced(decide(a_joiner(), mode=Mode.OBSERVE))
    assert transition.step is not None
    assert transition.step.action == "would-prepare-email"
    assert transition.case.state is CaseState.ACCEPTED
    assert transition.case.observed
    assert transition.case.preparations == {Preparation.EMAIL: Prepared.NOT_DONE}


def test_groups_are_joined_where_settings_name_them() -> None:
    """The SSPR group, then the enforcement group; who is a member already is left as they are."""
    rules = Rules(sspr_group=SSPR, enforcement_group=ENFORCEMENT)
    case = pinned(a_case())
    assert Look(Fact.MEMBERSHIPS) == decide(case, rules)
    neither = Memberships({SSPR: False, ENFORCEMENT: False})
    begun = advanced(decide(case, rules, memberships=neither)).case.change
    assert begun is not None
    assert begun.effect == AddToGroup(SSPR)
    member = Memberships({SSPR: True, ENFORCEMENT: False})
    transition = advanced(decide(case, rules, memberships=member))
    assert transition.step is not None
    assert transition.step.outcome is StepOutcome.DONE
    begun = advanced(decide(transition.case, rules, memberships=member)).case.change
    assert begun is not None
    assert begun.effect == AddToGroup(ENFORCEMENT)


def test_a_group_that_can_not_be_used_is_passed_over() -> None:
    """The reason is told and the person is enabled all the same."""
    rules, case = Rules(sspr_group=SSPR), pinned(a_case())
    unusable = Memberships({SSPR: Unknown("The group can hold directory roles.")})
    action = decide(case, rules, memberships=unusable)
    assert "directory roles" in skipped(action, Preparation.SSPR_GROUP)
    assert Look(Fact.MFA_STATE) == decide(advanced(action).case, rules)


def test_where_membership_is_the_strategy_joining_waits_for_its_time() -> None:
    """The enforcement group is no preparation then: to be a member is to be enforced."""
    strategy = ByGroup(registration=GroupId("registration"), enforcement=ENFORCEMENT)
    rules = Rules(strategy=strategy, enforcement_group=ENFORCEMENT)
    memberships = Memberships({GroupId("registration"): False, ENFORCEMENT: False})
    begun = advanced(decide(pinned(a_case()), rules, memberships=memberships)).case.change
    assert begun is not None
    assert begun.effect == strategy.enable
    assert begun.then is CaseState.ENABLED


def under_way(case: Case, *, reads: int = 0) -> Case:
    """The case with its phone announced, and read back in vain so often."""
    effect = RegisterContact(ContactKind.MOBILE, CASE_ID)
    begun = Change(
        effect=effect, before="not registered", begun_at=NOW, then=case.state, reads=reads
    )
    return replace(case, change=begun)


def test_a_contact_is_registered_when_it_was_read_back() -> None:
    """Written once, then read; done only when the method is listed."""
    case = under_way(a_joiner(ContactKind.MOBILE))
    assert isinstance(decide(case, begun=True), Write)
    transition = advanced(decide(case, methods=(PASSWORD, PHONE_METHOD), written=True))
    assert transition.step is not None
    assert transition.step.outcome is StepOutcome.DONE
    assert transition.case.preparations == {Preparation.MOBILE: Prepared.DONE}
    assert transition.case.state is CaseState.ACCEPTED


def test_what_can_not_be_read_back_is_passed_over() -> None:
    """Nobody waits an hour without MFA for a phone number."""
    rules = Rules()
    case = under_way(a_joiner(ContactKind.MOBILE), reads=len(rules.read_back))
    action = decide(case)
    assert "read back" in skipped(action, came=Prepared.UNVERIFIED)
    said = what_stays(advanced(action).case)
    assert said == "What may be there: prepare-mobile."


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        (Throttled("429"), 0, False),
        (Throttled("429"), 3, True),
        (PermissionMissing("403"), 0, True),
        (RequestRejected("400"), 0, True),
        (Stopped("stop"), 9, False),
        (ProtectedAccount("no"), 0, False),
    ],
)
@pytest.mark.parametrize("writing", [True, False])
def test_trouble_does_not_stand_in_the_way(
    error: LifecycleError, attempts: int, *, expected: bool, writing: bool
) -> None:
    """It is tried again a few times; then the case goes on without, whatever the trouble."""
    case = replace(a_joiner(ContactKind.MOBILE), attempts=attempts)
    action: Action = Look(Fact.NEWCOMER)
    if writing:
        case = under_way(case)
        assert case.change is not None
        action = Write(case.change)
    transition = after_trouble(case, action, error, Rules(), NOW)
    assert (transition is not None) is expected
    if transition is not None:
        skipped(Advance(transition), came=Prepared.UNVERIFIED if writing else Prepared.NOT_DONE)
        assert (transition.case.attempts, transition.case.change) == (0, None)


@pytest.mark.parametrize("fact", [Fact.ACCOUNT, Fact.MFA_STATE, Fact.MODE, Fact.MEMBERSHIPS])
def test_trouble_of_another_kind_is_treated_as_ever(fact: Fact) -> None:
    """A failing look at what onboarding itself needs skips no preparation."""
    case = replace(a_joiner(ContactKind.MOBILE), attempts=9)
    assert after_trouble(case, Look(fact), Throttled("429"), Rules(), NOW) is None


def test_after_enabling_nothing_is_prepared_any_more() -> None:
    """A setting that comes late prepares nobody who was asked to register."""
    case = a_case(CaseState.WAITING_REGISTRATION, plan=a_joiners_plan())
    rules = Rules(sspr_group=SSPR)
    assert after_trouble(case, Look(Fact.METHODS), PermissionMissing("403"), rules, NOW) is None
    waiting = advanced(decide(case, rules)).case
    assert waiting.change is None
    assert waiting.state is CaseState.WAITING_REGISTRATION


@pytest.mark.parametrize("state", CaseState)
def test_contact_data_is_needed_while_it_may_be_used(state: CaseState) -> None:
    """Until each kind is behind the case, and never by a case that is parked or over."""
    case = a_case(state, plan=a_joiners_plan())
    over = ENDED | {CaseState.PARKED}
    assert needs_contact(case) is (state not in over)
    behind = {Preparation.EMAIL: Prepared.NOT_DONE, Preparation.MOBILE: Prepared.DONE}
    assert not needs_contact(replace(case, preparations=behind))
    half = replace(case, preparations={Preparation.EMAIL: Prepared.DONE})
    assert needs_contact(half) is needs_contact(case)


def test_nobody_with_a_higher_state_is_prepared_less() -> None:
    """Who is enabled already, by somebody else, is prepared all the same."""
    action = decide(a_joiner(ContactKind.MOBILE), mfa_state=PerUserMfaState.ENABLED)
    assert advanced(action).case.change is not None
