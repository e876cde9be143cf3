"""The policy of exemptions until their end, rule by rule."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Advance, Look, Rest
from shared.domain.authentication import Unknown
from shared.domain.cases import CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors import LifecycleError
from shared.domain.errors.cases import IllegalTransition
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.directory import (
    StateUnknown,
)
from shared.domain.errors.exemptions import (
    ExemptionOver,
    NothingToExempt,
    PersonLeaving,
    PersonUnknown,
    UnprotectedOtherwise,
)
from shared.domain.errors.people import (
    AccountDisabled,
    ExcludedAccount,
    GuestAccount,
    ProtectedAccount,
    ServiceAccount,
)
from shared.domain.exemption.beginning import UNPROTECTED
from shared.domain.facts import Fact
from shared.domain.failures import cancelled
from shared.domain.people.standing import Privilege
from tests.builders import (
    NOW,
    a_leaver,
    a_standing,
    an_exemption,
    an_exemption_plan,
)
from tests.unit.domain.exemption_decisions import (
    DAY,
    DISABLED,
    END,
    ENFORCED,
    active,
    advanced,
    approved,
    decide,
    error_of,
    told,
)

# --- Who may be exempt ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fact", [Fact.MODE, Fact.OTHERS, Fact.ACCOUNT, Fact.STANDING, Fact.MFA_STATE]
)
def test_everything_is_looked_at_before_anybody_is_asked(fact: Fact) -> None:
    """What is not known yet is read, and nobody is bothered for what would be refused."""
    unread: dict[str, Any] = {fact.value: None}
    assert decide(an_exemption(), **unread) == Look(fact)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"mode": Mode.STOP, "account": None}, Stopped),
        ({"account": NoAccount()}, PersonUnknown),
        ({"standing": a_standing(guest=True)}, GuestAccount),
        ({"standing": a_standing(disabled=True)}, AccountDisabled),
        ({"standing": a_standing(protected=True)}, ProtectedAccount),
        ({"standing": a_standing(excluded=True)}, ExcludedAccount),
        ({"standing": a_standing(service=True)}, ServiceAccount),
        ({"others": (a_leaver(CaseState.ACCEPTED),)}, PersonLeaving),
        ({"others": (a_leaver(CaseState.COMPLETED),)}, PersonLeaving),
        ({"mfa_state": Unknown("no answer")}, StateUnknown),
        ({"mfa_state": DISABLED}, NothingToExempt),
    ],
)
def test_who_is_not_exempt(facts: dict[str, Any], expected: type[LifecycleError]) -> None:
    """Whom the guards refuse, leavers, strangers and the disabled are not; nor the unknown."""
    assert type(error_of(decide(an_exemption(), **facts))) is expected
    assert type(error_of(decide(approved(an_exemption()), **facts))) is expected


def test_whom_nothing_else_is_known_to_protect_is_refused_unless_accepted() -> None:
    """Unknown counts as no; who accepts it has it stand before the approver's eyes."""
    strict = an_exemption(plan=an_exemption_plan(accept_unprotected=False))
    assert isinstance(error_of(decide(strict)), UnprotectedOtherwise)
    assert UNPROTECTED in advanced(decide(an_exemption())).case.warnings


# --- The approval ---------------------------------------------------------------------------------


def test_somebody_else_approves_always() -> None:
    """Nothing is announced before an approval, and with one nothing else is asked."""
    asked = advanced(decide(an_exemption()))
    assert (asked.case.state, told(asked)) == (
        CaseState.AWAITING_APPROVAL,
        EventType.APPROVAL_REQUESTED,
    )
    announced = advanced(decide(approved(an_exemption())))
    assert announced.case.change is not None
    assert announced.case.change.effect == SetMfaState(DISABLED)
    assert announced.case.before == ENFORCED


def test_the_approver_reads_that_the_person_is_privileged() -> None:
    """Weakening a privileged person needs their word most; unknown counts as privileged."""
    for privilege in (Privilege.ROLE, Unknown("forbidden")):
        asked = advanced(decide(an_exemption(), standing=a_standing(privilege=privilege)))
        assert asked.step is not None
        assert "privileged" in (asked.step.detail or "")
    asked = advanced(decide(an_exemption()))
    assert asked.step is not None
    assert "privileged" not in (asked.step.detail or "")


