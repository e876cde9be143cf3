"""The policy of leavers, decision by decision."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Cancel, Fail, Look, Rest
from shared.domain.approvals import approve, plan_hash
from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    AuthenticationMethod,
    MethodType,
    Unknown,
)
from shared.domain.cases import PEOPLE, Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.dates import MOST_AHEAD, MOST_BACK, implausible
from shared.domain.effects import EFFECTS
from shared.domain.effects.methods import RemoveMethod
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.errors import LifecycleError
from shared.domain.errors.cases import DateImplausible
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import MethodNotRemovable, MethodStillNeeded, StateUnknown
from shared.domain.errors.people import (
    AccountNotFound,
    GuestAccount,
    IdentityMismatch,
    ProtectedAccount,
)
from shared.domain.facts import Fact, Facts
from shared.domain.failures import cancelled
from shared.domain.ids import CaseId, EmployeeId
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege, Standing, standing_of
from shared.domain.plans import LeaverPlan
from shared.domain.policy import next_action
from shared.domain.removing import next_removal, removable
from shared.domain.schedules import Rules
from shared.domain.state_machines import LEGAL
from tests.builders import (
    AUTHENTICATOR,
    NOW,
    PASSWORD,
    SIGN_IN_NAME,
    USER_ID,
    a_case,
    a_plan,
    an_account,
    an_exemption,
)

RULES = Rules()
DAY = timedelta(days=1)
BLOCKED = an_account(enabled=False)


def a_leaver(
    state: CaseState = CaseState.ACCEPTED,
    *,
    effective_at: datetime = NOW,
    employee_id: str | None = None,
    found: bool = True,
) -> Case:
    """The case of somebody who leaves now."""
    plan = LeaverPlan(
        user_principal_name=SIGN_IN_NAME,
        employee_id=None if employee_id is None else EmployeeId(employee_id),
        effective_at=effective_at,
        occurred_at=NOW,
    )
    return replace(a_case(state), plan=plan, user_id=USER_ID if found else None)


def standing(
    privilege: Privilege | Unknown = Privilege.NONE, *, protected: bool = False
) -> Standing:
    """What the person is to the guards."""
    return standing_of(BLOCKED, protected=protected, excluded=False, privilege=privilege)


def facts(**known: object) -> Facts:
    """What was read about an ordinary person whose account is blocked."""
    ordinary = Facts(
        account=BLOCKED,
        mode=Mode.ACT,
        standing=standing(),
        reports=False,
        others=(),
        sessions=NOW - DAY,
        methods=(PASSWORD,),
    )
    return replace(ordinary, **known)  # type: ignore[arg-type]  # each test knows the fields


def advanced(action: Action) -> Case:
    """The case that the policy wants stored."""
    assert isinstance(action, Advance)
    return action.transition.case


def failed(action: Action) -> type[LifecycleError]:
    """The kind of error that the policy raises."""
    assert isinstance(action, Fail)
    return type(action.error)


def test_nothing_is_read_before_the_moment() -> None:
    """Until the person leaves the case asks nobody anything."""
    case = a_leaver(effective_at=NOW + DAY, found=False)
    waiting = advanced(next_action(case, Facts(), RULES, NOW))
    assert (waiting.state, waiting.wait_until) == (CaseState.WAITING_EFFECTIVE, NOW + DAY)
    assert isinstance(next_action(waiting, Facts(), RULES, NOW + DAY / 2), Rest)
    assert next_action(waiting, Facts(), RULES, NOW + DAY) == Look(Fact.MODE)


def test_what_is_stopped_reads_nothing() -> None:
    """A stop holds before the directory is asked."""
    assert failed(next_action(a_leaver(), Facts(mode=Mode.STOP), RULES, NOW)) is Stopped


@pytest.mark.parametrize(
    ("moment", "plausible"),
    [
        (NOW - MOST_BACK, True),
        (NOW - MOST_BACK - timedelta(seconds=1), False),
        (NOW + MOST_AHEAD, True),
        (NOW + MOST_AHEAD + timedelta(seconds=1), False),
    ],
)
def test_dates_far_away_are_doubted(moment: datetime, *, plausible: bool) -> None:
    """Thirty days back and a hundred and eighty ahead are believed, and no second more."""
    assert (implausible("effectiveAt", moment, NOW) is None) is plausible
    action = next_action(a_leaver(effective_at=moment), facts(), RULES, NOW)
    assert (isinstance(action, Fail) and failed(action) is DateImplausible) is not plausible


@pytest.mark.parametrize(
    ("known", "error"),
    [
        ({"standing": standing(protected=True)}, ProtectedAccount),
        ({"standing": replace(standing(), guest=True)}, GuestAccount),
        ({"account": an_account(employee_id="E-2")}, IdentityMismatch),
        ({"sessions": Unknown("not told")}, StateUnknown),
    ],
)
def test_who_is_not_to_be_touched_is_refused(
    known: dict[str, object], error: type[LifecycleError]
) -> None:
    """A break-glass account, a guest, somebody else, or nobody knows."""
    case = a_leaver(employee_id="E-1")
    assert failed(next_action(case, facts(**known), RULES, NOW)) is error


@pytest.mark.parametrize("state", [CaseState.ACCEPTED, CaseState.WAITING_DISABLED])
def test_an_account_that_is_not_the_persons_is_left_alone(state: CaseState) -> None:
    """What was found belongs to somebody else, or to nobody for sure."""
    case = replace(a_leaver(employee_id="E-1"), state=state)
    another = IdentityMismatch("More than one account bears the number.")
    assert failed(next_action(case, facts(account=another), RULES, NOW)) is IdentityMismatch


@pytest.mark.parametrize(
    "known",
    [
        {"reports": True},
        {"standing": standing(Privilege.ELIGIBLE)},
        {"standing": standing(Unknown("403"))},
    ],
)
def test_some_people_need_an_approval(known: dict[str, object]) -> None:
    """Who manages, is privileged or may be: asked first, and again when it has expired."""
    asking = next_action(a_leaver(), facts(**known), RULES, NOW)
    asked = advanced(asking)
    assert asked.state is CaseState.AWAITING_APPROVAL
    approved = approve(asked, plan_hash(asked), "approver", NOW).case
    begun = advanced(next_action(approved, facts(**known), RULES, NOW))
    assert begun.change is not None
    late = next_action(approved, facts(**known), RULES, NOW + timedelta(hours=8))
    assert advanced(late).state is CaseState.AWAITING_APPROVAL


def test_sessions_are_revoked_as_of_the_moment_of_the_announcement() -> None:
    """A value read before, or written by a revocation before, does not prove it."""
    begun = advanced(next_action(a_leaver(), facts(), RULES, NOW + timedelta(microseconds=7)))
    assert begun.change is not None
    effect = begun.change.effect
    assert effect == RevokeSessions(NOW)
    assert begun.change.then is CaseState.SESSIONS_REVOKED
    assert effect.holds(NOW.isoformat())
    assert not effect.holds((NOW - timedelta(seconds=1)).isoformat())


def test_open_cases_of_other_kinds_are_cancelled_one_by_one() -> None:
    """Ended ones, other leavers' and those without a person are left alone; then it goes on."""
    case = a_leaver(CaseState.SESSIONS_REVOKED)
    ids = [CaseId(f"{number:032x}") for number in range(3)]
    onboarding = a_case(CaseState.OVERDUE, case_id=ids[0])
    ended = a_case(CaseState.COMPLETED, case_id=ids[1])
    leaver = replace(a_leaver(CaseState.ACCEPTED), case_id=ids[2])
    cancel = next_action(case, facts(others=(ended, leaver, onboarding)), RULES, NOW)
    assert isinstance(cancel, Cancel)
    assert cancel.other == onboarding.case_id
    assert cancel.announcement.step is not None
    assert cancel.announcement.step.outcome is StepOutcome.BEGUN
    unfound = a_case(CaseState.ACCEPTED, case_id=ids[0])
    waiting = advanced(next_action(case, facts(others=(ended, leaver, unfound)), RULES, NOW))
    assert waiting.state is CaseState.WAITING_DISABLED
    assert waiting.deadline == NOW + RULES.leaver_wait


