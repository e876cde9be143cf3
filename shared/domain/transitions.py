"""How a case moves: legal transitions only, each with its audit entry and its outgoing event."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.cases import (
    Case,
    CaseEvent,
    CaseState,
    EventType,
    Step,
    StepOutcome,
)
from shared.domain.errors.cases import IllegalTransition
from shared.domain.reset.outcome import left_to_do, removed_types, system_of, ticket_of
from shared.domain.state_machines import LEGAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A change of a case, complete: it is stored in one transaction or not at all.

    Attributes:
        case: the case as it stands afterwards.
        step: the audit entry, where there is one.
        event: the outgoing event, where there is one.
    """

    case: Case
    step: Step | None = None
    event: CaseEvent | None = None


def move(case: Case, to: CaseState) -> Case:
    """The case in its new state.

    Raises:
        IllegalTransition: the state machine has no such way.
    """
    if to not in LEGAL[case.kind][case.state]:
        raise IllegalTransition(f"The case is {case.state} and can't become {to}.")
    return replace(case, state=to)


def record(
    case: Case,
    now: datetime,
    *,
    action: str,
    outcome: StepOutcome,
    before: str | None = None,
    after: str | None = None,
    detail: str | None = None,
    event: EventType | None = None,
    reason: str | None = None,
) -> Transition:
    """The case with one more audit entry and, where asked for, one more outgoing event."""
    step = Step(
        seq=case.steps + 1,
        at=now,
        action=action,
        outcome=outcome,
        before=before,
        after=after,
        detail=detail,
    )
    changed = replace(case, steps=step.seq, updated_at=now)
    if event is None:
        return Transition(case=changed, step=step)
    outgoing = CaseEvent(
        seq=case.events + 1,
        type=event,
        at=now,
        state=changed.state,
        user_id=changed.user_id,
        deadline=changed.deadline,
        observed=changed.observed,
        reason=reason,
        ticket_id=ticket_of(changed),
        ticket_system=system_of(changed),
        manager=changed.reset.manager,
        removed=removed_types(changed),
        app_passwords=changed.reset.app_passwords,
        left_to_do=left_to_do(changed),
    )
    return Transition(case=replace(changed, events=outgoing.seq), step=step, event=outgoing)
