"""What an enrolment does next: its plan, its confirmation, its days, and its end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Do, Fail, Look
from shared.domain.approvals import plan_hash
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import Case, CaseState, EventType
from shared.domain.control import Mode
from shared.domain.enrolment.enrolling import confirm
from shared.domain.enrolment.examining import examine
from shared.domain.enrolment.opening import case_for
from shared.domain.enrolment.people import Finding, Listed, Tally, Verdict
from shared.domain.enrolment.planning import PLAN_LASTS
from shared.domain.enrolment.work import Examined, ListWritten, Opened, Result, Task
from shared.domain.errors.cases import IllegalTransition, PlanChanged
from shared.domain.errors.control import Stopped
from shared.domain.errors.people import AccountDisabled
from shared.domain.facts import Fact, Facts
from shared.domain.ids import CaseId, GroupId, SourceName, UserId
from shared.domain.people.standing import NOT_ASKED, Standing
from shared.domain.plans import EnrolmentPlan, LeaverPlan, OnboardingPlan
from shared.domain.policy import next_action
from shared.domain.schedules import Rules, registration_deadline
from tests.builders import CASE_ID, NOW, USER_ID, a_case, a_plan, an_account
from tests.giving_way import overtaken_by

RULES = Rules()
TALLY = Tally(findings={"enrol": 60, "unknown": 1}, digest="d" * 64, opened=0, passed_over={})
PLAIN = Standing(
    protected=False,
    excluded=False,
    guest=False,
    service=False,
    disabled=False,
    privilege=NOT_ASKED,
)


def an_enrolment(state: CaseState = CaseState.ACCEPTED, **plan: object) -> Case:
    """An enrolment of a group, of two parts."""
    asked = EnrolmentPlan(
        group_id=GroupId("g"), enforce_by=None, occurred_at=NOW, edition=3, parts=2, people=61
    )
    return Case(
        case_id=CASE_ID,
        state=state,
        source=SourceName("people"),
        verified_with="sign-in",
        plan=replace(asked, **plan),  # type: ignore[arg-type]  # each test names its fields
        accepted_at=NOW,
        updated_at=NOW,
        actors=frozenset({"admin"}),
    )


def planned() -> Case:
    """One that waits for its confirmation."""
    waiting = an_enrolment(
        CaseState.AWAITING_CONFIRMATION, findings=TALLY.findings, digest=TALLY.digest
    )
    return replace(waiting, parts_done=2, waiting_since=NOW, wait_until=NOW + PLAN_LASTS)


def step(case: Case, result: Result | None = None, *, mode: Mode = Mode.ACT) -> Action:
    """What is next, right now."""
    return next_action(case, Facts(mode=mode, result=result), RULES, case.updated_at)


def after(action: Action) -> Case:
    """The case after an advance."""
    assert isinstance(action, Advance)
    return action.transition.case


def test_nobody_is_asked_while_onboarding_is_stopped() -> None:
    """The mode comes first, in the planning and in the enrolling."""
    for state in (CaseState.ACCEPTED, CaseState.ENROLLING):
        case = an_enrolment(state, edition=None)
        assert next_action(case, Facts(), RULES, NOW) == Look(Fact.MODE)
        held = step(case, mode=Mode.STOP)
        assert isinstance(held, Fail)
        assert isinstance(held.error, Stopped)


def test_the_list_is_written_examined_and_counted() -> None:
    """Piece by piece, each with a pause that lets others in, and then somebody has to confirm."""
    case = an_enrolment(edition=None, parts=0, people=0)
    assert step(case) == Do(Task.LIST)
    case = after(step(case, ListWritten(edition=3, parts=2, people=61)))
    assert step(case) == Do(Task.EXAMINE)
    case = after(step(case, Examined(0)))
    assert (case.parts_done, case.wait_until) == (1, NOW + timedelta(seconds=3))
    case = replace(case, wait_until=None)
    # The result of another part is none of this one's.
    assert step(case, Examined(0)) == Do(Task.EXAMINE)
    case = after(step(case, Examined(1)))
    assert step(case) == Do(Task.COUNT)
    action = step(case, TALLY)
    case = after(action)
    assert case.state is CaseState.AWAITING_CONFIRMATION
    assert isinstance(case.plan, EnrolmentPlan)
    assert case.plan.findings == TALLY.findings
    assert isinstance(action, Advance)
    assert action.transition.event is not None
    assert action.transition.event.type is EventType.WAITING


def test_without_anybody_to_enrol_there_is_nothing_to_confirm() -> None:
    """It is over, and tells why."""
    nobody = replace(TALLY, findings={"unknown": 3})
    case = after(step(replace(an_enrolment(), parts_done=2), nobody))
    assert case.state is CaseState.COMPLETED


def test_the_hash_is_of_the_list_and_its_findings() -> None:
    """Whatever would be done differently has another hash; whose turn it is has not."""
    case = planned()
    assert isinstance(case.plan, EnrolmentPlan)
    others = [
        replace(case.plan, digest="e" * 64),
        replace(case.plan, findings={"enrol": 61}),
        replace(case.plan, enforce_by=NOW),
        replace(case.plan, group_id=GroupId("h")),
    ]
    hashes = {plan_hash(replace(case, plan=plan)) for plan in [case.plan, *others]}
    assert len(hashes) == 5
    assert plan_hash(replace(case, parts_done=1)) == plan_hash(case)


def test_who_asked_may_confirm_what_they_have_read() -> None:
    """The same person, the same plan, once."""
    case = planned()
    with pytest.raises(PlanChanged):
        confirm(case, "0" * 64, "admin", NOW)
    confirmed = confirm(case, plan_hash(case), "admin", NOW).case
    assert (confirmed.state, confirmed.parts_done) == (CaseState.ENROLLING, 0)
    with pytest.raises(IllegalTransition):
        confirm(confirmed, plan_hash(case), "admin", NOW)


def test_a_plan_is_not_kept_for_ever() -> None:
    """Seven days, and it is cancelled; until then it waits."""
    case = replace(planned(), wait_until=None)
    early = after(next_action(case, Facts(), RULES, NOW + PLAN_LASTS - timedelta(seconds=1)))
    assert early.wait_until == NOW + PLAN_LASTS
    late = after(next_action(case, Facts(), RULES, NOW + PLAN_LASTS))
    assert late.state is CaseState.CANCELLED


@pytest.mark.parametrize(("hours", "holds"), [(7.99, True), (8, False)])
def test_a_confirmation_lets_it_begin_for_eight_hours(hours: float, *, holds: bool) -> None:
    """Where nothing was begun by then the plan asks again; what has begun goes on for days."""
    case = confirm(planned(), plan_hash(planned()), "admin", NOW).case
    later = replace(case, updated_at=NOW + timedelta(hours=hours))
    begun = after(step(later))
    expected = CaseState.ENROLLING if holds else CaseState.AWAITING_CONFIRMATION
    assert begun.state is expected
    if holds:
        days_later = replace(begun, updated_at=NOW + timedelta(days=5))
        assert step(days_later) == Do(Task.OPEN)
    else:
        assert begun.approval is None


def test_a_full_day_waits_for_the_next_one() -> None:
    """Until midnight in UTC, with the part where it was."""
    case = replace(an_enrolment(CaseState.ENROLLING), parts_done=1)
    waiting = after(step(case, Opened(1, left=True, day_is_full=True)))
    assert waiting.parts_done == 1
    assert waiting.wait_until == NOW.replace(hour=0) + timedelta(days=1)
    again = after(step(case, Opened(1, left=True)))
    assert (again.parts_done, again.wait_until) == (1, NOW + timedelta(seconds=3))
    assert after(step(case, Opened(1, left=False))).parts_done == 2


def test_the_end_tells_what_became_of_them() -> None:
    """So many cases, so many passed over and why."""
    case = replace(an_enrolment(CaseState.ENROLLING), parts_done=2)
    assert step(case) == Do(Task.COUNT)
    action = step(case, replace(TALLY, opened=58, passed_over={"account-disabled": 2}))
    assert isinstance(action, Advance)
    assert action.transition.case.state is CaseState.COMPLETED
    assert action.transition.step is not None
    assert action.transition.step.detail == (
        "58 cases were opened. Passed over in the end: account-disabled 2."
    )


GUARDS = {
    "protected-account": replace(PLAIN, protected=True),
    "excluded-account": replace(PLAIN, excluded=True),
    "guest-account": replace(PLAIN, guest=True),
    "service-account": replace(PLAIN, service=True),
    "account-disabled": replace(PLAIN, disabled=True),
}


@pytest.mark.parametrize(("code", "standing"), GUARDS.items())
def test_whom_a_guard_leaves_alone_nobody_looks_into(code: str, standing: Standing) -> None:
    """The guards come before any state is read."""
    facts = Facts(account=an_account(), standing=standing)
    assert examine(facts, RULES) == Verdict(finding=Finding.REFUSED, reason=code)


def test_what_has_to_be_read_is_asked_for_in_turn() -> None:
    """Each fact once, and an unknown state is no disabled one."""
    facts = Facts()
    assert examine(facts, RULES) is Fact.ACCOUNT
    assert examine(Facts(account=NoAccount()), RULES) == Verdict(finding=Finding.NOT_FOUND)
    facts = replace(facts, account=an_account())
    assert examine(facts, RULES) is Fact.STANDING
    facts = replace(facts, standing=PLAIN)
    assert examine(facts, RULES) is Fact.OTHERS
    facts = replace(facts, others=())
    assert examine(facts, RULES) is Fact.MFA_STATE
    for state, finding in (
        (PerUserMfaState.DISABLED, Finding.ENROL),
        (PerUserMfaState.ENABLED, Finding.ENROL),
        (PerUserMfaState.ENFORCED, Finding.ALREADY_ENFORCED),
    ):
        assert examine(replace(facts, mfa_state=state), RULES) == Verdict(finding=finding)
    unknown = examine(replace(facts, mfa_state=Unknown("no answer")), RULES)
    assert isinstance(unknown, Verdict)
    assert unknown.finding is Finding.UNKNOWN


@pytest.mark.parametrize("state", CaseState)
def test_an_open_case_keeps_people_from_being_enrolled(state: CaseState) -> None:
    """What is over, or parked, does not."""
    facts = Facts(account=an_account(), standing=PLAIN, others=(a_case(state),))
    found = examine(replace(facts, mfa_state=PerUserMfaState.DISABLED), RULES)
    over = {"completed", "ended", "refused", "parked", "superseded", "cancelled"}
    assert isinstance(found, Verdict)
    assert (found.finding is Finding.ENROL) is (state in over)


def test_the_deadline_leaves_the_least_time_whenever_it_is_their_turn() -> None:
    """What was asked for holds unless it is too near by then."""
    one, enrolment = Listed(position=1, user_id=USER_ID), an_enrolment(enforce_by=NOW)
    assert isinstance(enrolment.plan, EnrolmentPlan)
    for asked, expected in (
        (None, NOW + RULES.grace),
        (NOW + timedelta(hours=1), NOW + RULES.minimum_grace),
        (NOW + timedelta(days=20), NOW + timedelta(days=20)),
    ):
        plan = replace(enrolment.plan, enforce_by=asked)
        case = case_for(one, enrolment, plan, RULES, NOW)
        assert isinstance(case.plan, OnboardingPlan)
        assert case.plan.contacts == ()
        assert registration_deadline(case.plan, NOW, RULES) == expected


def enrolled(state: CaseState = CaseState.ACCEPTED, *, at: timedelta = timedelta(0)) -> Case:
    """The case of somebody whom an enrolment brought in."""
    plan = replace(a_plan(occurred_at=NOW + at), enrolled=USER_ID)
    return a_case(state, plan=plan, case_id=CaseId("e" * 32), user_id=UserId(USER_ID))


def a_leaver(state: CaseState) -> Case:
    """The case of the same person's leaving, from long before."""
    plan = LeaverPlan(
        user_principal_name=None,
        employee_id=None,
        effective_at=NOW + timedelta(days=9),
        occurred_at=NOW - timedelta(days=90),
    )
    return replace(a_case(state), plan=plan)


