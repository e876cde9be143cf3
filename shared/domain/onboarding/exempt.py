"""While the person is exempt, their onboarding changes nothing: the exemption has precedence."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.actions import Action, Advance, Look
from shared.domain.cases import Case, StepOutcome
from shared.domain.facts import Fact, Facts
from shared.domain.precedence import exempt_by
from shared.domain.schedules import Rules, next_look
from shared.domain.transitions import Transition, record

EXEMPT: Final = "The person is exempt for a time. What is asked of them waits until that has ended."
"""A warning that says why nothing goes on."""


def while_exempt(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action | None:
    """Wait for the end of the person's exemption; None where they are in none."""
    if facts.others is None:
        return Look(Fact.OTHERS)
    exemption = exempt_by(facts.others)
    if exemption is None:
        return None
    ends_at = exemption.deadline or now
    again = ends_at if now < ends_at else next_look(ends_at, now, rules)
    waiting = replace(
        case, wait_until=min(again, now + rules.check_most), attempts=0, updated_at=now
    )
    if EXEMPT in case.warnings:
        return Advance(Transition(case=waiting))
    return Advance(
        record(
            replace(waiting, warnings=(*case.warnings, EXEMPT)),
            now,
            action="wait-for-exemption",
            outcome=StepOutcome.WAITING,
            detail=EXEMPT,
        )
    )