def test_an_exemption_in_force_is_left_alone() -> None:
    """It puts MFA back should HR have been wrong; one that has changed nothing is cancelled."""
    case = a_leaver(CaseState.SESSIONS_REVOKED)
    in_force = an_exemption(CaseState.ACTIVE, before="enforced")
    parked = replace(in_force, state=CaseState.PARKED, parked_from=CaseState.OVERDUE)
    for exemption in (in_force, parked, replace(in_force, state=CaseState.ACCEPTED)):
        waiting = advanced(next_action(case, facts(others=(exemption,)), RULES, NOW))
        assert waiting.state is CaseState.WAITING_DISABLED
    unbegun = an_exemption(CaseState.AWAITING_APPROVAL)
    assert isinstance(next_action(case, facts(others=(unbegun,)), RULES, NOW), Cancel)


WAITING = replace(a_leaver(CaseState.WAITING_DISABLED), deadline=NOW + timedelta(days=30))


def test_methods_are_kept_while_the_account_is_enabled_or_the_day_lasts() -> None:
    """Both have to be over: one of them is not enough."""
    enabled, has = an_account(), (PASSWORD, AUTHENTICATOR)
    later = NOW + DAY
    for now, account in ((NOW, enabled), (NOW, BLOCKED), (later, enabled)):
        kept = advanced(next_action(WAITING, facts(account=account, methods=has), RULES, now))
        assert kept.change is None
        assert kept.wait_until is not None
    begun = advanced(next_action(WAITING, facts(methods=has), RULES, later))
    assert begun.change is not None
    removal = RemoveMethod(
        AUTHENTICATOR.method_type, AUTHENTICATOR.method_id, impact=Impact.OFFBOARD
    )
    assert begun.change.effect == removal