def test_an_approval_wears_off() -> None:
    """After eight hours somebody is asked again."""
    late = decide(approved(an_exemption()), NOW + timedelta(hours=8))
    assert advanced(late).case.state is CaseState.AWAITING_APPROVAL


def test_an_approval_that_comes_too_late_is_refused() -> None:
    """Waiting for it ends when the exemption would have ended."""
    asked = advanced(decide(an_exemption())).case
    while isinstance(action := decide(asked, asked.wait_until or NOW), Advance):
        asked = action.transition.case
        assert asked.wait_until is not None
        assert asked.wait_until <= END
    assert isinstance(error_of(action), ExemptionOver)
    late = replace(approved(an_exemption()))
    assert isinstance(error_of(decide(late, END)), ExemptionOver)


def test_observe_mode_tells_the_story_and_asks_nobody() -> None:
    """It would disable, it would end, and nothing is waited for."""
    would = advanced(decide(an_exemption(), mode=Mode.OBSERVE))
    assert would.step is not None
    assert (would.step.action, would.step.outcome) == ("would-disable", StepOutcome.WOULD)
    ended = advanced(decide(would.case))
    assert (ended.case.state, told(ended)) == (CaseState.ENDED, EventType.EXEMPTION_ENDED)
    assert not would.case.must_put_back


def test_what_may_have_been_written_is_not_observed_away() -> None:
    """The answer to the write was lost, and a replica tells what was before: it must end, too."""
    announced = advanced(decide(approved(an_exemption()))).case
    for answer in (ENFORCED, DISABLED):
        case = advanced(decide(announced, mode=Mode.OBSERVE, mfa_state=answer)).case
        assert case.must_put_back
    lost = advanced(decide(announced, mode=Mode.OBSERVE)).case
    assert isinstance(error_of(decide(lost, mode=Mode.OBSERVE)), Observing)
    assert decide(lost, END, mode=Mode.ACT, mfa_state=DISABLED) == Look(Fact.METHODS)


# --- In force -------------------------------------------------------------------------------------


def test_it_is_active_when_it_was_read_back() -> None:
    """Then it waits, tells that a day before its end, and rests again until the end."""
    case = active()
    assert (case.state, case.wait_until) == (CaseState.ACTIVE, END - DAY)
    assert decide(case, END - 2 * DAY) == Rest()
    notice = advanced(decide(case, END - DAY))
    assert told(notice) is EventType.EXEMPTION_EXPIRING
    assert notice.case.wait_until == END
    assert decide(notice.case, END - timedelta(seconds=1)) == Rest()


def test_a_short_one_is_not_announced() -> None:
    """One that is over within the notice has none: its beginning said all there is to say."""
    plan = an_exemption_plan(ends_at=NOW + timedelta(hours=20))
    proven = an_exemption(CaseState.ACTIVE, plan=plan, before=ENFORCED)
    assert advanced(decide(proven)).case.wait_until == plan.ends_at


def test_one_that_is_taken_up_late_is_announced_all_the_same() -> None:
    """A host that died right after the change costs nobody the notice."""
    proven = an_exemption(CaseState.ACTIVE, before=ENFORCED)
    late = END - timedelta(hours=20)
    waiting = advanced(decide(proven, late)).case
    assert told(advanced(decide(waiting, late))) is EventType.EXEMPTION_EXPIRING


def test_it_is_ended_and_not_cancelled() -> None:
    """Cancelling undoes nothing, so nobody cancels what has to be put back, not even a leaver."""
    overdue = replace(active(), state=CaseState.OVERDUE)
    parked = replace(active(), state=CaseState.PARKED, parked_from=CaseState.ACTIVE)
    for case in (active(), overdue, parked):
        with pytest.raises(IllegalTransition):
            cancelled(case, "a leaver's case", NOW)
    waiting = advanced(decide(an_exemption())).case
    step = cancelled(waiting, "helpdesk-2", NOW).step
    assert step is not None
    assert step.detail == "Asked for by helpdesk-2. Nothing was changed."
