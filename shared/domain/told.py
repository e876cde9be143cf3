"""What HR told by one case: of which day, when, and whether it still counts."""

from datetime import datetime
from typing import Final, assert_never

from shared.domain.cases import BEGUN, Case, CaseState
from shared.domain.dates import implausible_date
from shared.domain.plans import CaseKind, LeaverPlan, OnboardingPlan

_TAKEN_BACK: Final = frozenset({CaseState.REFUSED, CaseState.CANCELLED, CaseState.PARKED})


def has_a_word(case: Case) -> bool:
    """Whether HR told something by a case that still counts, whatever became of the case.

    What was needless was told all the same, and so was what had begun before it came to nothing, or
    was ended by a leaver's case; but for a leaving that was cancelled, for so a human calls a wrong
    one off. A date that a human has to look at first is none yet.
    """
    if not isinstance(case.plan, OnboardingPlan | LeaverPlan) or is_enrolled(case):
        return False
    if not _is_plausible(case):
        return False
    if case.state not in _TAKEN_BACK:
        return True
    if case.state is CaseState.CANCELLED:
        return case.kind is not CaseKind.LEAVER and (_had_begun(case) or not case.called_off_by)
    return _had_begun(case)


def tells_of_a_return(case: Case) -> bool:
    """Whether HR says by a case that somebody is back, though nothing can be done for them now.

    It was parked, or refused, once it was known whom it is about.
    """
    set_aside = case.state in {CaseState.PARKED, CaseState.REFUSED}
    return is_rehire(case) and set_aside and case.user_id is not None and _is_plausible(case)


def tells_of_a_leaving(case: Case) -> bool:
    """Whether HR says by a case that somebody leaves, though a human has to look at it first."""
    parked = case.kind is CaseKind.LEAVER and case.state is CaseState.PARKED
    return parked and _is_plausible(case)


def _is_plausible(case: Case) -> bool:
    """Whether its date can be, or a person who took the case up again has looked at it."""
    return implausible_date(_plan(case), case.accepted_at) is None or bool(case.actors)


def _had_begun(case: Case) -> bool:
    """Whether a case had changed something before it was set aside."""
    return case.deadline is not None or case.reached in BEGUN


def is_enrolled(case: Case) -> bool:
    """Whether an enrolment asked for the case of a person, and not HR."""
    return isinstance(case.plan, OnboardingPlan) and case.plan.enrolled is not None


def is_rehire(case: Case) -> bool:
    """Whether HR says in so many words that somebody is back."""
    return isinstance(case.plan, OnboardingPlan) and case.plan.rehire


def is_hearsay(other: Case, case: Case) -> bool:
    """Whether what another case tells may be about somebody else.

    What a source that is kept to domains says of a number may be said of somebody outside of them:
    against another source's case it counts once its account was found inside.
    """
    return bool(_plan(other).domains) and other.user_id is None and other.source != case.source


def told_at(case: Case) -> datetime:
    """When HR spoke of it."""
    return _plan(case).occurred_at


def moment(case: Case) -> tuple[datetime, datetime, str]:
    """By which what was told is put in order; of the same moment, what came in last is last."""
    return (told_at(case), case.accepted_at, case.case_id)


def takes_effect(case: Case) -> datetime:
    """From when on what HR told holds: the last day, or the first."""
    match _plan(case):
        case OnboardingPlan(starts_at=starts_at):
            return starts_at
        case LeaverPlan(effective_at=effective_at):
            return effective_at
        case plan:
            assert_never(plan)


def works_since(case: Case) -> datetime:
    """Since when somebody who is onboarded works here: where no day was told, since HR spoke."""
    plan = _plan(case)
    undated = isinstance(plan, OnboardingPlan) and not plan.dated
    return told_at(case) if undated else takes_effect(case)


def _plan(case: Case) -> OnboardingPlan | LeaverPlan:
    """What HR told.

    Raises:
        TypeError: the case is of another kind.
    """
    if not isinstance(case.plan, OnboardingPlan | LeaverPlan):
        raise TypeError(f"HR told nothing by a case of the kind {case.kind}.")
    return case.plan
