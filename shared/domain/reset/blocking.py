"""Blocking an account, and lifting that block: only our own, and only when it is safe."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.accounts import BlockedBy, NoAccount, SignInState
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, EventType, StepOutcome
from shared.domain.changing import change
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact
from shared.domain.plans import ResetPlan
from shared.domain.reset.exposure import may_lift
from shared.domain.reset.guards import unapproved
from shared.domain.reset.progress import LOG_LAGS, LOG_TELLS, Block
from shared.domain.reset.tickets import ResetReason
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record

_LOOKS_AGAIN: Final = timedelta(seconds=15)
_HAD: Final = frozenset({Block.OURS, Block.LIFTED, Block.ELSEWHERE})
"""What the account was once blocked by; where it is open since, somebody has decided so."""


def block(case: Case, facts: Facts, now: datetime, *, again: bool = False) -> Action | None:
    """Have nobody sign in; None where nobody can, or where others have lifted our block.

    It is meant before it is written, and ours once it was seen. What that is worth is looked up
    when it is to be lifted: the directory's audit log has the last word.

    Args:
        case: which.
        facts: what was read in this round.
        now: the time.
        again: whether to block it though somebody has lifted a block.
    """
    match _sign_in(facts):
        case Look() | Fail() as action:
            return action
        case sign_in if sign_in.open and case.reset.block in _HAD and not again:
            return None
        case sign_in if sign_in.open:
            first = case.reset.blocked_at or now
            meant = replace(case.reset, block=Block.MEANT, blocked_at=first)
            meaning = replace(case, reset=meant)
            return change(meaning, facts, BlockSignIn(), now, before="open", then=case.state)
        case _ if case.reset.block is Block.MEANT:
            return Advance(Transition(case=_with(case, Block.OURS)))
        case _ if case.reset.block is None:
            return _whose(case, facts, now)
        case _:
            return None


def _whose(case: Case, facts: Facts, now: datetime) -> Action:
    """A block that was not there when the case began: another case's, or somebody else's."""
    begun_at = case.reset.begun_at or case.accepted_at
    match facts.blocked_by:
        case None:
            return Look(Fact.BLOCKED_BY)
        case BlockedBy.US:
            ours = replace(case.reset, block=Block.OURS, blocked_at=begun_at)
            return Advance(Transition(case=replace(case, reset=ours)))
        case BlockedBy.NOBODY_YET if now - begun_at < LOG_LAGS:
            return Advance(Transition(case=replace(case, wait_until=now + _LOOKS_AGAIN)))
        case _:
            return Advance(_elsewhere(case, "The account was blocked by others.", now))


def lift(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action | None:
    """Lift our own block once a pass was collected; None where there is nothing to lift, yet.

    Somebody else may have wanted the account blocked while it was, and nobody sees that but in the
    audit log. So it is looked at when it is late enough to have what was done before somebody came
    for the pass. Where it does not name us alone, a human decides.
    """
    collected = case.reset.collected_at
    if case.reset.block is not Block.OURS or collected is None or not may_lift(case, plan):
        return None
    if now < collected + LOG_TELLS:
        return None
    match _sign_in(facts):
        case Look() | Fail() as action:
            return action
        case sign_in if sign_in.open:
            return Advance(Transition(case=_with(case, Block.LIFTED)))
        case sign_in:
            changed = sign_in.password_changed_at
    since = max(case.accepted_at, case.reset.blocked_at or case.accepted_at)
    if plan.reason is ResetReason.COMPROMISED and (changed is None or changed <= since):
        return None
    match facts.blocked_by:
        case None:
            return Look(Fact.BLOCKED_BY)
        case BlockedBy.US:
            asking = unapproved(case, facts, rules, now, impact=Impact.READMIT)
            lifting = replace(case, reset=replace(case.reset, lifted_at=now))
            return asking or change(
                lifting, facts, UnblockSignIn(), now, before="blocked", then=case.state
            )
        case BlockedBy.NOBODY_YET if now - collected < LOG_LAGS:
            return None
        case BlockedBy.NOBODY_YET:
            return Advance(_elsewhere(case, "The audit log does not show who blocked it.", now))
        case BlockedBy.OTHERS:
            return Advance(_elsewhere(case, "Somebody else has blocked the account, too.", now))
        case Unknown(reason):
            return Advance(_elsewhere(case, f"Nobody can tell who blocked it. {reason}", now))


def put_back(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action | None:
    """Block the account again where the log tells, late, that others wanted it blocked.

    No look before our block is lifted can show what was done in the minutes by which the log lags.
    """
    lifted = case.reset.lifted_at
    if lifted is None or not case.reset.lift_unsure or now < lifted + LOG_TELLS:
        return None
    match facts.blocked_by:
        case None:
            return Look(Fact.BLOCKED_BY)
        case BlockedBy.OTHERS:
            return _block_for_others(case, facts, rules, now)
        case _ if now < lifted + LOG_LAGS:
            return None
        case _:
            sure = replace(case.reset, lifted_at=None)
            return Advance(Transition(case=replace(case, reset=sure)))


def _block_for_others(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    match _sign_in(facts):
        case Look() | Fail() as action:
            return action
        case sign_in if sign_in.open:
            asking = unapproved(case, facts, rules, now)
            return asking or change(case, facts, BlockSignIn(), now, before="open", then=case.state)
        case _:
            sure = replace(case, reset=replace(case.reset, lifted_at=None))
            why = "The audit log shows late that somebody else had blocked the account, too."
            return Advance(_elsewhere(sure, why, now, event=EventType.WAITING))


def _sign_in(facts: Facts) -> SignInState | Look | Fail:
    """Whether the person can sign in, or what is to be done to know it."""
    match facts.sign_in:
        case None:
            return Look(Fact.SIGN_IN)
        case NoAccount():
            return Fail(AccountNotVisible("The directory does not show the account."))
        case sign_in:
            return sign_in


def _with(case: Case, block: Block) -> Case:
    return replace(case, reset=replace(case.reset, block=block))


def _elsewhere(
    case: Case, why: str, now: datetime, *, event: EventType | None = None
) -> Transition:
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
        event=event,
    )
