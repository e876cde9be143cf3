"""How exemptions end, rule by rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.actions import Look, Rest
from shared.domain.authentication import MFA_METHODS, AuthenticationMethod, PerUserMfaState
from shared.domain.cases import Case, CaseState, EventType
from shared.domain.control import Mode
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors import LifecycleError
from shared.domain.errors.cases import IllegalTransition
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.directory import (
    AccountNotVisible,
    ChangeUnverified,
    PermissionMissing,
)
from shared.domain.errors.people import (
    ProtectedAccount,
)
from shared.domain.exemption.ending import RESTORABLE, end_now
from shared.domain.facts import Fact
from shared.domain.failures import after_failure, replayed
from shared.domain.people.standing import Standing
from tests.builders import (
    AUTHENTICATOR,
    NOW,
    PASSWORD,
    a_case,
    a_leaver,
    a_standing,
    an_account,
    an_exemption,
)
from tests.unit.domain.exemption_decisions import (
    DAY,
    DISABLED,
    ENABLED,
    END,
    ENFORCED,
    RULES,
    TROUBLE,
    active,
    advanced,
    approved,
    decide,
    error_of,
    told,
)

# --- The end --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", [Fact.MODE, Fact.ACCOUNT, Fact.MFA_STATE])
def test_the_end_looks_at_what_is_true_then(fact: Fact) -> None:
    """Nothing of what was read when it began is believed."""
    assert decide(active(), END, **{"mfa_state": DISABLED, fact.value: None}) == Look(fact)


@pytest.mark.parametrize("state", [DISABLED, ENABLED])
@pytest.mark.parametrize("method", sorted(MFA_METHODS))
def test_who_is_registered_is_enforced(state: PerUserMfaState, method: str) -> None:
    """Any MFA method is enough."""
    methods = (PASSWORD, AuthenticationMethod("m", next(m for m in MFA_METHODS if m == method)))
    begun = advanced(decide(active(), END, mfa_state=state, methods=methods)).case.change
    assert begun is not None
    assert begun.effect == SetMfaState(ENFORCED)


def test_who_is_not_registered_is_enabled() -> None:
    """They are asked to register at the next sign-in, and not locked out."""
    begun = advanced(decide(active(), END, mfa_state=DISABLED, methods=(PASSWORD,))).case.change
    assert begun is not None
    assert begun.effect == SetMfaState(ENABLED)


@pytest.mark.parametrize(
    ("state", "methods"), [(ENFORCED, ()), (ENFORCED, (AUTHENTICATOR,)), (ENABLED, (PASSWORD,))]
)
def test_what_holds_is_not_lowered(
    state: PerUserMfaState, methods: tuple[AuthenticationMethod, ...]
) -> None:
    """Whom somebody has put back already is not written."""
    ended = advanced(decide(active(), END, mfa_state=state, methods=methods))
    assert (ended.case.state, told(ended)) == (CaseState.ENDED, EventType.EXEMPTION_ENDED)


@pytest.mark.parametrize(
    "left",
    [
        a_leaver(CaseState.SESSIONS_REVOKED),
        a_leaver(CaseState.COMPLETED),
        replace(a_leaver(CaseState.PARKED), parked_from=CaseState.WAITING_DISABLED),
        replace(a_leaver(CaseState.AWAITING_APPROVAL), asked_from=CaseState.OVERDUE),
    ],
)
def test_who_has_left_is_not_touched(left: Case) -> None:
    """By a leaver's case and a blocked account; the exemption ends without a write or a read."""
    facts = {"others": (left,), "account": an_account(enabled=False), "mfa_state": None}
    assert decide(active(), END, **{**facts, "others": None}) == Look(Fact.OTHERS)
    assert advanced(decide(active(), END, **facts)).case.state is CaseState.ENDED
    observed = replace(left, observed=True)
    waits = advanced(decide(active(), END, **{**facts, "others": (observed,)}))
    assert waits.case.state is CaseState.OVERDUE


@pytest.mark.parametrize("state", [CaseState.ACCEPTED, CaseState.WAITING_DISABLED])
def test_a_leaver_who_still_can_sign_in_is_put_back(state: CaseState) -> None:
    """HR sends the wrong name one day, and putting MFA back only strengthens."""
    facts = {"others": (a_leaver(state),), "mfa_state": DISABLED, "methods": (AUTHENTICATOR,)}
    begun = advanced(decide(active(), END, **facts)).case.change
    assert begun is not None
    assert begun.effect == SetMfaState(ENFORCED)


