"""Cases that stand still because the budget of what they do next is used up (safety rule S5).

Nothing of what a held case was about to do has been done: what was counted once goes on. When the
flow goes on, everything about the person is read anew.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.actions import Action, Advance, Look, Rest
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.errors.budgets import BudgetExhausted
from shared.domain.facts import Fact, Facts
from shared.domain.transitions import Transition, move, record

SHORTEST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(minutes=15)
"""Between two looks at the flow. An approval wakes the first cases at once; the others find it."""


def hold(case: Case, error: BudgetExhausted, now: datetime) -> Transition:
    """The case that has to wait; it tells so once for each budget, however often it waits."""
    unbegun = case.state is CaseState.ACCEPTED
    held = replace(
        move(case, CaseState.HELD),
        held_from=case.state,
        held_for=error.budget,
        held_since=now,
        change=None,
        # What was announced and not counted was not written, so nothing has to be put back.
        before=None if unbegun else case.before,
        wait_until=now + SHORTEST_PAUSE,
    )
    if case.held_for is error.budget:
        return Transition(case=replace(held, updated_at=now))
    return record(
        held,
        now,
        action="hold",
        outcome=StepOutcome.WAITING,
        detail=error.detail,
        event=EventType.HELD,
        reason=error.code,
    )


def stand_still(case: Case, facts: Facts, now: datetime) -> Action:
    """Wait for as long as the flow is held; look rarely, and at nothing else."""
    if facts.held is None:
        return Look(Fact.HELD)
    if not facts.held:
        return Advance(Transition(case=replace(let_go(case), updated_at=now)))
    if case.wait_until is not None and now < case.wait_until:
        return Rest()
    waited = now - (case.held_since or now)
    pause = min(max(waited / 3, SHORTEST_PAUSE), LONGEST_PAUSE)
    return Advance(Transition(case=replace(case, wait_until=now + pause, updated_at=now)))


def let_go(case: Case) -> Case:
    """A held case where it was held, to go on at once."""
    return replace(
        move(case, case.held_from or case.state),
        held_from=None,
        held_since=None,
        wait_until=None,
    )
