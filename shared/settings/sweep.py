"""The settings about the nightly sweep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.domain.ids import UserId
from shared.domain.sweep.mending import BlastRadius, Mend
from shared.names import EVERY_NIGHT, App, Setting
from shared.settings.passes import PassSettings
from shared.settings.values import (
    days,
    ids,
    one_of,
    optional,
    positive,
    setting,
    share,
    whole_number,
    words,
)

_FIELDS: Final = 6
"""Of a schedule; what each of them says is for the host to judge."""


def some(text: str) -> bool:
    """Whether there are some, or none."""
    return one_of("none", "some")(text.lower()) == "some"


def mends(text: str) -> frozenset[Mend]:
    """What is mended; `none` stands for nothing and by itself."""
    named = words(text.lower())
    return frozenset() if named == {"none"} else frozenset(map(Mend, named))


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSettings(PassSettings):
    """When the sweep begins, what it asks, and how long it is remembered."""

    sweep_schedule: str | None = setting(
        Setting.SWEEP_SCHEDULE,
        f"When the nightly sweep begins, in UTC: NCRONTAB, seconds first. A deployment sets "
        f"`{EVERY_NIGHT}`. The host reads it, and has no default: required in the app `sweep`.",
        optional(str),
        default="",
    )
    run_retention: timedelta = setting(
        "MFA_RUN_DAYS",
        "Days for which runs of the sweep, what they found, and the history of each person are "
        "kept.",
        days,
        default="90",
    )
    sweep_live_most: int = setting(
        "MFA_SWEEP_LIVE_MOST",
        "In a tenant without the registration report (which takes Entra ID P1): of how many people "
        "the sweep reads what they have registered one by one. In a larger one that is unknown.",
        whole_number,
        default="5000",
    )
    trusted_ips: bool | None = setting(
        "MFA_TRUSTED_IPS",
        "Whether the service settings of per-user MFA name trusted IPs, from which nobody is asked "
        "for MFA: `none` or `some`. No API tells; left empty, none are assumed, and what is said "
        "of people on that ground says so.",
        optional(some),
        default="",
    )
    staged_rollout: bool | None = setting(
        "MFA_STAGED_ROLLOUT",
        "Whether people of federated domains are in a Staged Rollout, so that they sign in here "
        "and not with the domain's provider: `none` or `some`. No API tells an application; unless "
        "it is `none`, nobody counts on the provider's MFA.",
        optional(some),
        default="",
    )
    identities: frozenset[UserId] = setting(
        "MFA_IDENTITIES",
        "Object ids and client ids of the identities of all apps, separated by commas. The sweep "
        "looks for changes that they made and no case; while this is empty, each run is `partial`.",
        ids,
        default="",
    )
    sweep_pace: float = setting(
        "MFA_SWEEP_PACE",
        "What part of the limits that Graph publishes the sweep uses: `1` is all; less leaves "
        "something to other applications that read reports or policies.",
        positive,
        default="1",
    )
    sweep_mend: frozenset[Mend] = setting(
        "MFA_SWEEP_MEND",
        "Whom the sweep has onboarded anew, separated by commas: `promote` (who is enabled and has "
        "registered), `reopen` (of whom nothing requires MFA); or `none`. Only members with a "
        "licence and an employee id. A new deployment changes nobody: that takes `onboarding` "
        "to act.",
        mends,
        default="promote,reopen",
    )
    sweep_mend_most: int = setting(
        "MFA_SWEEP_MEND_MOST",
        "How many people one run has onboarded anew without anybody's approval.",
        whole_number,
        default="25",
    )
    sweep_mend_share: float = setting(
        "MFA_SWEEP_MEND_SHARE",
        "The same as a share of the directory; one person always is. The lower of the two holds.",
        share,
        default="0.05",
    )

    def blast_radius(self) -> BlastRadius:
        """How many people a run has taken up without anybody's approval."""
        return BlastRadius(most=self.sweep_mend_most, share=self.sweep_mend_share)


def sweep_problems(values: Mapping[str, object]) -> list[str]:
    """What is wrong with the schedule, for the app that has the timer; no other has to mind."""
    told = values["sweep_schedule"]
    if values["app"] is not App.SWEEP:
        return []
    if not isinstance(told, str):
        return [f"{Setting.SWEEP_SCHEDULE} is missing"]
    if len(told.split()) != _FIELDS:
        return [f"{Setting.SWEEP_SCHEDULE} is wrong: six fields, seconds first"]
    return []
