"""While somebody is asked for an approval: what makes it needless."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Look
from shared.domain.approvals import keep_asking
from shared.domain.authentication import is_registered
from shared.domain.cases import Case, StepOutcome
from shared.domain.facts import Fact, Facts
from shared.domain.onboarding.waiting import gone
from shared.domain.people.rulings import Impact
from shared.domain.schedules import Rules
from shared.domain.transitions import move, record

_UNREGISTERED: Final = frozenset({Impact.ENFORCE_UNREGISTERED, Impact.GIVE_PASS})
"""What is asked for only because the person has not registered."""


def await_approval(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Go on waiting, unless the person is gone, or has registered meanwhile."""
    match facts.methods:
        case None:
            return Look(Fact.METHODS)
        case NoAccount():
            return Advance(gone(case, rules, now))
        case methods:
            registered = is_registered(methods)
    case = replace(case, missing_since=None)
    if registered and case.asked_for in _UNREGISTERED and case.asked_from is not None:
        return Advance(
            record(
                replace(move(case, case.asked_from), asked_from=None, wait_until=None),
                now,
                action="ask-for-approval",
                outcome=StepOutcome.SKIPPED,
                detail="The person has registered, so nobody has to approve anything.",
            )
        )
    return Advance(keep_asking(case, rules, now))
