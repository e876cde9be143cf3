"""How a case moves: legal transitions only, each with its audit entry and its outgoing event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.domain.cases import (
    ENDED,
    Case,
    CaseEvent,
    CaseState,
    EventType,
    Step,
    StepOutcome,
)
from shared.domain.errors.cases import IllegalTransition
from shared.domain.plans import CaseKind

_EXITS: Final = frozenset(
    {CaseState.REFUSED, CaseState.PARKED, CaseState.SUPERSEDED, CaseState.CANCELLED}
)

_FORMER_METHODS: Final = frozenset({CaseState.AWAITING_APPROVAL, CaseState.REMOVING_METHODS})
"""Where the case of a rehired person may go before they are enabled."""

_ONBOARDING: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.ACCEPTED: _EXITS
    | {CaseState.WAITING_START, CaseState.WAITING_ACCOUNT, CaseState.ENABLED}
    | _FORMER_METHODS,
    CaseState.WAITING_START: _EXITS
    | {CaseState.WAITING_ACCOUNT, CaseState.ENABLED}
    | _FORMER_METHODS,
    CaseState.WAITING_ACCOUNT: _EXITS | {CaseState.ENABLED} | _FORMER_METHODS,
    CaseState.REMOVING_METHODS: _EXITS | {CaseState.ACCEPTED},
    CaseState.ENABLED: _EXITS | {CaseState.WAITING_REGISTRATION, CaseState.ENFORCED},
    CaseState.WAITING_REGISTRATION: _EXITS
    | {CaseState.OVERDUE, CaseState.ENFORCED, CaseState.AWAITING_APPROVAL},
    CaseState.OVERDUE: _EXITS | {CaseState.ENFORCED, CaseState.AWAITING_APPROVAL},
    CaseState.AWAITING_APPROVAL: _EXITS
    | {
        CaseState.ACCEPTED,
        CaseState.WAITING_START,
        CaseState.WAITING_ACCOUNT,
        CaseState.WAITING_REGISTRATION,
        CaseState.OVERDUE,
    },
    CaseState.ENFORCED: _EXITS | {CaseState.COMPLETED},
    CaseState.COMPLETED: frozenset(),
    CaseState.REFUSED: frozenset(),
    CaseState.SUPERSEDED: frozenset(),
    CaseState.CANCELLED: frozenset(),
    CaseState.PARKED: frozenset(CaseState) - ENDED - {CaseState.PARKED} | {CaseState.CANCELLED},
}

_LEAVER: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.ACCEPTED: _EXITS
    | {
        CaseState.WAITING_EFFECTIVE,
        CaseState.AWAITING_APPROVAL,
        CaseState.SESSIONS_REVOKED,
        CaseState.COMPLETED,
    },
    CaseState.WAITING_EFFECTIVE: _EXITS
    | {CaseState.AWAITING_APPROVAL, CaseState.SESSIONS_REVOKED, CaseState.COMPLETED},
    CaseState.SESSIONS_REVOKED: _EXITS | {CaseState.WAITING_DISABLED},
    CaseState.WAITING_DISABLED: _EXITS
    | {CaseState.OVERDUE, CaseState.AWAITING_APPROVAL, CaseState.COMPLETED},
    CaseState.OVERDUE: _EXITS | {CaseState.AWAITING_APPROVAL, CaseState.COMPLETED},
    CaseState.AWAITING_APPROVAL: _EXITS
    | {
        CaseState.ACCEPTED,
        CaseState.WAITING_EFFECTIVE,
        CaseState.WAITING_DISABLED,
        CaseState.OVERDUE,
        CaseState.COMPLETED,
    },
    CaseState.COMPLETED: frozenset(),
    CaseState.REFUSED: frozenset(),
    CaseState.SUPERSEDED: frozenset(),
    CaseState.CANCELLED: frozenset(),
    CaseState.PARKED: frozenset(
        {
            CaseState.ACCEPTED,
            CaseState.WAITING_EFFECTIVE,
            CaseState.SESSIONS_REVOKED,
            CaseState.WAITING_DISABLED,
            CaseState.OVERDUE,
            CaseState.AWAITING_APPROVAL,
            CaseState.CANCELLED,
        }
    ),
}

_EXEMPTION: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.ACCEPTED: _EXITS
    | {CaseState.AWAITING_APPROVAL, CaseState.ACTIVE, CaseState.OVERDUE, CaseState.ENDED},
    CaseState.AWAITING_APPROVAL: _EXITS | {CaseState.ACCEPTED, CaseState.OVERDUE, CaseState.ENDED},
    # Whoever is exempt has to be put back, so it is never refused; cancelled for leavers alone.
    CaseState.ACTIVE: frozenset(
        {CaseState.OVERDUE, CaseState.PARKED, CaseState.ENDED, CaseState.CANCELLED}
    ),
    CaseState.OVERDUE: frozenset({CaseState.PARKED, CaseState.ENDED, CaseState.CANCELLED}),
    CaseState.ENDED: frozenset(),
    CaseState.REFUSED: frozenset(),
    CaseState.SUPERSEDED: frozenset(),
    CaseState.CANCELLED: frozenset(),
    CaseState.PARKED: frozenset(
        {
            CaseState.ACCEPTED,
            CaseState.AWAITING_APPROVAL,
            CaseState.ACTIVE,
            CaseState.OVERDUE,
            CaseState.CANCELLED,
        }
    ),
}

_ENROLMENT: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.ACCEPTED: _EXITS | {CaseState.AWAITING_CONFIRMATION, CaseState.COMPLETED},
    CaseState.AWAITING_CONFIRMATION: _EXITS | {CaseState.ENROLLING},
    CaseState.ENROLLING: _EXITS | {CaseState.AWAITING_CONFIRMATION, CaseState.COMPLETED},
    CaseState.COMPLETED: frozenset(),
    CaseState.REFUSED: frozenset(),
    CaseState.SUPERSEDED: frozenset(),
    CaseState.CANCELLED: frozenset(),
    CaseState.PARKED: frozenset(
        {
            CaseState.ACCEPTED,
            CaseState.AWAITING_CONFIRMATION,
            CaseState.ENROLLING,
            CaseState.CANCELLED,
        }
    ),
}

LEGAL: Final[Mapping[CaseKind, Mapping[CaseState, frozenset[CaseState]]]] = {
    CaseKind.ONBOARDING: _ONBOARDING,
    CaseKind.LEAVER: _LEAVER,
    CaseKind.EXEMPTION: _EXEMPTION,
    CaseKind.ENROLMENT: _ENROLMENT,
}
"""Where a case may go from each state, by its kind."""


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
    )
    return Transition(case=replace(changed, events=outgoing.seq), step=step, event=outgoing)