@pytest.mark.parametrize(
    "left",
    [
        a_leaver(CaseState.ACCEPTED),
        replace(a_leaver(CaseState.AWAITING_APPROVAL), asked_from=CaseState.ACCEPTED),
        replace(a_leaver(CaseState.PARKED), parked_from=CaseState.ACCEPTED),
    ],
)
def test_who_may_be_a_leaver_is_waited_for(left: Case) -> None:
    """A blocked account whose leaver's case is not decided yet may be let in again."""
    overdue = advanced(decide(active(), END, others=(left,), account=an_account(enabled=False)))
    assert (overdue.case.state, told(overdue)) == (CaseState.OVERDUE, EventType.OVERDUE)
    later = decide(overdue.case, END + DAY, others=(left,), mfa_state=DISABLED)
    assert later == Look(Fact.METHODS)


def test_a_blocked_account_is_waited_for() -> None:
    """The guards let nothing be written to it; once it is unblocked the person is put back."""
    overdue = advanced(decide(active(), END, account=an_account(enabled=False)))
    assert (overdue.case.state, told(overdue)) == (CaseState.OVERDUE, EventType.OVERDUE)
    assert decide(overdue.case, END + DAY, mfa_state=DISABLED) == Look(Fact.METHODS)


def test_what_was_put_back_is_proven_before_it_is_ended() -> None:
    """The case ends by what was read back, and tells that once."""
    case, facts = active(), {"mfa_state": DISABLED, "methods": (AUTHENTICATOR,)}
    announced = advanced(decide(case, END, **facts)).case
    proven = advanced(decide(announced, END, mfa_state=ENFORCED))
    assert (proven.case.state, told(proven)) == (CaseState.ACTIVE, None)
    ended = advanced(decide(proven.case, END))
    assert (ended.case.state, told(ended)) == (CaseState.ENDED, EventType.EXEMPTION_ENDED)


@pytest.mark.parametrize(("mode", "expected"), [(Mode.STOP, Stopped), (Mode.OBSERVE, Observing)])
def test_an_end_that_may_not_be_carried_out_is_overdue(
    mode: Mode, expected: type[LifecycleError]
) -> None:
    """It is told once, and tried until it may be; it never ends as if it had been done."""
    overdue = advanced(decide(active(), END, mode=mode))
    assert (overdue.case.state, told(overdue)) == (CaseState.OVERDUE, EventType.OVERDUE)
    assert type(error_of(decide(overdue.case, END, mode=mode))) is expected
    assert decide(overdue.case, END, mfa_state=DISABLED) == Look(Fact.METHODS)


def test_a_deleted_account_may_come_back() -> None:
    """It is looked for as long as it can be restored, and then there is nothing to put back."""
    gone = advanced(decide(active(), END, account=NoAccount()))
    assert (gone.case.state, told(gone)) == (CaseState.OVERDUE, EventType.OVERDUE)
    assert gone.case.wait_until == END + RULES.check_first
    later = advanced(decide(gone.case, END + DAY, account=NoAccount()))
    assert later.event is None
    over = advanced(decide(later.case, END + RESTORABLE, account=NoAccount()))
    assert (over.case.state, told(over)) == (CaseState.ENDED, EventType.EXEMPTION_ENDED)


def test_the_thirty_days_begin_when_it_was_first_missed() -> None:
    """However long after the end that is; an account that shows in between begins them anew."""
    overdue = advanced(decide(active(), END, account=an_account(enabled=False))).case
    late = END + 31 * DAY
    missed = advanced(decide(overdue, late, account=NoAccount())).case
    assert (missed.state, missed.missing_since) == (CaseState.OVERDUE, late)
    found = advanced(decide(missed, late + DAY)).case
    assert found.missing_since is None
    assert decide(found, late + DAY, mfa_state=DISABLED) == Look(Fact.METHODS)
    again = advanced(decide(found, late + RESTORABLE, account=NoAccount())).case
    assert again.state is CaseState.OVERDUE


def test_methods_that_do_not_show_are_no_deleted_account() -> None:
    """The account is there, so it is tried again: one replica's 404 ends nothing."""
    overdue = advanced(decide(active(), END, account=an_account(enabled=False))).case
    late = END + 31 * DAY
    action = decide(overdue, late, mfa_state=DISABLED, methods=NoAccount())
    assert isinstance(error_of(action), AccountNotVisible)


@pytest.mark.parametrize(
    "standing", [a_standing(excluded=True), a_standing(protected=True), a_standing(guest=True)]
)
def test_whom_the_guards_let_nobody_change_is_overdue(standing: Standing) -> None:
    """It is told once, with the reason, and looked at again however long that lasts."""
    known = {"mfa_state": DISABLED, "methods": (AUTHENTICATOR,)}
    assert decide(active(), END, standing=None, **known) == Look(Fact.STANDING)
    refused = {**known, "standing": standing}
    overdue = advanced(decide(active(), END, **refused))
    assert (overdue.case.state, told(overdue)) == (CaseState.OVERDUE, EventType.OVERDUE)
    later = advanced(decide(overdue.case, END + 9 * DAY, **refused))
    assert (later.step, later.event) == (None, None)
    assert later.case.wait_until == END + 9 * DAY + RULES.check_most
    begun = advanced(decide(later.case, END + 10 * DAY, **known)).case.change
    assert begun is not None
    done = advanced(decide(active(), END, **{**refused, "mfa_state": ENFORCED}))
    assert done.case.state is CaseState.ENDED


