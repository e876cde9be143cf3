"""A change of the directory: announced, written, and believed only when it is read back."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from shared.domain.actions import Action, Advance, Fail, Look, Write
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, CaseState, Change, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects import Effect
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import ChangeUnverified, StateUnknown
from shared.domain.facts import Fact, Facts
from shared.domain.schedules import Rules, next_reading
from shared.domain.transitions import Transition, move, record


def change(
    case: Case,
    facts: Facts,
    effect: Effect,
    now: datetime,
    *,
    before: str,
    then: CaseState,
    detail: str | None = None,
) -> Action:
    """Announce a change, or tell what it would be.

    Args:
        case: on whose behalf.
        facts: what was read in this round.
        effect: what is to be written.
        now: the time.
        before: what was read just before.
        then: the state of the case once it is proven.
        detail: what a person should know about it.
    """
    match facts.mode:
        case None:
            return Look(Fact.MODE)
        case Mode.STOP:
            return Fail(Stopped(f"The capability {case.kind} is stopped."))
        case Mode.OBSERVE:
            return Advance(would(case, effect, now, before=before, then=then))
        case Mode.ACT:
            begun = Change(effect=effect, before=before, begun_at=now, then=then)
            return Advance(
                record(
                    # Attempts stay counted until the change is proven: one that fails is announced
                    # anew each time.
                    replace(case, change=begun, wait_until=None),
                    now,
                    action=effect.action,
                    outcome=StepOutcome.BEGUN,
                    before=before,
                    detail=detail,
                )
            )
        case _:
            assert_never(facts.mode)


def prove(case: Case, begun: Change, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Write a change that was announced, and believe it only when it is read back (S3)."""
    effect = begun.effect
    match effect.seen(facts):
        case None:
            return Look(effect.proof)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case str() as value:
            pass
    if effect.holds(value):
        return Advance(_proven(case, begun, value, now))
    if begun.reads == 0 and not facts.written:
        if facts.begun:
            return Write(begun)
        # It was announced in an earlier round. What was true then may be so no longer: the person,
        # their methods, the mode. So it is decided anew.
        return Advance(Transition(case=replace(case, change=None)))
    tried = replace(begun, reads=begun.reads + 1)
    if begun.reads > len(rules.read_back):
        return Fail(ChangeUnverified(f"Written {effect.target}, still read {value}."))
    again = next_reading(tried, now, rules)
    if again is not None:
        return Advance(Transition(case=replace(case, change=tried, wait_until=again)))
    return Advance(
        record(
            replace(
                case,
                change=replace(tried, reads=tried.reads + 1),
                wait_until=now + rules.unverified_for,
            ),
            now,
            action=effect.action,
            outcome=StepOutcome.UNVERIFIED,
            before=begun.before,
            after=value,
            detail="Written, but not read back yet. It is read once more before a human is asked.",
        )
    )


def bear_witness(case: Case, begun: Change, facts: Facts, now: datetime) -> Action:
    """Tell, once, what a cancelled case's change came to; nothing is written any more."""
    effect = begun.effect
    match effect.seen(facts):
        case None:
            return Look(effect.proof)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case str() as value:
            return Advance(
                record(
                    replace(case, change=None),
                    now,
                    action=effect.action,
                    outcome=StepOutcome.DONE if effect.holds(value) else StepOutcome.UNVERIFIED,
                    before=begun.before,
                    after=value,
                    detail="Read back after the case was cancelled.",
                )
            )


def would(case: Case, effect: Effect, now: datetime, *, before: str, then: CaseState) -> Transition:
    """Tell what a change would be."""
    moved = case if then is case.state else move(case, then)
    return record(
        replace(moved, observed=True, wait_until=None, attempts=0),
        now,
        action=f"would-{effect.action}",
        outcome=StepOutcome.WOULD,
        before=before,
        after=effect.target,
        detail="Observe mode: nothing was changed.",
    )


def _proven(case: Case, begun: Change, after: str, now: datetime) -> Transition:
    moved = case if begun.then is case.state else move(case, begun.then)
    return record(
        replace(moved, change=None, wait_until=None, attempts=0),
        now,
        action=begun.effect.action,
        outcome=StepOutcome.DONE,
        before=begun.before,
        after=after,
    )
