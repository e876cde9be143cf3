"""Blocking an account, and lifting that block: only our own, and only when it is safe."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.accounts import BlockedBy, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, StepOutcome
from shared.domain.changing import change
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.facts import Fact, Facts
from shared.domain.plans import ResetPlan
from shared.domain.reset.exposure import may_lift
from shared.domain.reset.progress import Block
from shared.domain.reset.tickets import ResetReason
from shared.domain.transitions import Transition, record

LOG_LAGS: Final = timedelta(minutes=30)
"""How long the audit log is waited for, from the collection of the pass on."""


def block(case: Case, facts: Facts, now: datetime) -> Action | None:
    """Have nobody sign in; None where nobody can.

    Whose block it is stands in the case before it is written. What that is worth is looked up when
    it is to be lifted: the directory's audit log has the last word.
    """
    match facts.sign_in:
        case None:
            return Look(Fact.SIGN_IN)
        case NoAccount():
            return Fail(AccountNotVisible("The directory does not show the account."))
        case sign_in if sign_in.open:
            ours = replace(case.reset, block=Block.OURS, blocked_at=now)
            effect = BlockSignIn()
            blocking = replace(case, reset=ours)
            return change(blocking, facts, effect, now, before="open", then=case.state)
        case _ if case.reset.block in {None, Block.LIFTED}:
            return Advance(_elsewhere(case, "The account was blocked by others.", now))
        case _:
            return None


def lift(case: Case, plan: ResetPlan, facts: Facts, now: datetime) -> Action | None:
    """Lift our own block once a pass was collected; None where there is nothing to lift, yet.

    Somebody else may have wanted the account blocked while it was, and nobody sees that but in the
    audit log. Where the log does not name us alone, a human decides.
    """
    collected = case.reset.collected_at
    if case.reset.block is not Block.OURS or collected is None or not may_lift(case, plan):
        return None
    match facts.sign_in:
        case None:
            return Look(Fact.SIGN_IN)
        case NoAccount():
            return Fail(AccountNotVisible("The directory does not show the account."))
        case sign_in if sign_in.open:
            lifted = replace(case, reset=replace(case.reset, block=Block.LIFTED))
            return Advance(Transition(case=lifted))
        case sign_in:
            changed = sign_in.password_changed_at
    if plan.reason is ResetReason.COMPROMISED and (changed is None or changed <= case.accepted_at):
        return None
    match facts.blocked_by:
        case None:
            return Look(Fact.BLOCKED_BY)
        case BlockedBy.US:
            return change(case, facts, UnblockSignIn(), now, before="blocked", then=case.state)
        case BlockedBy.NOBODY_YET if now - collected < LOG_LAGS:
            return None
        case BlockedBy.NOBODY_YET:
            return Advance(_elsewhere(case, "The audit log does not show who blocked it.", now))
        case BlockedBy.OTHERS:
            return Advance(_elsewhere(case, "Somebody else has blocked the account, too.", now))
        case Unknown(reason):
            return Advance(_elsewhere(case, f"Nobody can tell who blocked it. {reason}", now))


def _elsewhere(case: Case, why: str, now: datetime) -> Transition:
    """A block that is not ours: it stays, and a human is told."""
    warning = f"{why} This case does not lift the block."
    return record(
        replace(
            case,
            reset=replace(case.reset, block=Block.ELSEWHERE),
            warnings=(*case.warnings, warning),
            wait_until=None,
            attempts=0,
        ),
        now,
        action="leave-block",
        outcome=StepOutcome.SKIPPED,
        before="blocked",
        detail=warning,
    )