@pytest.mark.parametrize(
    "error", [PermissionMissing("403"), ProtectedAccount("no"), ChangeUnverified("lost")]
)
def test_an_end_that_fails_is_told_and_tried_again_by_itself(error: LifecycleError) -> None:
    """Nobody's exemption lasts because its end was parked or refused."""
    parked = after_failure(active(), error, RULES, END)
    assert (parked.case.state, told(parked)) == (CaseState.PARKED, EventType.PARKED)
    assert parked.event is not None
    assert parked.event.reason == error.code
    assert parked.case.unfinished
    assert parked.case.wait_until == END + RULES.taken_up_after
    assert decide(parked.case, END) == Rest()
    resumed = advanced(decide(parked.case, END + RULES.taken_up_after))
    assert resumed.case.state is CaseState.ACTIVE
    assert replayed(parked.case, "admin", END).case.state is CaseState.ACTIVE


def test_trouble_that_lasts_is_met_less_and_less_often() -> None:
    """The pause is a third of the time since the end; what has failed so often fails once more."""
    worn = replace(active(), attempts=RULES.attempts)
    parked = after_failure(worn, TROUBLE, RULES, END + 3 * timedelta(hours=2)).case
    assert parked.wait_until == END + timedelta(hours=8)
    resumed = advanced(decide(parked, parked.wait_until)).case
    assert after_failure(resumed, TROUBLE, RULES, END + DAY).case.state is CaseState.PARKED


def test_a_beginning_that_is_refused_is_met_less_and_less_often() -> None:
    """Days before the end too: what is refused each time is not told every quarter of an hour."""
    case, now = advanced(decide(approved(an_exemption()))).case, NOW
    times = 0
    while now < END:
        parked = after_failure(case, ProtectedAccount("no"), RULES, now).case
        assert parked.wait_until is not None
        now, times = parked.wait_until, times + 1
    assert (now, times < 4 * 7 + 15) == (END, True)


def test_other_cases_stay_parked() -> None:
    """What has nothing to put back waits for a human, as it always did."""
    for case in (a_case(), an_exemption()):
        parked = after_failure(case, PermissionMissing("403"), RULES, NOW).case
        assert (parked.unfinished, parked.wait_until) == (False, None)


def test_a_beginning_that_nobody_saw_has_an_end_too() -> None:
    """A change that was announced may have happened, so the end puts that person back as well."""
    announced = advanced(decide(approved(an_exemption()))).case
    parked = after_failure(announced, ChangeUnverified("lost"), RULES, NOW).case
    resumed = advanced(decide(parked, END)).case
    anew = advanced(decide(resumed, END, mfa_state=ENFORCED)).case
    assert anew.change is None
    ending = advanced(decide(anew, END, mfa_state=DISABLED, methods=(AUTHENTICATOR,))).case
    assert ending.change is not None
    assert ending.change.effect == SetMfaState(ENFORCED)


# --- Ended early ----------------------------------------------------------------------------------


def test_it_is_ended_early_by_bringing_the_end_forward() -> None:
    """The worker puts the person back, whether the case waited, was parked or was on its way."""
    parked = after_failure(active(), PermissionMissing("403"), RULES, NOW).case
    for case in (active(), parked):
        ended = end_now(case, "helpdesk-2", NOW + DAY).case
        assert (ended.state, ended.deadline) == (CaseState.ACTIVE, NOW + DAY)
        assert decide(ended, NOW + DAY, mfa_state=DISABLED) == Look(Fact.METHODS)
    announced = advanced(decide(approved(an_exemption()))).case
    assert end_now(announced, "helpdesk-2", NOW).case.must_put_back


def test_what_has_changed_nothing_is_cancelled() -> None:
    """Before the approval there is nothing to put back."""
    waiting = advanced(decide(an_exemption())).case
    assert end_now(waiting, "helpdesk-1", NOW).case.state is CaseState.CANCELLED
    with pytest.raises(IllegalTransition):
        end_now(replace(waiting, state=CaseState.REFUSED), "helpdesk-1", NOW)
    with pytest.raises(TypeError):
        end_now(a_case(), "helpdesk-1", NOW)


def test_an_end_is_not_put_off_by_asking_for_it() -> None:
    """Who asks after the end has come changes nothing about when it came."""
    assert end_now(active(), "helpdesk-2", END + DAY).case.deadline == END
