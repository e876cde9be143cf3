"""Tell the whole story of a reset that only observes, without waiting for anybody."""

from dataclasses import replace
from datetime import datetime

from shared.domain.actions import Action, Advance
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.facts import Facts
from shared.domain.listing import shown
from shared.domain.people.rulings import Impact, NeedsApproval, ruling
from shared.domain.plans import ResetPlan
from shared.domain.removing import listed, removable
from shared.domain.reset.scope import Methods, doubtful, scope
from shared.domain.reset.tickets import ResetAction
from shared.domain.transitions import move, record


def tell(case: Case, plan: ResetPlan, facts: Facts, now: datetime) -> Action:
    """What it would do, in one entry."""
    said: list[str] = []
    going: Methods = ()
    if ResetAction.METHODS in plan.actions:
        methods = shown(facts)
        if not isinstance(methods, tuple):
            return methods
        going = removable(scope(methods, plan.reason))
        said.append(f"Would remove {listed(going) or 'no method'}.")
        if kept := doubtful(methods, plan.reason):
            said.append(f"Would keep {listed(kept)}, which may be in the device.")
    if ResetAction.SESSIONS in plan.actions:
        said.append("Would revoke all sessions.")
    if ResetAction.APP_PASSWORDS in plan.actions:
        said.append("Would see to app passwords.")
    if facts.standing is not None:
        ruled = ruling(Impact.CONTAIN, facts.standing)
        if isinstance(ruled, NeedsApproval):
            said.insert(0, f"Would ask for an approval first. {ruled.reason}")
    return Advance(
        record(
            replace(move(case, CaseState.COMPLETED), observed=True, wait_until=None, attempts=0),
            now,
            action="would-reset",
            outcome=StepOutcome.WOULD,
            before=listed(going) or None,
            detail=f"Observe mode: nothing was changed. {' '.join(said)}",
            event=EventType.COMPLETED,
        )
    )