def test_nobody_is_left_enabled_in_silence() -> None:
    """At the deadline it is told once, and the case goes on looking."""
    known = facts(account=an_account())
    late = NOW + RULES.leaver_wait
    action = next_action(WAITING, known, RULES, late)
    overdue = advanced(action)
    assert overdue.state is CaseState.OVERDUE
    assert isinstance(action, Advance)
    assert action.transition.event is not None
    assert action.transition.event.type is EventType.OVERDUE
    again = next_action(replace(overdue, wait_until=None), known, RULES, late + DAY)
    assert isinstance(again, Advance)
    assert again.transition.event is None


def test_two_lists_apart_prove_that_nothing_is_left() -> None:
    """One empty list is no proof, nor are two within five seconds, nor after it was enabled."""
    now = NOW + DAY
    once = advanced(next_action(WAITING, facts(), RULES, now))
    assert (once.cleared_since, once.wait_until) == (now, now + RULES.gone_after)
    early = replace(once, wait_until=None)
    soon = advanced(next_action(early, facts(), RULES, now + timedelta(seconds=4)))
    assert soon.state is CaseState.WAITING_DISABLED
    done = advanced(next_action(once, facts(), RULES, now + RULES.gone_after))
    assert done.state is CaseState.COMPLETED
    enabled = next_action(once, facts(account=an_account()), RULES, now + RULES.gone_after)
    assert advanced(enabled).cleared_since is None
    back = facts(methods=(PASSWORD, AUTHENTICATOR))
    assert advanced(next_action(once, back, RULES, now + RULES.gone_after)).cleared_since is None


@pytest.mark.parametrize(
    "state",
    [
        CaseState.ACCEPTED,
        CaseState.AWAITING_APPROVAL,
        CaseState.WAITING_DISABLED,
        CaseState.OVERDUE,
    ],
)
def test_who_is_gone_twice_is_done(state: CaseState) -> None:
    """Deleted is as good as it gets, from every state that waits."""
    gone, now = facts(account=NoAccount()), NOW + DAY
    once = advanced(next_action(a_leaver(state), gone, RULES, now))
    assert (once.state, once.missing_since) == (state, now)
    ended = advanced(next_action(once, gone, RULES, now + RULES.gone_after))
    assert ended.state is CaseState.COMPLETED
    found = advanced(next_action(once, facts(), RULES, now + RULES.gone_after))
    assert found.missing_since is None


def test_a_number_that_nobody_bears_is_no_proof_that_somebody_is_gone() -> None:
    """Known by the employee id alone, they may be there under another: a human looks."""
    case = a_leaver(employee_id="E-1", found=False)
    assert isinstance(case.plan, LeaverPlan)
    unnamed = replace(case, plan=replace(case.plan, user_principal_name=None))
    action = next_action(unnamed, facts(account=NoAccount()), RULES, NOW)
    assert failed(action) is AccountNotFound


def test_other_cases_are_named_to_their_own_source_only() -> None:
    """Who knows a case's id may read it, and HR is not to read what people asked for."""
    case = a_leaver(CaseState.SESSIONS_REVOKED)
    ours = a_case(CaseState.OVERDUE, case_id=CaseId("1" * 32))
    for other, shown in ((ours, ours.case_id), (replace(ours, source=PEOPLE), None)):
        cancel = next_action(case, facts(others=(other,)), RULES, NOW)
        assert isinstance(cancel, Cancel)
        assert cancel.announcement.step is not None
        assert cancel.announcement.step.after == shown
        observed = advanced(
            next_action(replace(case, observed=True), facts(others=(other,)), RULES, NOW)
        )
        assert observed.state is CaseState.WAITING_DISABLED


def test_an_unknown_type_is_never_called_removed() -> None:
    """It is left until nothing else is, and then a human has to look."""
    strange = AuthenticationMethod("x", MethodType.UNRECOGNISED)
    now = NOW + DAY
    action = next_action(WAITING, facts(methods=(PASSWORD, strange)), RULES, now)
    assert failed(action) is MethodNotRemovable
    both = facts(methods=(PASSWORD, strange, AUTHENTICATOR))
    assert advanced(next_action(WAITING, both, RULES, now)).change is not None


