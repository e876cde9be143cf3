"""A change of the directory: announced, written, and believed only when it is read back."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import Case, CaseState, Change, StepOutcome
from shared.domain.control import Mode
from shared.domain.errors import ChangeUnverified, StateUnknown, Stopped
from shared.domain.onboarding.actions import Action, Advance, Fact, Facts, Fail, Look, Write
from shared.domain.schedules import Rules, next_reading
from shared.domain.transitions import Transition, move, record

_VERB = {
    PerUserMfaState.DISABLED: "disable",
    PerUserMfaState.ENABLED: "enable",
    PerUserMfaState.ENFORCED: "enforce",
}

_REACHED = {
    PerUserMfaState.ENABLED: CaseState.ENABLED,
    PerUserMfaState.ENFORCED: CaseState.ENFORCED,
}

_ACCEPTED = {
    # An account that has a method moves on to `enforced` by itself as soon as it is enabled:
    # https://learn.microsoft.com/graph/api/authentication-update
    PerUserMfaState.ENABLED: {PerUserMfaState.ENABLED, PerUserMfaState.ENFORCED},
    PerUserMfaState.ENFORCED: {PerUserMfaState.ENFORCED},
}


def change(
    case: Case, facts: Facts, target: PerUserMfaState, before: PerUserMfaState, now: datetime
) -> Action:
    """Announce a change, or tell what it would be."""
    match facts.mode:
        case None:
            return Look(Fact.MODE)
        case Mode.STOP:
            return Fail(Stopped("Onboarding is stopped."))
        case Mode.OBSERVE:
            return Advance(would(case, target, before, now))
        case Mode.ACT:
            begun = Change(target=target, before=before, begun_at=now)
            return Advance(
                record(
                    # Attempts stay counted until the change is proven: one that fails is announced
                    # anew each time.
                    replace(case, change=begun, wait_until=None),
                    now,
                    action=_VERB[target],
                    outcome=StepOutcome.BEGUN,
                    before=before,
                )
            )
        case _:
            assert_never(facts.mode)


def prove(case: Case, begun: Change, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Write a change that was announced, and believe it only when it is read back (S3)."""
    match facts.mfa_state:
        case None:
            return Look(Fact.MFA_STATE)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState() as state:
            pass
    if state in _ACCEPTED[begun.target]:
        return Advance(_proven(case, begun, state, now))
    if begun.reads == 0 and not facts.written:
        if facts.begun:
            return Write(begun)
        # It was announced in an earlier round. What was true then may be so no longer: the person,
        # their methods, the mode. So it is decided anew.
        return Advance(Transition(case=replace(case, change=None)))
    tried = replace(begun, reads=begun.reads + 1)
    if begun.reads > len(rules.read_back):
        return Fail(ChangeUnverified(f"Written {begun.target}, still read {state}."))
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
            action=_VERB[begun.target],
            outcome=StepOutcome.UNVERIFIED,
            before=begun.before,
            after=state,
            detail="Written, but not read back yet. It is read once more before a human is asked.",
        )
    )


def bear_witness(case: Case, begun: Change, facts: Facts, now: datetime) -> Action:
    """Tell, once, what a cancelled case's change came to; nothing is written any more."""
    match facts.mfa_state:
        case None:
            return Look(Fact.MFA_STATE)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState() as state:
            reached = state in _ACCEPTED[begun.target]
            return Advance(
                record(
                    replace(case, change=None),
                    now,
                    action=_VERB[begun.target],
                    outcome=StepOutcome.DONE if reached else StepOutcome.UNVERIFIED,
                    before=begun.before,
                    after=state,
                    detail="Read back after the case was cancelled.",
                )
            )
        case _:
            assert_never(facts.mfa_state)


def _proven(case: Case, begun: Change, after: PerUserMfaState, now: datetime) -> Transition:
    moved = move(case, _REACHED[begun.target])
    return record(
        replace(moved, change=None, wait_until=None, attempts=0),
        now,
        action=_VERB[begun.target],
        outcome=StepOutcome.DONE,
        before=begun.before,
        after=after,
    )


def would(
    case: Case, target: PerUserMfaState, before: PerUserMfaState, now: datetime
) -> Transition:
    moved = move(case, _REACHED[target])
    return record(
        replace(moved, observed=True, wait_until=None, attempts=0),
        now,
        action=f"would-{_VERB[target]}",
        outcome=StepOutcome.WOULD,
        before=before,
        after=target,
        detail="Observe mode: nothing was changed.",
    )
