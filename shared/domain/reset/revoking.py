"""Revoking all sessions of a reset's person."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.actions import Action, Advance, Fail, Look, Pause
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, CaseState
from shared.domain.changing import change
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.errors.directory import StateUnknown
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact
from shared.domain.transitions import Transition

_A_SECOND: Final = timedelta(seconds=1)


def revoke(case: Case, facts: Facts, now: datetime, *, then: CaseState) -> Action:
    """Revoke all sessions, whatever was revoked before."""
    match facts.sessions:
        case None:
            return Look(Fact.SESSIONS)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case valid_from if valid_from >= now.replace(microsecond=0):
            # Graph tells the time by the second: what is written now could not be read back.
            until = valid_from + _A_SECOND
            if until - now <= _A_SECOND:
                return Pause(until)
            return Advance(Transition(case=replace(case, wait_until=until)))
        case valid_from:
            effect = RevokeSessions(now.replace(microsecond=0), Impact.CONTAIN)
            before = f"valid from {valid_from.isoformat()}"
            return change(case, facts, effect, now, before=before, then=then)
