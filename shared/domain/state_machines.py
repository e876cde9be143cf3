"""Where a case may go from each state: one machine per kind, and no way that is not in it."""

from collections.abc import Mapping
from typing import Final

from shared.domain.cases import ENDED, CaseState
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
    # Whoever is exempt has to be put back, so it is never refused, and cancelled only where it
    # merely observed.
    CaseState.ACTIVE: frozenset(
        {CaseState.OVERDUE, CaseState.PARKED, CaseState.ENDED, CaseState.CANCELLED}
    ),
    CaseState.OVERDUE: frozenset({CaseState.PARKED, CaseState.ENDED}),
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
    CaseState.ACCEPTED: _EXITS
    | {CaseState.AWAITING_CONFIRMATION, CaseState.ENROLLING, CaseState.COMPLETED},
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

_RESET: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.ACCEPTED: _EXITS
    | {
        CaseState.JOINED,
        CaseState.AWAITING_APPROVAL,
        CaseState.AWAITING_COLLECTION,
        CaseState.CONTAINED,
        CaseState.COMPLETED,
    },
    CaseState.JOINED: _EXITS | {CaseState.ACCEPTED, CaseState.COMPLETED},
    CaseState.AWAITING_APPROVAL: _EXITS
    | {
        CaseState.ACCEPTED,
        CaseState.JOINED,
        CaseState.CONTAINED,
        CaseState.METHODS_REMOVED,
        CaseState.WAITING_REGISTRATION,
        CaseState.OVERDUE,
    },
    CaseState.AWAITING_COLLECTION: _EXITS | {CaseState.ACCEPTED, CaseState.JOINED},
    CaseState.CONTAINED: _EXITS
    | {CaseState.ACCEPTED, CaseState.AWAITING_APPROVAL, CaseState.METHODS_REMOVED},
    CaseState.METHODS_REMOVED: _EXITS
    | {
        CaseState.AWAITING_APPROVAL,
        CaseState.WAITING_REGISTRATION,
        CaseState.AWAITING_CONFIRMATION,
        CaseState.COMPLETED,
    },
    CaseState.WAITING_REGISTRATION: _EXITS
    | {
        CaseState.JOINED,
        CaseState.AWAITING_APPROVAL,
        CaseState.OVERDUE,
        CaseState.AWAITING_CONFIRMATION,
        CaseState.COMPLETED,
    },
    CaseState.OVERDUE: _EXITS
    | {
        CaseState.JOINED,
        CaseState.AWAITING_APPROVAL,
        CaseState.AWAITING_CONFIRMATION,
        CaseState.COMPLETED,
    },
    CaseState.AWAITING_CONFIRMATION: _EXITS | {CaseState.JOINED, CaseState.COMPLETED},
    CaseState.COMPLETED: frozenset(),
    CaseState.REFUSED: frozenset(),
    CaseState.SUPERSEDED: frozenset(),
    CaseState.CANCELLED: frozenset(),
    CaseState.PARKED: frozenset(
        {
            CaseState.ACCEPTED,
            CaseState.JOINED,
            CaseState.AWAITING_APPROVAL,
            CaseState.AWAITING_COLLECTION,
            CaseState.CONTAINED,
            CaseState.METHODS_REMOVED,
            CaseState.WAITING_REGISTRATION,
            CaseState.OVERDUE,
            CaseState.AWAITING_CONFIRMATION,
            CaseState.CANCELLED,
        }
    ),
}

_CHANGE_NOTHING: Final = frozenset(
    {CaseState.AWAITING_APPROVAL, CaseState.JOINED, CaseState.PARKED} | ENDED
)
"""States in which no change of anybody is due, so that no budget can hold the case."""


def _with_holds(
    machine: Mapping[CaseState, frozenset[CaseState]],
) -> Mapping[CaseState, frozenset[CaseState]]:
    """The same, where a case may be held in each state in which a change may be due."""
    held_in = machine.keys() - _CHANGE_NOTHING
    return {
        **machine,
        **{state: machine[state] | {CaseState.HELD} for state in held_in | {CaseState.PARKED}},
        CaseState.HELD: _EXITS | held_in,
    }


LEGAL: Final[Mapping[CaseKind, Mapping[CaseState, frozenset[CaseState]]]] = {
    CaseKind.ONBOARDING: _with_holds(_ONBOARDING),
    CaseKind.LEAVER: _with_holds(_LEAVER),
    CaseKind.EXEMPTION: _with_holds(_EXEMPTION),
    # An enrolment changes nobody itself; the onboardings that it opens do.
    CaseKind.ENROLMENT: _ENROLMENT,
    CaseKind.RESET: _with_holds(_RESET),
}
"""Where a case may go from each state, by its kind."""
