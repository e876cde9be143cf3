"""Leavers: from `waiting-disabled` to the end, decision by decision."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Advance, Cancel
from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    AuthenticationMethod,
    MethodType,
)
from shared.domain.cases import PEOPLE, CaseState, EventType
from shared.domain.effects.methods import RemoveMethods
from shared.domain.errors.directory import MethodNotRemovable
from shared.domain.errors.people import (
    AccountNotFound,
)
from shared.domain.ids import CaseId
from shared.domain.people.rulings import Impact
from shared.domain.plans import LeaverPlan
from shared.domain.policy import next_action
from shared.domain.removing import removable
from tests.builders import (
    AUTHENTICATOR,
    NOW,
    PASSWORD,
    a_case,
    an_account,
)
from tests.unit.domain.leaver_decisions import (
    BLOCKED,
    DAY,
    RULES,
    WAITING,
    a_leaver,
    advanced,
    facts,
    failed,
)


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
    assert begun.change.effect == RemoveMethods((AUTHENTICATOR,), Impact.OFFBOARD)


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