@pytest.mark.parametrize("state", [CaseState.WAITING_EFFECTIVE, CaseState.WAITING_DISABLED])
def test_a_leaver_wins_however_old_the_event(state: CaseState) -> None:
    """And an enrolment never makes a leaver's case needless."""
    leaving = a_leaver(state)
    assert overtaken_by(enrolled(), [leaving], NOW) is leaving
    assert overtaken_by(leaving, [enrolled(at=timedelta(days=1))], NOW) is None


def test_hr_goes_before_an_enrolment() -> None:
    """Its open case counts, however old; what has begun already is not begun again by anybody."""
    joining = a_case(CaseState.WAITING_START)
    assert overtaken_by(enrolled(), [joining], NOW) is joining
    assert overtaken_by(joining, [enrolled()], NOW) is None
    begun = enrolled(CaseState.WAITING_REGISTRATION)
    assert overtaken_by(joining, [begun], NOW) is begun
    long_done = a_case(CaseState.COMPLETED)
    assert overtaken_by(enrolled(), [long_done], NOW) is None


def test_nobody_waits_for_people_who_were_there_to_appear() -> None:
    """Blocked since, they are refused at once; gone since, two looks end their case."""
    facts = Facts(mode=Mode.ACT, others=(), standing=replace(PLAIN, disabled=True))
    blocked = next_action(enrolled(), replace(facts, account=an_account(enabled=False)), RULES, NOW)
    assert isinstance(blocked, Fail)
    assert isinstance(blocked.error, AccountDisabled)
    case = after(next_action(enrolled(), replace(facts, account=NoAccount()), RULES, NOW))
    assert (case.state, case.missing_since) == (CaseState.ACCEPTED, NOW)
    later = replace(case, wait_until=None)
    gone = next_action(
        later, replace(facts, account=NoAccount()), RULES, NOW + RULES.unverified_for
    )
    assert after(gone).state is CaseState.CANCELLED
