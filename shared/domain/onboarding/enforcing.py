"""From `enabled` to `enforced` and the end: the registration, the second change."""

from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import PerUserMfaState, Unknown, is_registered
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.changing import change, would
from shared.domain.effects import SetMfaState
from shared.domain.errors import StateUnknown
from shared.domain.facts import Fact, Facts
from shared.domain.plans import OnboardingPlan
from shared.domain.schedules import Rules, next_look, registration_deadline
from shared.domain.transitions import Transition, move, record

_ENFORCE: Final = SetMfaState(PerUserMfaState.ENFORCED)


def enforce(case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `enabled` to `enforced`."""
    if facts.methods is None:
        return Look(Fact.METHODS)
    if not is_registered(facts.methods) and not case.observed:
        return Advance(_wait_for_registration(case, plan, rules, now))
    if case.observed:
        return _would_enforce(case, plan, facts, rules, now)
    match facts.mfa_state:
        case None:
            return Look(Fact.MFA_STATE)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState.ENFORCED:
            return Advance(
                record(
                    replace(move(case, CaseState.ENFORCED), wait_until=None, attempts=0),
                    now,
                    action="enforce",
                    outcome=StepOutcome.DONE,
                    before=PerUserMfaState.ENFORCED,
                    after=PerUserMfaState.ENFORCED,
                    detail="Nothing was written: registering has moved the account there.",
                )
            )
        case PerUserMfaState.ENABLED | PerUserMfaState.DISABLED as state:
            return change(case, facts, _ENFORCE, now, before=state, then=CaseState.ENFORCED)
        case _:
            assert_never(facts.mfa_state)


def _wait_for_registration(
    case: Case, plan: OnboardingPlan, rules: Rules, now: datetime
) -> Transition:
    if case.state is CaseState.ENABLED:
        deadline = registration_deadline(plan, case.accepted_at, rules)
        again = next_look(now, now, rules)
        return record(
            replace(
                move(case, CaseState.WAITING_REGISTRATION),
                deadline=deadline,
                waiting_since=now,
                wait_until=max(now, min(again, deadline)),
                attempts=0,
            ),
            now,
            action="wait-for-registration",
            outcome=StepOutcome.WAITING,
            event=EventType.WAITING,
        )
    since = case.waiting_since or now
    again = next_look(since, now, rules)
    if case.state is CaseState.OVERDUE or case.deadline is None or now < case.deadline:
        if case.state is CaseState.WAITING_REGISTRATION and case.deadline is not None:
            again = min(again, case.deadline)
        return Transition(case=replace(case, wait_until=again, attempts=0, updated_at=now))
    return record(
        replace(move(case, CaseState.OVERDUE), wait_until=again, attempts=0),
        now,
        action="register",
        outcome=StepOutcome.WAITING,
        detail="The deadline has passed and the person has not registered.",
        event=EventType.OVERDUE,
    )


def _would_enforce(
    case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime
) -> Action:
    """Tell the rest of the story of a case that only observes, without waiting for anybody."""
    if isinstance(facts.mfa_state, Unknown):
        return Fail(StateUnknown(facts.mfa_state.reason))
    if facts.methods is None:
        return Look(Fact.METHODS)
    if facts.mfa_state is None:
        return Look(Fact.MFA_STATE)
    if case.state is CaseState.ENABLED and not is_registered(facts.methods):
        deadline = registration_deadline(plan, case.accepted_at, rules)
        return Advance(
            record(
                replace(move(case, CaseState.WAITING_REGISTRATION), deadline=deadline),
                now,
                action="would-wait-for-registration",
                outcome=StepOutcome.WOULD,
                detail="Observe mode: the person would have until the deadline.",
            )
        )
    return Advance(would(case, _ENFORCE, now, before=facts.mfa_state, then=CaseState.ENFORCED))


def complete(case: Case, now: datetime) -> Transition:
    return record(
        move(case, CaseState.COMPLETED),
        now,
        action="would-complete" if case.observed else "complete",
        outcome=StepOutcome.WOULD if case.observed else StepOutcome.DONE,
        event=EventType.COMPLETED,
    )
