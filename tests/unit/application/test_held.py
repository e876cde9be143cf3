"""Held cases and the worker: an approval wakes them at once, and nothing else does too early."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.contracts.commands import AdvanceCase
from shared.domain.budgets.flows import Budget, Flow
from shared.domain.budgets.limits import Allowance
from shared.domain.cases import CaseState
from shared.domain.schedules import Rules
from tests.builders import NOW, SIGN_IN_NAME, a_case, accepted
from tests.fakes.budgets import FakeBudgets
from tests.fakes.cases import FakeCases
from tests.fakes.directory import FakeDirectory
from tests.unit.application.test_advance import SetClock, a_worker

NONE_LEFT = Allowance(per_hour=0, per_day=0)


@pytest.mark.parametrize("flow_is_held", [True, False])
@pytest.mark.parametrize("woken", [True, False])
async def test_an_approval_wakes_a_held_case_before_its_time(
    *, flow_is_held: bool, woken: bool
) -> None:
    """A command goes on at once where the flow does; the case's own wake-up call waits for it."""
    clock, directory, cases, budgets = SetClock(), FakeDirectory(), FakeCases(), FakeBudgets()
    user = directory.add(SIGN_IN_NAME)
    case = replace(
        a_case(CaseState.HELD, user_id=user),
        held_from=CaseState.WAITING_ACCOUNT,
        held_for=Budget.ENABLED,
        held_since=NOW,
        wait_until=clock.now() + timedelta(minutes=15),
    )
    await cases.create(accepted(case))
    if flow_is_held:
        flow = Flow(Budget.ENABLED, case.source)
        assert not await budgets.spend(flow, "somebody", NONE_LEFT, clock.now())
    worker = a_worker(cases, directory, clock, directory, Rules(), budgets=budgets)
    await worker(AdvanceCase.of(case, wake=None if woken else case.wait_until))
    stored = await cases.load(case.case_id)
    assert stored is not None
    goes_on = woken and not flow_is_held
    assert (stored.case.state is CaseState.HELD) is not goes_on
    assert bool(directory.writes) is goes_on
