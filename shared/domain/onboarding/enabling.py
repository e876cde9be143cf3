"""From the acceptance to `enabled`: the start date, the account, the first change."""

from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.changing import change
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.control import Mode
from shared.domain.dates import implausible_date
from shared.domain.errors import LifecycleError
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import StateUnknown
from shared.domain.errors.people import AccountDisabled, AccountNotFound, IdentityMismatch
from shared.domain.facts import Fact, Facts
from shared.domain.onboarding.exempt import while_exempt
from shared.domain.onboarding.preparing import prepare
from shared.domain.onboarding.waiting import gone
from shared.domain.people.rulings import Impact, Refused, ruling
from shared.domain.pinning import pin
from shared.domain.plans import OnboardingPlan
from shared.domain.precedence import gives_way
from shared.domain.schedules import Rules, next_look
from shared.domain.strategies import PER_USER
from shared.domain.transitions import Transition, move, record

_TWO_WAYS: Final = (
    "Conditional Access requires MFA in this tenant, too. Microsoft advises against per-user MFA "
    "beside it: see MFA_STRATEGY."
)


def enable(case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From the acceptance to `enabled`."""
    mistake = implausible_date(plan, case.accepted_at)
    # A person who replays the case has looked at the date.
    if mistake is not None and not case.actors:
        return Fail(mistake)
    if now < plan.starts_at:
        return Advance(_wait_for_start(case, plan, now))
    if facts.mode is None:
        return Look(Fact.MODE)
    if facts.mode is Mode.STOP:
        # Before anything is read: what is stopped for days asks nobody anything.
        return Fail(Stopped("Onboarding is stopped."))
    if facts.account is None:
        # By it is known what HR has told of the person, and what of somebody else of their name.
        return Look(Fact.ACCOUNT)
    if facts.others is None:
        return Look(Fact.OTHERS)
    found = facts.account.user_id if isinstance(facts.account, Account) else None
    if (way := gives_way(case, facts.others, rules, now, account=found)) is not None:
        return Advance(way)
    waiting = while_exempt(case, facts, rules, now)
    if waiting is not None:
        return waiting
    match facts.account:
        case NoAccount() if plan.enrolled is not None:
            # They were there when they were enrolled: nobody waits for them to appear.
            return Advance(gone(case, rules, now))
        case NoAccount():
            return _wait_for_account(
                case, plan, rules, now, AccountNotFound("The directory has no such account.")
            )
        case IdentityMismatch() as error:
            return Fail(error)
        case Account() as account:
            pass
    if plan.employee_id is not None and account.employee_id is None and case.user_id is None:
        unnumbered = IdentityMismatch("The account bears no employee id to compare.")
        return _wait_for_account(case, plan, rules, now, unnumbered)
    if facts.standing is None:
        return Look(Fact.STANDING)
    ruled = ruling(Impact.STRENGTHEN, facts.standing)
    may_wait = plan.enrolled is None
    if isinstance(ruled, Refused) and not (may_wait and isinstance(ruled.error, AccountDisabled)):
        return Fail(ruled.error)
    if not account.enabled and (now < _closes(case, plan, rules) or case.user_id is not None):
        return _wait_for_account(case, plan, rules, now, AccountDisabled("The account is blocked."))
    # Not before: while an account is blocked, its name and number may come to be another's.
    if case.user_id is None:
        return Advance(pin(case, account, now))
    preparation = prepare(case, plan, facts, rules, now)
    if preparation is not None:
        return preparation
    standing = rules.strategy.state(facts)
    match standing:
        case None:
            return Look(rules.strategy.fact)
        case Unknown(reason):
            return Fail(StateUnknown(reason))
        case PerUserMfaState.DISABLED if _may_ask_about_policies(case, facts, rules):
            return Look(Fact.CONDITIONAL_ACCESS)
        case PerUserMfaState.DISABLED:
            effect = rules.strategy.enable
            before = str(effect.seen(facts))
            warned = _warned_of_policies(case, facts)
            return change(warned, facts, effect, now, before=before, then=CaseState.ENABLED)
        case PerUserMfaState.ENABLED | PerUserMfaState.ENFORCED as state:
            return Advance(
                record(
                    replace(
                        move(case, CaseState.ENABLED),
                        observed=case.observed or facts.mode is Mode.OBSERVE,
                        wait_until=None,
                        attempts=0,
                    ),
                    now,
                    action="enable",
                    outcome=StepOutcome.DONE,
                    before=state,
                    after=state,
                    detail="Nothing was written: the account was there already.",
                )
            )
        case _:
            assert_never(standing)


def _may_ask_about_policies(case: Case, facts: Facts, rules: Rules) -> bool:
    """Whether to read what only a warning is made of: not again after trouble."""
    per_user = rules.strategy is PER_USER
    return per_user and facts.conditional_access is None and case.attempts == 0


def _warned_of_policies(case: Case, facts: Facts) -> Case:
    match facts.conditional_access:
        case MfaRequired(of_anybody=True) if _TWO_WAYS not in case.warnings:
            return replace(case, warnings=(*case.warnings, _TWO_WAYS))
        case _:
            return case


def _wait_for_start(case: Case, plan: OnboardingPlan, now: datetime) -> Transition:
    waiting = replace(case, wait_until=plan.starts_at, waiting_since=now)
    if case.state is not CaseState.ACCEPTED:
        # Also where the clock went back over the start date: it waits as it is.
        return Transition(case=waiting)
    return record(
        move(waiting, CaseState.WAITING_START),
        now,
        action="wait-for-start",
        outcome=StepOutcome.WAITING,
        event=EventType.WAITING,
    )


def _wait_for_account(
    case: Case, plan: OnboardingPlan, rules: Rules, now: datetime, at_the_end: LifecycleError
) -> Action:
    closes = _closes(case, plan, rules)
    if now >= closes:
        return Fail(at_the_end)
    if case.state is CaseState.WAITING_ACCOUNT:
        since = case.waiting_since or now
        again = min(next_look(since, now, rules), closes)
        return Advance(Transition(case=replace(case, wait_until=again, attempts=0, updated_at=now)))
    again = min(next_look(now, now, rules), closes)
    return Advance(
        record(
            replace(
                move(case, CaseState.WAITING_ACCOUNT),
                waiting_since=now,
                wait_until=again,
                attempts=0,
            ),
            now,
            action="wait-for-account",
            outcome=StepOutcome.WAITING,
            detail=at_the_end.detail,
            event=EventType.WAITING,
        )
    )


def _closes(case: Case, plan: OnboardingPlan, rules: Rules) -> datetime:
    """Until when an account that can be enabled is waited for."""
    return max(plan.starts_at, case.accepted_at) + rules.account_wait
