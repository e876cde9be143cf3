"""The settings: read once, checked all together, each with its meaning.

The table in README.md is generated from the fields of `Settings`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Self

from shared.application.ports.sources import SchemeName
from shared.contracts.hr_reading import EventReader
from shared.contracts.ticket_reading import TicketReader
from shared.domain.errors.control import SettingsInvalid
from shared.domain.exemption.limits import ExemptionLimits
from shared.domain.ids import SourceName, UserId
from shared.domain.schedules import FormerMethods, Rules, WhenOverdue
from shared.names import App
from shared.settings.connections import NAMESPACE
from shared.settings.secrets import signing_secrets
from shared.settings.sources import HR, TICKETS, SourceSettings, conflicts, sources_from
from shared.settings.strategy import strategy_problems
from shared.settings.sweep import SweepSettings, sweep_problems
from shared.settings.values import (
    Specification,
    contact_days,
    days,
    falling_days,
    hours,
    ids,
    minutes,
    pauses,
    seconds,
    setting,
    whole_number,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SweepSettings):
    """All settings of an app, checked."""

    break_glass_ids: frozenset[UserId] = setting(
        "MFA_BREAK_GLASS_IDS",
        "Object ids of the accounts that are never changed, separated by commas.",
        ids,
        default="",
    )
    contact_retention: timedelta = setting(
        "MFA_CONTACT_DAYS",
        "Days for which contact data waits for its only use, 30 at most.",
        contact_days,
        default="30",
    )
    enrolled_a_day: int = setting(
        "MFA_ENROLLED_PER_DAY",
        "How many people all enrolments together may bring in on a day, in UTC.",
        whole_number,
        default="500",
    )
    enrolment_retention: timedelta = setting(
        "MFA_ENROLMENT_DAYS",
        "Days for which the list of an enrolment is kept after its end.",
        days,
        default="90",
    )
    grace: timedelta = setting(
        "MFA_GRACE_DAYS", "Days to register, from the start date.", days, default="14"
    )
    minimum_grace: timedelta = setting(
        "MFA_MINIMUM_GRACE_HOURS",
        "Hours to register, at the least, from the acceptance of the event.",
        hours,
        default="72",
    )
    reminders: tuple[timedelta, ...] = setting(
        "MFA_REMINDER_DAYS",
        "Days before the deadline on which events remind of it, the longest time first.",
        falling_days,
        default="7,3,1",
    )
    when_overdue: WhenOverdue = setting(
        "MFA_WHEN_OVERDUE",
        "People who have not registered by the deadline: `enforce` (at their next sign-in they "
        "register; old clients stop working) or `escalate` (an event tells; a human decides).",
        WhenOverdue,
        default="enforce",
    )
    former_methods: FormerMethods = setting(
        "MFA_FORMER_METHODS",
        "Authentication methods that a rehired person has from before: `keep` (the case lists "
        "them) or `remove` (those that an approval was given for; privileged people keep theirs).",
        FormerMethods,
        default="keep",
    )
    account_wait: timedelta = setting(
        "MFA_ACCOUNT_WAIT_DAYS",
        "Days after the start date that the account may still be missing or blocked.",
        days,
        default="14",
    )
    leaver_pause: timedelta = setting(
        "MFA_LEAVER_PAUSE_HOURS",
        "Hours after a leaver has left during which no method is removed, disabled or not.",
        hours,
        default="24",
    )
    leaver_wait: timedelta = setting(
        "MFA_LEAVER_WAIT_DAYS",
        "Days after a leaver has left until which the account must be disabled.",
        days,
        default="30",
    )
    gone_after: timedelta = setting(
        "MFA_GONE_AFTER_SECONDS",
        "How far apart two readings are that prove that something is gone for good.",
        seconds,
        default="5",
    )
    check_first: timedelta = setting(
        "MFA_CHECK_FIRST_SECONDS",
        "Shortest pause between two looks at what is waited for.",
        seconds,
        default="15",
    )
    check_most: timedelta = setting(
        "MFA_CHECK_MOST_HOURS",
        "Longest pause between two looks at what is waited for.",
        hours,
        default="6",
    )
    read_back: tuple[timedelta, ...] = setting(
        "MFA_READ_BACK_SECONDS",
        "Pauses before each reading of a change that was written.",
        pauses,
        default="0,2,5,10,30",
    )
    unverified_for: timedelta = setting(
        "MFA_UNVERIFIED_MINUTES",
        "How long a change may stay unverified before a human is asked.",
        minutes,
        default="60",
    )
    retry_first: timedelta = setting(
        "MFA_RETRY_FIRST_SECONDS",
        "Pause after the first failure; it doubles with each further one.",
        seconds,
        default="2",
    )
    attempts: int = setting(
        "MFA_ATTEMPTS",
        "How many failures in a row there may be before a case is parked.",
        whole_number,
        default="10",
    )
    exemption_most: timedelta = setting(
        "MFA_EXEMPTION_MOST_DAYS", "Days that one exemption lasts at most.", days, default="30"
    )
    exemption_yearly: timedelta = setting(
        "MFA_EXEMPTION_YEARLY_DAYS",
        "Days within a year for which a person may be exempt.",
        days,
        default="60",
    )
    exemption_notice: timedelta = setting(
        "MFA_EXEMPTION_NOTICE_HOURS",
        "How long before an exemption ends that is announced.",
        hours,
        default="24",
    )
    lease: timedelta = setting(
        "MFA_LEASE_SECONDS",
        "How long the lease on a person lasts, in real time; it is renewed at a third of it.",
        seconds,
        default="60",
    )
    sources: Mapping[SourceName, SourceSettings[EventReader]]
    reset_sources: Mapping[SourceName, SourceSettings[TicketReader]]
    queue_secrets: Mapping[str, str] = field(repr=False)
    """The secrets with which senders of tickets on the queue may sign, by their number."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check every setting.

        Raises:
            SettingsInvalid: some are missing or wrong; the detail names all of them at once and
                repeats no value.
        """
        problems: list[str] = []
        values = {
            name: specification.read(environment, problems)
            for name, specification in specifications()
        }
        for one, other, name in (
            ("tables_endpoint", "tables_connection_string", "TABLES_ENDPOINT"),
            ("service_bus_namespace", "service_bus_connection_string", NAMESPACE),
        ):
            if not (values[one] or values[other] or environment.get(name)):
                problems.append(f"{name} is missing")
        problems += strategy_problems(values)
        problems += sweep_problems(values)
        takes_webhooks = values["app"] in {None, App.INTAKE}
        sources = sources_from(HR, environment, problems, with_secrets=takes_webhooks)
        tickets = sources_from(TICKETS, environment, problems, with_secrets=takes_webhooks)
        queue: Mapping[str, str] = {}
        if values["app"] in {None, App.RESET}:
            queue = signing_secrets(
                "RESETS_SECRET", SchemeName.STANDARD_WEBHOOKS, environment, problems
            )
            if values["require_signature"] and not queue:
                problems.append("RESETS_SECRET_1 is missing")
        signing = [one.secrets for one in sources.values()]
        signing += [one.secrets for one in tickets.values()]
        problems += conflicts(queue, *signing, names=(sources, tickets))
        if problems:
            raise SettingsInvalid("; ".join(problems) + ".")
        return cls(**values, sources=sources, reset_sources=tickets, queue_secrets=queue)

    def rules(self) -> Rules:
        """The settings that decide about a case."""
        return Rules(
            strategy=self.chosen_strategy(),
            sspr_group=self.sspr_group,
            enforcement_group=self.enforcement_group,
            grace=self.grace,
            minimum_grace=self.minimum_grace,
            reminders=self.reminders,
            when_overdue=self.when_overdue,
            former_methods=self.former_methods,
            account_wait=self.account_wait,
            leaver_pause=self.leaver_pause,
            leaver_wait=self.leaver_wait,
            gone_after=self.gone_after,
            check_first=self.check_first,
            check_most=self.check_most,
            read_back=self.read_back,
            unverified_for=self.unverified_for,
            retry_first=self.retry_first,
            attempts=self.attempts,
            enrolled_a_day=self.enrolled_a_day,
            exemption=self.exemption_limits(),
            reset=self.reset_rules(),
        )

    def exemption_limits(self) -> ExemptionLimits:
        """The settings about exemptions."""
        return ExemptionLimits(
            longest=self.exemption_most,
            yearly=self.exemption_yearly,
            notice=self.exemption_notice,
        )


def specifications() -> list[tuple[str, Specification]]:
    """Every field of `Settings` that stands in one setting, with its specification."""
    return [
        (one.name, one.metadata["setting"]) for one in fields(Settings) if "setting" in one.metadata
    ]
