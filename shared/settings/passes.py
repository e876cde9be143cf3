"""The settings about Temporary Access Passes."""

from dataclasses import dataclass
from datetime import timedelta

from shared.domain.passes.collecting import PassRules
from shared.domain.passes.methods_policy import PassTerms
from shared.settings.strategy import StrategySettings
from shared.settings.values import minutes, setting, truth, whole_number


@dataclass(frozen=True, slots=True, kw_only=True)
class PassSettings(StrategySettings):
    """How long passes last, and how many there may be."""

    pass_lifetime: timedelta = setting(
        "MFA_PASS_MINUTES",
        "How long a Temporary Access Pass lasts; the tenant's policy may make it longer or "
        "shorter.",
        minutes,
        default="60",
    )
    pass_usable_once: bool = setting(
        "MFA_PASS_ONCE",
        "`true` or `false`: whether a pass can be used only once; the tenant's policy may demand "
        "it.",
        truth,
        default="true",
    )
    passes_per_case: int = setting(
        "MFA_PASSES_PER_CASE",
        "How many passes may be collected for a case.",
        whole_number,
        default="3",
    )
    passes_per_hour: int = setting(
        "MFA_PASSES_PER_HOUR",
        "How many passes one person may collect in an hour.",
        whole_number,
        default="10",
    )

    def pass_rules(self) -> PassRules:
        """The settings that decide about passes."""
        return PassRules(
            wish=PassTerms(lifetime=self.pass_lifetime, usable_once=self.pass_usable_once),
            most_per_case=self.passes_per_case,
            most_per_hour=self.passes_per_hour,
        )
