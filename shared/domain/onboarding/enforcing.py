"""From `enabled` to `enforced` and the end: the registration, the second change."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import PerUserMfaState, Unknown, is_registered
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.changing import change, would
from shared.domain.errors.directory import AccountNotVisible, StateUnknown
from shared.domain.facts import Fact, Facts
from shared.domain.onboarding.endings import already_enforced
from shared.domain.onboarding.exempt import while_exempt
from shared.domain.onboarding.overdue import enforce_unregistered
from shared.domain.onboarding.waiting import gone, wait_for_registration
from shared.domain.plans import OnboardingPlan
from shared.domain.schedules import Rules, WhenOverdue, registration_deadline
from shared.domain.transitions import move, record


def enforce(case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `enabled` to `enforced`."""
    match facts.methods:
        case None:
            return Look(Fact.METHODS)
        case NoAccount():
            return _without_methods(case, facts, rules, now)
        case methods:
            registered = is_registered(methods)
    if case.observed:
        return _would_enforce(case, plan, facts, rules, now)
    if not registered:
        if case.state is CaseState.OVERDUE and rules.when_overdue is WhenOverdue.ENFORCE:
            waiting = while_exempt(case, facts, rules, now)
            return waiting or enforce_unregistered(case, facts, rules, now)
        return Advance(wait_for_registration(case, plan, rules, now))
    waiting = while_exempt(case, facts, rules, now)
    if waiting is not None:
        return waiting
    standing = rules.strategy.state(facts)
    match standing:
        case None:
            return Look(rules.strategy.fact)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState.ENFORCED:
            return Advance(already_enforced(case, now))
        case PerUserMfaState.ENABLED | PerUserMfaState.DISABLED:
            effect = rules.strategy.enforce
            before = str(effect.seen(facts))
            return change(case, facts, effect, now, before=before, then=CaseState.ENFORCED)
        case _:
            assert_never(standing)


def _without_methods(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do where the directory shows no list of methods: ask it for the account itself."""
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return Advance(gone(case, rules, now))
        case _:
            return Fail(AccountNotVisible("The directory shows the account, but not its methods."))


def _would_enforce(
    case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime
) -> Action:
    """Tell the rest of the story of a case that only observes, without waiting for anybody."""
    registered = isinstance(facts.methods, tuple) and is_registered(facts.methods)
    standing = rules.strategy.state(facts)
    if isinstance(standing, Unknown):
        return Fail(StateUnknown(standing.reason))
    if standing is None:
        return Look(rules.strategy.fact)
    if case.state is CaseState.ENABLED and not registered:
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
