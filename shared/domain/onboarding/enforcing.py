"""From `enabled` to `enforced` and the end: the registration, the second change."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import PerUserMfaState, Unknown, is_registered
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.changing import change, would
from shared.domain.errors import StateUnknown
from shared.domain.facts import Fact, Facts
from shared.domain.plans import OnboardingPlan
from shared.domain.schedules import Rules, next_look, registration_deadline
from shared.domain.transitions import Transition, move, record


def enforce(case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `enabled` to `enforced`."""
    if facts.methods is None:
        return Look(Fact.METHODS)
    if not is_registered(facts.methods) and not case.observed:
        return Advance(_wait_for_registration(case, plan, rules, now))
    if case.observed:
        return _would_enforce(case, plan, facts, rules, now)
    standing = rules.strategy.state(facts)
    match standing:
        case None:
            return Look(rules.strategy.fact)
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
        case PerUserMfaState.ENABLED | PerUserMfaState.DISABLED:
            effect = rules.strategy.enforce
            before = str(effect.seen(facts))
            return change(case, facts, effect, now, before=before, then=CaseState.ENFORCED)
        case _:
            assert_never(standing)


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
    standing = rules.strategy.state(facts)
    if isinstance(standing, Unknown):
        return Fail(StateUnknown(standing.reason))
    if facts.methods is None:
        return Look(Fact.METHODS)
    if standing is None:
        return Look(rules.strategy.fact)
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
    effect = rules.strategy.enforce
    before = str(effect.seen(facts))
    return Advance(would(case, effect, now, before=before, then=CaseState.ENFORCED))


def complete(case: Case, now: datetime) -> Transition:
    return record(
        move(case, CaseState.COMPLETED),
        now,
        action="would-complete" if case.observed else "complete",
        outcome=StepOutcome.WOULD if case.observed else StepOutcome.DONE,
        event=EventType.COMPLETED,
    )
