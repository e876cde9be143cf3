"""What became of the people whom a run had taken up again: what their enrolment's case says."""

from enum import StrEnum
from typing import Final

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


_OUTCOMES: Final = {
    CaseState.ACCEPTED: Outcome.PLANNING,
    CaseState.AWAITING_CONFIRMATION: Outcome.HELD,
    CaseState.ENROLLING: Outcome.ENROLLING,
    CaseState.COMPLETED: Outcome.DONE,
    CaseState.REFUSED: Outcome.CANCELLED,
    CaseState.SUPERSEDED: Outcome.CANCELLED,
    CaseState.CANCELLED: Outcome.CANCELLED,
    CaseState.PARKED: Outcome.PARKED,
}
"""By where an enrolment can stand."""


def outcome_of(enrolment: Case | None) -> Outcome:
    """What became of an enrolment; None stands for one of which nobody can tell."""
    if enrolment is None:
        return Outcome.UNKNOWN
    if enrolment.state is CaseState.CANCELLED and not enrolment.called_off_by:
        return Outcome.LAPSED
    return _OUTCOMES.get(enrolment.state, Outcome.UNKNOWN)
