"""Which of the things that were told about one person came later, and which still hold."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, assert_never

from shared.domain.cases import Case, CaseState
from shared.domain.plans import ExemptionPlan, LeaverPlan, OnboardingPlan

CAME_TO_NOTHING: Final = frozenset({CaseState.REFUSED, CaseState.SUPERSEDED, CaseState.CANCELLED})
_DEAD: Final = CAME_TO_NOTHING | {CaseState.PARKED}
_WITHOUT_A_WORD: Final = _DEAD - {CaseState.SUPERSEDED}
"""States of cases that say nothing of when somebody is back: what was needless says it still."""


def is_enrolled(case: Case) -> bool:
    """Whether an enrolment asked for the case of a person, and not HR."""
    return isinstance(case.plan, OnboardingPlan) and case.plan.enrolled is not None


def counts(other: Case, case: Case) -> bool:
    """Whether another case still says something about this one.

    What a source that is kept to domains says of a number may be said of somebody outside of them:
    against another source's case it counts once its account was found inside.
    That somebody is back holds against a leaver's case though another onboarding made it needless.
    """
    if _is_hearsay(other, case):
        return False
    if isinstance(case.plan, LeaverPlan) and isinstance(other.plan, OnboardingPlan):
        return other.state not in _WITHOUT_A_WORD
    return other.state not in _DEAD


def _is_hearsay(other: Case, case: Case) -> bool:
    kept = isinstance(other.plan, OnboardingPlan | LeaverPlan) and bool(other.plan.domains)
    return kept and other.user_id is None and other.source != case.source


def is_later(other: Case, case: Case, others: Iterable[Case]) -> bool:
    """Whether what another case tells of came after what this one tells of.

    Who is back had left before, whenever HR told of either: a leaver's event that comes late, or
    again, sees nobody off who was hired anew since.
    """
    if _had_left(other, before=case, others=others):
        return False
    return _had_left(case, before=other, others=others) or _moment(other) > _moment(case)


def _had_left(left: Case, *, before: Case, others: Iterable[Case]) -> bool:
    """Whether one case is a leaver's who had left by the day on which another says they are back.

    Of a day that HR has corrected since, or that nobody told, it is the day on which HR spoke of
    their return.
    """
    back = before.plan
    if not (isinstance(left.plan, LeaverPlan) and isinstance(back, OnboardingPlan) and back.rehire):
        return False
    holds = back.dated and not any(_corrects(other, before, back) for other in others)
    since = back.starts_at if holds else min(back.starts_at, back.occurred_at)
    return left.plan.effective_at <= since


def _corrects(other: Case, case: Case, told: OnboardingPlan) -> bool:
    """Whether HR told of a first day anew before this one came, be that case needless or done.

    The same day told anew corrects it, too: who joins that day has to be the one that goes on, not
    a return that gave way to it.
    """
    return (
        isinstance(other.plan, OnboardingPlan)
        and not is_enrolled(other)
        and not _is_hearsay(other, case)
        and other.state not in _WITHOUT_A_WORD
        and other.plan.occurred_at < told.starts_at
        and _moment(other) > _moment(case)
    )


def takes_effect(plan: OnboardingPlan | LeaverPlan) -> datetime:
    """From when on what HR told holds."""
    match plan:
        case OnboardingPlan():
            return plan.starts_at
        case LeaverPlan():
            return plan.effective_at
        case _:
            assert_never(plan)


def _moment(case: Case) -> tuple[datetime, datetime, str]:
    """When what a case is about happened; for the same moment, which came last."""
    plan = case.plan
    happened = case.accepted_at if isinstance(plan, ExemptionPlan) else plan.occurred_at
    return (happened, case.accepted_at, case.case_id)
