"""A cancelled case says truthfully what it leaves behind."""

from dataclasses import replace

import pytest

from shared.application.cancelling import CancelCase
from shared.application.dispatch import Dispatch
from shared.application.holding import Holding
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import Case, CaseState, Change
from shared.domain.effects.mfa_state import SetMfaState
from tests.builders import NOW, a_case, accepted
from tests.fakes.broker import FakeBroker
from tests.fakes.cases import FakeCases
from tests.fakes.leases import FakeLeases
from tests.properties.clock import WorldClock

ENABLING = Change(
    effect=SetMfaState(PerUserMfaState.ENABLED),
    before="disabled",
    begun_at=NOW,
    then=CaseState.ENABLED,
)
PARKED = replace(a_case(CaseState.PARKED), parked_from=CaseState.WAITING_REGISTRATION)


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (a_case(CaseState.ACCEPTED), "Nothing was changed."),
        (a_case(CaseState.WAITING_ACCOUNT), "Nothing was changed."),
        (replace(a_case(), change=ENABLING), "Changing the account to enabled was under way."),
        (a_case(CaseState.OVERDUE), "The account stays enabled for MFA."),
        (a_case(CaseState.ENFORCED), "The account stays enforced for MFA."),
        (PARKED, "The account stays enabled for MFA."),
        (replace(PARKED, parked_from=CaseState.ACCEPTED), "Nothing was changed."),
        (replace(a_case(CaseState.ENABLED), observed=True), "Nothing was changed."),
    ],
)
async def test_what_stays_is_told(case: Case, told: str) -> None:
    """Wherever a case is cancelled, its last step tells the state in which the account is left."""
    cases, broker = FakeCases(), FakeBroker()
    await cases.create(accepted(case))
    clock = WorldClock()
    cancel = CancelCase(
        cases=cases,
        holding=Holding(cases, FakeLeases(), clock),
        dispatch=Dispatch(broker),
        clock=clock,
    )
    stored = await cancel(case.case_id, "helpdesk")
    assert stored.case.state is CaseState.CANCELLED
    assert stored.steps[-1].detail == f"Asked for by helpdesk. {told}"
