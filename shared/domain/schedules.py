"""How long to wait: for an account, for a registration, for trouble to pass.

All functions are pure; the settings that scale them come in as `Rules`.
"""

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.cases import Case, Change
from shared.domain.exemption.limits import ExemptionLimits
from shared.domain.ids import GroupId
from shared.domain.plans import OnboardingPlan
from shared.domain.reset.rules import ResetRules
from shared.domain.strategies import PER_USER, Strategy

_FIRST_TURN: Final = timedelta(seconds=5)
_LAST_TURN: Final = timedelta(minutes=1)
LONGEST_NOTICE: Final = timedelta(days=1)
"""Time enough to register, for whoever reads of the deadline late."""


class WhenOverdue(StrEnum):
    """What becomes of people who have not registered by their deadline."""

    ENFORCE = "enforce"
    """They are enforced: at the next sign-in they register, and old clients stop working."""
    ESCALATE = "escalate"
    """An event tells, and a human decides. Who registers later is enforced as ever."""


class FormerMethods(StrEnum):
    """What becomes of the authentication methods that a rehired person has from before."""

    KEEP = "keep"
    """The case lists them."""
    REMOVE = "remove"
    """They are removed first, after an approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings that decide about a case.

    Attributes:
        strategy: what enables and enforces people.
        sspr_group: the group for which self-service password reset is on; joiners join it.
        enforcement_group: the group that a Conditional Access policy targets; joiners join it.
        grace: time to register, from the start date.
        minimum_grace: time to register, at the least, from the acceptance of the request.
        reminders: how long before the deadline the person is reminded, the longest time first.
        when_overdue: what becomes of people who have not registered by then.
        former_methods: what becomes of the methods that a rehired person has from before.
        account_wait: how long after the start date the account may still be missing.
        leaver_pause: how long after a leaver has left nothing is removed from the account.
        leaver_wait: how long after that moment the account may still be enabled.
        gone_after: how far apart two readings are that prove that something is gone.
        check_first: the shortest pause between two looks at the person's methods.
        check_most: the longest.
        read_back: pauses before each reading of a change that was written.
        unverified_for: how long a change may stay unverified before a human is asked.
        retry_first: the pause after the first deferral.
        retry_most: the longest pause between two deferrals.
        attempts: how many deferrals in a row there may be.
        taken_up_after: how long a parked case rests, at the least, that has to be tried again.
        exemption: how long people may be exempt.
        reset: what decides about lost devices.
        enrolled_a_day: how many people all enrolments together may bring in on a day, in UTC.
    """

    strategy: Strategy = PER_USER
    sspr_group: GroupId | None = None
    enforcement_group: GroupId | None = None
    grace: timedelta = timedelta(days=14)
    minimum_grace: timedelta = timedelta(hours=72)
    reminders: tuple[timedelta, ...] = (timedelta(days=7), timedelta(days=3), timedelta(days=1))
    when_overdue: WhenOverdue = WhenOverdue.ENFORCE
    former_methods: FormerMethods = FormerMethods.KEEP
    account_wait: timedelta = timedelta(days=14)
    leaver_pause: timedelta = timedelta(hours=24)
    leaver_wait: timedelta = timedelta(days=30)
    gone_after: timedelta = timedelta(seconds=5)
    check_first: timedelta = timedelta(seconds=15)
    check_most: timedelta = timedelta(hours=6)
    read_back: tuple[timedelta, ...] = (
        timedelta(0),
        timedelta(seconds=2),
        timedelta(seconds=5),
        timedelta(seconds=10),
        timedelta(seconds=30),
    )
    unverified_for: timedelta = timedelta(hours=1)
    retry_first: timedelta = timedelta(seconds=2)
    retry_most: timedelta = timedelta(minutes=5)
    attempts: int = 10
    taken_up_after: timedelta = timedelta(minutes=15)
    exemption: ExemptionLimits = field(default_factory=ExemptionLimits)
    reset: ResetRules = field(default_factory=ResetRules)
    enrolled_a_day: int = 500


def shortest_notice(rules: Rules) -> timedelta:
    """How long before anybody is enforced unregistered they were reminded of it, at the least.

    As long as the last reminder comes before the deadline, and no longer than a day, or than
    anybody has to register at the least.
    """
    return min(*rules.reminders[-1:], LONGEST_NOTICE, rules.minimum_grace)


def registration_deadline(plan: OnboardingPlan, accepted_at: datetime, rules: Rules) -> datetime:
    """When the person must have registered."""
    if plan.enforce_by is not None:
        return max(plan.enforce_by, accepted_at + rules.minimum_grace)
    return max(plan.starts_at + rules.grace, accepted_at + rules.minimum_grace)


def next_look(waiting_since: datetime, now: datetime, rules: Rules) -> datetime:
    """When to look again for something that a person or another system will do.

    The pause is a third of the time waited so far: close together at first, when it is likely, and
    far apart later.
    """
    return now + min(max((now - waiting_since) / 3, rules.check_first), rules.check_most)


def next_taking_up(since: datetime, now: datetime, rules: Rules) -> datetime:
    """When to take up again by itself what is parked and has to be done all the same.

    Args:
        since: when it should have been done.
        now: the time.
        rules: the settings.
    """
    return now + min(max((now - since) / 3, rules.taken_up_after), rules.check_most)


def next_reading(change: Change, now: datetime, rules: Rules) -> datetime | None:
    """When to read a written change again; None where the schedule is used up."""
    if change.reads < len(rules.read_back):
        return now + rules.read_back[change.reads]
    return None


def next_attempt(
    attempt: int, now: datetime, retry_after: timedelta | None, rules: Rules
) -> datetime:
    """When to try again after trouble: the other side's word where it gave one, else back-off."""
    doublings: int = 2 ** min(attempt - 1, 16)
    pause = min(rules.retry_first * doublings, rules.retry_most)
    return now + max(pause, retry_after or timedelta(0))


def next_turn(case: Case, now: datetime) -> datetime:
    """When to try again to hold a person with whom another worker is busy.

    The longer a case has waited, the longer it waits; and no two wait alike. A thousand cases about
    one person would else come all at once, time and again, and keep everybody else's waiting.
    """
    since = max(case.updated_at, case.wait_until or case.updated_at)
    pause = min(max(now - since, _FIRST_TURN), _LAST_TURN)
    share = zlib.crc32(case.case_id.encode()) / 2**32
    return now + pause * (1 + share) / 2


def reminders_due(deadline: datetime, now: datetime, rules: Rules) -> int:
    """How many of the reminders should have gone out by now."""
    return sum(now >= deadline - before for before in rules.reminders)


def next_reminder(deadline: datetime, sent: int, rules: Rules) -> datetime | None:
    """When the next reminder is due; None where all went out."""
    return deadline - rules.reminders[sent] if sent < len(rules.reminders) else None
