"""What became of the people whom a run had taken up again: what their enrolment's case says."""

from enum import StrEnum
from typing import assert_never

from shared.domain.cases import Case, CaseState


class Outcome(StrEnum):
    """How far an enrolment is that a run has asked for."""

    PLANNING = "planning"
    """It looks at everybody again; nobody can agree to anything yet."""
    HELD = "held"
    """It waits for an Approver's word."""
    ENROLLING = "enrolling"
    """A case is opened for each, so many a day."""
    DONE = "done"
    """Nobody on it is left to be taken up."""
    LAPSED = "lapsed"
    """Nobody agreed to it in time, and nobody was taken up."""
    CANCELLED = "cancelled"
    """It was called off; nobody else is taken up."""
    PARKED = "parked"
    """It can't go on, and somebody has to see why."""
    UNKNOWN = "unknown"
    """Its case is gone, or can't be read."""


def outcome_of(enrolment: Case | None) -> Outcome:
    """What became of an enrolment; None stands for one of which nobody can tell."""
    if enrolment is None:
        return Outcome.UNKNOWN
    match enrolment.state:
        case CaseState.ACCEPTED:
            return Outcome.PLANNING
        case CaseState.AWAITING_CONFIRMATION:
            return Outcome.HELD
        case CaseState.ENROLLING:
            return Outcome.ENROLLING
        case CaseState.COMPLETED:
            return Outcome.DONE
        case CaseState.CANCELLED if not enrolment.called_off_by:
            return Outcome.LAPSED
        case CaseState.CANCELLED | CaseState.REFUSED | CaseState.SUPERSEDED:
            return Outcome.CANCELLED
        case CaseState.PARKED:
            return Outcome.PARKED
        case (
            CaseState.WAITING_START
            | CaseState.WAITING_ACCOUNT
            | CaseState.REMOVING_METHODS
            | CaseState.ENABLED
            | CaseState.WAITING_REGISTRATION
            | CaseState.WAITING_EFFECTIVE
            | CaseState.SESSIONS_REVOKED
            | CaseState.WAITING_DISABLED
            | CaseState.OVERDUE
            | CaseState.ENFORCED
            | CaseState.AWAITING_APPROVAL
            | CaseState.ACTIVE
            | CaseState.JOINED
            | CaseState.AWAITING_COLLECTION
            | CaseState.CONTAINED
            | CaseState.METHODS_REMOVED
            | CaseState.HELD
            | CaseState.ENDED
        ):
            return Outcome.UNKNOWN  # States of other kinds of case.
        case _:
            assert_never(enrolment.state)