def test_phones_go_before_what_they_depend_on() -> None:
    """The alternate mobile before the mobile, the app last: it is mostly the default."""
    mobile, alternate = (
        AuthenticationMethod(number, MethodType.PHONE) for number in (MOBILE, ALTERNATE_MOBILE)
    )
    office = AuthenticationMethod("office", MethodType.PHONE)
    order = removable((AUTHENTICATOR, mobile, PASSWORD, office, alternate))
    assert order == (alternate, office, mobile, AUTHENTICATOR)


def test_what_was_refused_is_tried_again_when_others_are_gone() -> None:
    """Never twice as things stand, so that it ends; what is refused at the end fails."""
    one, two = (AuthenticationMethod(name, MethodType.FIDO2) for name in ("a", "b"))
    assert next_removal((one, two), frozenset(), 3) is one
    assert next_removal((one, two), frozenset({("a", 3)}), 3) is two
    assert next_removal((one,), frozenset({("a", 3)}), 2) is one
    assert next_removal((one,), frozenset({("a", 2)}), 2) is None
    kept = facts(methods=(PASSWORD, AUTHENTICATOR))
    kept = kept.refusing(AUTHENTICATOR.method_id)
    assert failed(next_action(WAITING, kept, RULES, NOW + DAY)) is MethodStillNeeded


@pytest.mark.parametrize("state", LEGAL[a_leaver().kind])
def test_no_decision_ever_writes_the_mfa_state(state: CaseState) -> None:
    """Whatever is known, a leaver's MFA is not asked about, and never changed."""
    everything = facts(methods=(PASSWORD, AUTHENTICATOR))
    for known in (Facts(), everything, replace(everything, account=an_account())):
        action = next_action(a_leaver(state), known, RULES, NOW + DAY)
        assert action != Look(Fact.MFA_STATE)
        if isinstance(action, Advance) and action.transition.case.change is not None:
            assert not isinstance(action.transition.case.change.effect, SetMfaState)
    assert SetMfaState in EFFECTS.values()


def test_a_newer_event_makes_one_that_has_not_begun_needless() -> None:
    """Another date or a return counts; a joiner's event, which may be a stray one, does not."""
    case = a_leaver()
    later = NOW + timedelta(minutes=1)
    other = CaseId("f" * 32)
    assert isinstance(case.plan, LeaverPlan)
    newer = replace(case, case_id=other, plan=replace(case.plan, occurred_at=later))
    assert advanced(next_action(case, facts(others=(newer,)), RULES, NOW)).state is (
        CaseState.SUPERSEDED
    )
    joiner = a_case(CaseState.ACCEPTED, case_id=other, plan=a_plan(occurred_at=later))
    begun = advanced(next_action(case, facts(others=(joiner,)), RULES, NOW))
    assert begun.change is not None


@pytest.mark.parametrize("state", [CaseState.WAITING_DISABLED, CaseState.OVERDUE])
def test_nothing_more_is_taken_from_who_is_back(state: CaseState) -> None:
    """From the first day of a rehire on, a blocked account does not mean that they left."""
    case = replace(a_leaver(state), deadline=NOW + RULES.leaver_wait)
    first_day = NOW + 5 * DAY
    plan = replace(a_plan(occurred_at=NOW + DAY, starts_at=first_day), rehire=True)
    back = a_case(CaseState.COMPLETED, case_id=CaseId("f" * 32), plan=plan)
    known = facts(others=(back,), methods=(PASSWORD, AUTHENTICATOR))
    ended = next_action(case, known, RULES, first_day)
    assert advanced(ended).state is CaseState.SUPERSEDED
    assert isinstance(ended, Advance)
    assert ended.transition.step is not None
    assert (ended.transition.step.detail or "").endswith("methods that were removed stay so.")
    # Until then they have left, and an older return says nothing.
    assert advanced(next_action(case, known, RULES, first_day - DAY)).change is not None
    older = replace(back, plan=replace(plan, occurred_at=NOW - DAY))
    assert advanced(next_action(case, facts(others=(older,)), RULES, first_day)).state is state


def test_a_cancelled_case_says_what_stays() -> None:
    """Before the first change nothing; afterwards the sessions that are revoked."""
    untouched = cancelled(a_leaver(CaseState.WAITING_EFFECTIVE), "helpdesk", NOW).step
    changed = cancelled(WAITING, "helpdesk", NOW).step
    assert untouched is not None
    assert changed is not None
    assert (untouched.detail or "").endswith("Nothing was changed.")
    assert "Sessions stay revoked" in (changed.detail or "")
