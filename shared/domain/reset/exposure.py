"""What a reset can say, and do, about app passwords."""

from dataclasses import replace
from datetime import datetime

from shared.domain.actions import Action, Advance
from shared.domain.cases import Case, StepOutcome
from shared.domain.facts import Facts
from shared.domain.plans import ResetPlan
from shared.domain.reset.app_passwords import AppPasswords
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record


def settle(
    case: Case,
    plan: ResetPlan,  # noqa: ARG001  (nothing is read yet)
    facts: Facts,  # noqa: ARG001  (nothing is read yet)
    rules: Rules,  # noqa: ARG001  (nothing is read yet)
    now: datetime,
) -> Action | None:
    """Say what is known of the person's app passwords; None once that is said."""
    if case.reset.app_passwords is not None:
        return None
    return Advance(
        record(
            replace(case, reset=replace(case.reset, app_passwords=AppPasswords.UNKNOWN)),
            now,
            action="app-passwords",
            outcome=StepOutcome.SKIPPED,
            after=AppPasswords.UNKNOWN,
            detail="Nothing is known of them, and no API lists or deletes them.",
        )
    )


def chase(
    case: Case,
    facts: Facts,  # noqa: ARG001  (nothing is read yet)
    rules: Rules,
    now: datetime,
) -> Action:
    """Remind of app passwords that a human has to delete."""
    return Advance(Transition(case=replace(case, wait_until=now + rules.reset.chase_every)))
