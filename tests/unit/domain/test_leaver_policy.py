"""Leavers: when a case begins, about whom, and what no decision ever does."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.domain.actions import Advance, Cancel, Fail, Look, Rest
from shared.domain.approvals import approve, plan_hash
from shared.domain.authentication import (
    Unknown,
)
from shared.domain.cases import CaseState, StepOutcome
from shared.domain.control import Mode
from shared.domain.dates import MOST_AHEAD, MOST_BACK, implausible
from shared.domain.effects import EFFECTS
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.errors import LifecycleError
from shared.domain.errors.cases import DateImplausible
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import StateUnknown
from shared.domain.errors.people import (
    GuestAccount,
    IdentityMismatch,
    ProtectedAccount,
)
from shared.domain.facts import Fact, Facts
from shared.domain.failures import cancelled
from shared.domain.ids import CaseId
from shared.domain.people.standing import Privilege
from shared.domain.plans import LeaverPlan
from shared.domain.policy import next_action
from shared.domain.state_machines import LEGAL
from tests.builders import (
    AUTHENTICATOR,
    NOW,
    PASSWORD,
    a_case,
    a_plan,
    an_account,
    an_exemption,
)
from tests.unit.domain.leaver_decisions import (
    DAY,
    RULES,
    WAITING,
    a_leaver,
    advanced,
    facts,
    failed,
    standing,
)


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


def test_an_account_without_the_number_is_not_taken_for_the_persons() -> None:
    """It has to bear the event's number to be found, in any case; later it may lose it, no more."""
    sought, found = a_leaver(employee_id="E-1", found=False), a_leaver(employee_id="E-1")
    assert failed(next_action(sought, facts(), RULES, NOW)) is IdentityMismatch
    bears = facts(account=an_account(employee_id="e-1"))
    assert advanced(next_action(sought, bears, RULES, NOW)).user_id is not None
    assert advanced(next_action(found, facts(), RULES, NOW)).change is not None
    clearing = replace(WAITING, plan=found.plan)
    later, another = NOW + DAY, facts(account=an_account(employee_id="E-2", enabled=False))
    assert advanced(next_action(clearing, facts(), RULES, later)).state is not CaseState.PARKED
    assert failed(next_action(clearing, another, RULES, later)) is IdentityMismatch


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


def test_whoever_was_said_to_join_after_the_leaving_is_left_alone() -> None:
    """And where they are back, the case ends before it touches another one."""
    case = a_leaver(CaseState.SESSIONS_REVOKED)
    assert isinstance(case.plan, LeaverPlan)
    told, other = case.plan.occurred_at + timedelta(hours=1), CaseId("f" * 32)
    plan = a_plan(occurred_at=told, starts_at=case.plan.effective_at)
    joined = a_case(CaseState.WAITING_REGISTRATION, case_id=other, plan=plan)
    assert joined.user_id == case.user_id
    waiting = advanced(next_action(case, facts(others=(joined,)), RULES, NOW))
    assert waiting.state is CaseState.WAITING_DISABLED
    back = replace(joined, plan=replace(plan, rehire=True, dated=True))
    unbegun = an_exemption(CaseState.AWAITING_APPROVAL)
    ended = next_action(case, facts(others=(unbegun, back)), RULES, NOW)
    assert advanced(ended).state is CaseState.SUPERSEDED


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
    waits = advanced(next_action(case, facts(others=(newer,)), RULES, NOW))
    assert (waits.state, waits.gives_way_to) == (case.state, other)
    done = replace(newer, state=CaseState.WAITING_DISABLED)
    needless = advanced(next_action(case, facts(others=(done,)), RULES, NOW))
    assert (needless.state, needless.gives_way_to) == (CaseState.SUPERSEDED, other)
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
    # Until then they have left, and an older return, of before they left, says nothing.
    assert advanced(next_action(case, known, RULES, first_day - DAY)).change is not None
    older = replace(back, plan=replace(plan, occurred_at=NOW - DAY, starts_at=NOW - DAY))
    assert advanced(next_action(case, facts(others=(older,)), RULES, first_day)).state is state


def test_a_cancelled_case_says_what_stays() -> None:
    """Before the first change nothing; afterwards the sessions that are revoked."""
    untouched = cancelled(a_leaver(CaseState.WAITING_EFFECTIVE), "helpdesk", NOW).step
    changed = cancelled(WAITING, "helpdesk", NOW).step
    assert untouched is not None
    assert changed is not None
    assert (untouched.detail or "").endswith("Nothing was changed.")
    assert "Sessions stay revoked" in (changed.detail or "")
