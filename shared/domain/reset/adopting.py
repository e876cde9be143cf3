"""A pass that was collected on another case of the same person explains what they register, too."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.domain.cases import Case, StepOutcome
from shared.domain.plans import OnboardingPlan
from shared.domain.transitions import Transition, record


def adopt(case: Case, others: Iterable[Case], now: datetime) -> Transition | None:
    """The case with the pass of another one, or without it again; None where nothing changes.

    What counts is our own record of that pass: of a case that brings the person in, made after the
    lost device was out, alive now, and collected by somebody who could have collected it here.

    Args:
        case: a reset.
        others: the other cases about the person, as they stand.
        now: the time.
    """
    mine = case.reset
    if mine.pass_of is not None:
        lender = next((other for other in others if other.case_id == mine.pass_of), None)
        if lender is not None and lender.reset.collected_at == mine.collected_at:
            return None
        return _without(case, now)
    if mine.collected_at is not None:
        return None
    lender = next((other for other in others if _explains(other, case, now)), None)
    return None if lender is None else _with(case, lender, now)


def _explains(other: Case, case: Case, now: datetime) -> bool:
    collected, until = other.reset.collected_at, other.reset.pass_until
    contained = case.reset.contained_at
    if collected is None or until is None or contained is None:
        return False
    return (
        isinstance(other.plan, OnboardingPlan)
        and other.user_id == case.user_id
        and contained <= collected <= now < until
        and _may_collect(other.collectors, case)
    )


def _may_collect(collectors: Iterable[str], case: Case) -> bool:
    """Whether none of those who asked for the pass is named by the ticket, or has approved it."""
    named = {one.casefold() for one in case.actors | case.approvers | {case.user_id or ""}}
    return named.isdisjoint(one.casefold() for one in collectors)


def _with(case: Case, lender: Case, now: datetime) -> Transition:
    lent = replace(
        case.reset,
        collected_at=lender.reset.collected_at,
        pass_until=lender.reset.pass_until,
        pass_of=lender.case_id,
    )
    return record(
        replace(case, reset=lent, wait_until=None),
        now,
        action="adopt-pass",
        outcome=StepOutcome.DONE,
        detail=f"A pass was collected for the person on case {lender.case_id}.",
    )


def _without(case: Case, now: datetime) -> Transition:
    return record(
        replace(case, reset=case.reset.without_pass(), wait_until=None),
        now,
        action="adopt-pass",
        outcome=StepOutcome.SKIPPED,
        detail=f"The pass of case {case.reset.pass_of} does not count any more.",
    )
