"""What is asked for while the person may still register does not keep them from their deadline."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Advance, Fail, Look
from shared.domain.approvals import APPROVAL_LASTS, ask
from shared.domain.authentication import AuthenticationMethod, Unknown
from shared.domain.cases import Case, CaseState
from shared.domain.errors import LifecycleError
from shared.domain.errors.people import AccountDisabled, ExcludedAccount, ProtectedAccount
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from tests.builders import AUTHENTICATOR, NOW, PASSWORD, a_case, a_standing, an_account

RULES = Rules(check_most=timedelta(hours=6))


def asking(state: CaseState, deadline: datetime, what: Impact = Impact.GIVE_PASS) -> Case:
    """A case in this state that asks for an approval."""
    case = replace(a_case(state), deadline=deadline)
    return ask(case, what, RULES, NOW, why="A test needs it.").case


def known(**facts: object) -> Facts:
    """What was read about an administrator."""
    ordinary = Facts(
        account=an_account(), methods=(), privilege=a_standing(privilege=Privilege.ROLE)
    )
    return replace(ordinary, **facts)  # type: ignore[arg-type]  # each test knows the fields


def waited_out(case: Case, now: datetime, methods: tuple[AuthenticationMethod, ...] = ()) -> Case:
    """The case after the policy was asked at a moment; they have these methods and a role then."""
    action = next_action(case, known(methods=methods), RULES, now)
    assert isinstance(action, Advance)
    return action.transition.case


@pytest.mark.parametrize("lasts", [timedelta(hours=1), timedelta(days=3)])
def test_the_question_lapses(lasts: timedelta) -> None:
    """After eight hours, or at the deadline, the case is back where it waited."""
    case = asking(CaseState.WAITING_REGISTRATION, NOW + lasts)
    lapses_at = NOW + min(lasts, APPROVAL_LASTS)
    assert case.wait_until == min(lapses_at, NOW + RULES.check_most)
    before = [NOW + number * RULES.check_most for number in range(1, 4)]
    for moment in (one for one in before if one < lapses_at):
        case = waited_out(case, moment)
        assert case.state is CaseState.AWAITING_APPROVAL
    case = waited_out(case, lapses_at)
    assert (case.state, case.asked_from) == (CaseState.WAITING_REGISTRATION, None)


def test_a_question_of_an_overdue_case_stays() -> None:
    """Nobody is enforced unregistered for want of an answer; without a pass the case goes on."""
    passed = NOW - timedelta(days=1)
    case = asking(CaseState.OVERDUE, passed, Impact.ENFORCE_UNREGISTERED)
    later = waited_out(case, NOW + timedelta(days=2))
    assert later.state is CaseState.AWAITING_APPROVAL
    case = asking(CaseState.OVERDUE, passed)
    assert waited_out(case, NOW + RULES.check_most).state is CaseState.AWAITING_APPROVAL
    assert waited_out(case, NOW + APPROVAL_LASTS).state is CaseState.OVERDUE


@pytest.mark.parametrize("what", [Impact.GIVE_PASS, Impact.ENFORCE_UNREGISTERED])
def test_who_registers_meanwhile_needs_no_approval(what: Impact) -> None:
    """The case looks for it, and is back where it asked; a rehired person's methods prove none."""
    case = asking(CaseState.OVERDUE, NOW - timedelta(days=1), what)
    later = NOW + RULES.check_most
    assert next_action(case, Facts(), RULES, later) == Look(Fact.METHODS)
    assert waited_out(case, later, (PASSWORD,)).state is CaseState.AWAITING_APPROVAL
    back = waited_out(case, later, (PASSWORD, AUTHENTICATOR))
    assert (back.state, back.asked_from, back.approval) == (CaseState.OVERDUE, None, None)
    rehired = asking(CaseState.ACCEPTED, NOW + timedelta(days=14), Impact.WEAKEN)
    still = waited_out(rehired, later, (PASSWORD, AUTHENTICATOR))
    assert still.state is CaseState.AWAITING_APPROVAL


def test_nobody_decides_about_who_is_gone() -> None:
    """Deleted meanwhile: the case ends when looks agree, as everywhere."""
    case = asking(CaseState.OVERDUE, NOW - timedelta(days=1), Impact.ENFORCE_UNREGISTERED)
    later = NOW + RULES.check_most
    action = next_action(case, Facts(methods=NoAccount()), RULES, later)
    assert isinstance(action, Advance)
    missing = action.transition.case
    assert (missing.state, missing.missing_since) == (CaseState.AWAITING_APPROVAL, later)
    at_last = later + RULES.unverified_for
    ended = next_action(missing, Facts(methods=NoAccount()), RULES, at_last)
    assert isinstance(ended, Advance)
    assert ended.transition.case.state is CaseState.CANCELLED
    found = waited_out(missing, at_last)
    assert (found.state, found.missing_since) == (CaseState.AWAITING_APPROVAL, None)
    gone = next_action(case, known(account=NoAccount()), RULES, later)
    assert isinstance(gone, Advance)
    assert gone.transition.case.missing_since == later


def test_who_is_no_longer_privileged_needs_no_approval() -> None:
    """The question about an overdue person is looked at as an overdue person is."""
    case = asking(CaseState.OVERDUE, NOW - timedelta(days=1), Impact.ENFORCE_UNREGISTERED)
    later = NOW + RULES.check_most
    assert next_action(case, Facts(methods=()), RULES, later) == Look(Fact.ACCOUNT)
    assert next_action(case, known(privilege=None), RULES, later) == Look(Fact.PRIVILEGE)
    unreadable = known(privilege=a_standing(privilege=Unknown("No permission.")))
    still = next_action(case, unreadable, RULES, later)
    assert isinstance(still, Advance)
    assert still.transition.case.state is CaseState.AWAITING_APPROVAL
    action = next_action(case, known(privilege=a_standing()), RULES, later)
    assert isinstance(action, Advance)
    back = action.transition.case
    assert (back.state, back.asked_from, back.approval) == (CaseState.OVERDUE, None, None)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"account": an_account(enabled=False)}, AccountDisabled),
        ({"privilege": a_standing(protected=True)}, ProtectedAccount),
        ({"privilege": a_standing(excluded=True)}, ExcludedAccount),
    ],
)
def test_nobody_is_asked_about_what_is_never_done(
    facts: dict[str, object], error: type[LifecycleError]
) -> None:
    """Blocked, protected or excluded meanwhile: refused, as any overdue person is."""
    case = asking(CaseState.OVERDUE, NOW - timedelta(days=1), Impact.ENFORCE_UNREGISTERED)
    action = next_action(case, known(**facts), RULES, NOW + RULES.check_most)
    assert isinstance(action, Fail)
    assert isinstance(action.error, error)
