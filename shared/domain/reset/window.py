"""The registration window: whoever holds the password registers first.

https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview
"""

from dataclasses import replace
from datetime import datetime

from shared.domain.actions import Action, Look
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.facts import Fact, Facts
from shared.domain.reset.blocking import block
from shared.domain.reset.guards import unapproved
from shared.domain.reset.progress import Block
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record


def close_window(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action | None:
    """Block the account until a pass is collected, where the password alone would do to register.

    Tried until the block was seen. At the deadline it is blocked whatever guards it.
    """
    if case.reset.collected_at is not None or case.reset.block not in {None, Block.MEANT}:
        return None
    if case.state is not CaseState.OVERDUE:
        if not rules.reset.block_until_pass:
            return None
        match facts.registration_guarded:
            case None:
                return Look(Fact.REGISTRATION_GUARDED)
            case True:
                return None
            case False | Unknown():
                pass
    return unapproved(case, facts, rules, now) or block(case, facts, now)


def lapsed(case: Case, rules: Rules, now: datetime) -> Transition | None:
    """The case whose pass can't be used any more, and was not; None where that is not so.

    From then on it is as if none had been collected: the window closes again, and who registers is
    suspect. So nothing that was read sooner counts: what was registered at the last moment is told
    late by a replica.
    """
    over = explained_until(case, rules)
    if case.reset.collected_at is None or over is None or now < over:
        return None
    if case.wait_until is None or case.wait_until < over:
        return Transition(case=replace(case, wait_until=now))
    return record(
        replace(case, reset=case.reset.without_pass(), wait_until=None),
        now,
        action="pass",
        outcome=StepOutcome.SKIPPED,
        detail="It has expired, and nothing was registered with it.",
    )


def explained_until(case: Case, rules: Rules) -> datetime | None:
    """Until when a replica may first show what was registered with the pass."""
    until = case.reset.pass_until
    return None if until is None else until + rules.gone_after
