"""While somebody is asked for an approval: what makes it needless."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import keep_asking, needless
from shared.domain.authentication import is_registered
from shared.domain.cases import Case
from shared.domain.facts import Fact, Facts
from shared.domain.onboarding.overdue import unable_to_register
from shared.domain.onboarding.waiting import gone
from shared.domain.people.rulings import Allowed, Impact, NeedsApproval, Refused, ruling
from shared.domain.schedules import Rules

_UNREGISTERED: Final = frozenset({Impact.ENFORCE_UNREGISTERED, Impact.GIVE_PASS})
"""What is asked for only because the person has not registered."""


def await_approval(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Go on waiting, unless the person is gone, or nobody has to approve anything any more."""
    match facts.methods:
        case None:
            return Look(Fact.METHODS)
        case NoAccount():
            return Advance(gone(case, rules, now))
        case methods:
            registered = is_registered(methods)
    if registered and case.asked_for in _UNREGISTERED:
        why = "The person has registered, so nobody has to approve anything."
        return Advance(needless(case, now, why=why))
    if case.asked_for is Impact.ENFORCE_UNREGISTERED:
        return _await_enforcement(case, facts, rules, now)
    # Every other question lapses after some hours, and the case goes on where it asked.
    return _keep_asking(case, rules, now)


def _await_enforcement(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What would stop an overdue case where it asked ends its question, which lapses never."""
    unable = unable_to_register(case, facts, rules, now)
    if unable is not None:
        return unable
    if facts.privilege is None:
        return Look(Fact.PRIVILEGE)
    match ruling(Impact.ENFORCE_UNREGISTERED, facts.privilege):
        case Refused(error):
            return Fail(error)
        case Allowed():
            why = "The person is not privileged any more, so nobody has to approve anything."
            return Advance(needless(case, now, why=why))
        case NeedsApproval():
            return _keep_asking(case, rules, now)


def _keep_asking(case: Case, rules: Rules, now: datetime) -> Action:
    return Advance(keep_asking(replace(case, missing_since=None, attempts=0), rules, now))
