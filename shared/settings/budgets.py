"""The settings that say how large budgets are (safety rule S5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.budgets.flows import Budget
from shared.domain.budgets.limits import Limit
from shared.settings.connections import ConnectionSettings
from shared.settings.values import setting, share, whole_number


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSettings(ConnectionSettings):
    """How much may come from one source in an hour and in a day, in UTC, by effect."""

    methods_removed_per_hour: int = setting(
        "MFA_BUDGET_METHODS_REMOVED_PER_HOUR",
        "Resets and rehired people who lose methods or sessions, of one source in an hour.",
        whole_number,
        default="25",
    )
    methods_removed_per_day: int = setting(
        "MFA_BUDGET_METHODS_REMOVED_PER_DAY", "The same in a day.", whole_number, default="100"
    )
    methods_removed_share: float = setting(
        "MFA_BUDGET_METHODS_REMOVED_SHARE",
        "The same as a part of the directory, one person at the least; 1 sets no such bound.",
        share,
        default="0.05",
    )
    sign_in_blocked_per_hour: int = setting(
        "MFA_BUDGET_SIGN_IN_BLOCKED_PER_HOUR",
        "People whose sign-in is blocked, of one source in an hour.",
        whole_number,
        default="25",
    )
    sign_in_blocked_per_day: int = setting(
        "MFA_BUDGET_SIGN_IN_BLOCKED_PER_DAY", "The same in a day.", whole_number, default="100"
    )
    sign_in_blocked_share: float = setting(
        "MFA_BUDGET_SIGN_IN_BLOCKED_SHARE",
        "The same as a part of the directory, one person at the least; 1 sets no such bound.",
        share,
        default="0.05",
    )
    pass_per_hour: int = setting(
        "MFA_BUDGET_PASS_PER_HOUR",
        "Temporary Access Passes, of one source in an hour.",
        whole_number,
        default="50",
    )
    pass_per_day: int = setting(
        "MFA_BUDGET_PASS_PER_DAY", "The same in a day.", whole_number, default="200"
    )
    pass_share: float = setting(
        "MFA_BUDGET_PASS_SHARE",
        "The same as a part of the directory, one person at the least; 1 sets no such bound.",
        share,
        default="0.1",
    )
    exemption_per_hour: int = setting(
        "MFA_BUDGET_EXEMPTION_PER_HOUR",
        "People whose MFA is disabled for a time, of one source in an hour.",
        whole_number,
        default="10",
    )
    exemption_per_day: int = setting(
        "MFA_BUDGET_EXEMPTION_PER_DAY", "The same in a day.", whole_number, default="50"
    )
    exemption_share: float = setting(
        "MFA_BUDGET_EXEMPTION_SHARE",
        "The same as a part of the directory, one person at the least; 1 sets no such bound.",
        share,
        default="0.02",
    )
    leaver_per_hour: int = setting(
        "MFA_BUDGET_LEAVER_PER_HOUR",
        "Leavers who lose sessions and methods, of one source in an hour.",
        whole_number,
        default="25",
    )
    leaver_per_day: int = setting(
        "MFA_BUDGET_LEAVER_PER_DAY", "The same in a day.", whole_number, default="100"
    )
    leaver_share: float = setting(
        "MFA_BUDGET_LEAVER_SHARE",
        "The same as a part of the directory, one person at the least; 1 sets no such bound.",
        share,
        default="0.05",
    )
    group_left_per_hour: int = setting(
        "MFA_BUDGET_GROUP_LEFT_PER_HOUR",
        "Leavers who are taken out of a group, of one source in an hour.",
        whole_number,
        default="25",
    )
    group_left_per_day: int = setting(
        "MFA_BUDGET_GROUP_LEFT_PER_DAY", "The same in a day.", whole_number, default="100"
    )
    group_left_share: float = setting(
        "MFA_BUDGET_GROUP_LEFT_SHARE",
        "The same as a part of the directory, one person at the least; 1 sets no such bound.",
        share,
        default="0.05",
    )
    enforced_per_hour: int = setting(
        "MFA_BUDGET_ENFORCED_PER_HOUR",
        "People for whom MFA is enforced, of one source in an hour.",
        whole_number,
        default="5000",
    )
    enforced_per_day: int = setting(
        "MFA_BUDGET_ENFORCED_PER_DAY", "The same in a day.", whole_number, default="20000"
    )
    enforced_share: float = setting(
        "MFA_BUDGET_ENFORCED_SHARE",
        "The same as a part of the directory, one person at the least; 1 sets no such bound.",
        share,
        default="1",
    )
    enabled_per_hour: int = setting(
        "MFA_BUDGET_ENABLED_PER_HOUR",
        "People who are enabled or prepared for MFA, of one source in an hour.",
        whole_number,
        default="5000",
    )
    enabled_per_day: int = setting(
        "MFA_BUDGET_ENABLED_PER_DAY", "The same in a day.", whole_number, default="20000"
    )
    enabled_share: float = setting(
        "MFA_BUDGET_ENABLED_SHARE",
        "The same as a part of the directory, one person at the least; 1 sets no such bound.",
        share,
        default="1",
    )

    def limits(self) -> Mapping[Budget, Limit]:
        """Every budget."""
        return {
            Budget.METHODS_REMOVED: Limit(
                per_hour=self.methods_removed_per_hour,
                per_day=self.methods_removed_per_day,
                share=self.methods_removed_share,
            ),
            Budget.SIGN_IN_BLOCKED: Limit(
                per_hour=self.sign_in_blocked_per_hour,
                per_day=self.sign_in_blocked_per_day,
                share=self.sign_in_blocked_share,
            ),
            Budget.PASS: Limit(
                per_hour=self.pass_per_hour,
                per_day=self.pass_per_day,
                share=self.pass_share,
            ),
            Budget.EXEMPTION: Limit(
                per_hour=self.exemption_per_hour,
                per_day=self.exemption_per_day,
                share=self.exemption_share,
            ),
            Budget.LEAVER: Limit(
                per_hour=self.leaver_per_hour,
                per_day=self.leaver_per_day,
                share=self.leaver_share,
            ),
            Budget.GROUP_LEFT: Limit(
                per_hour=self.group_left_per_hour,
                per_day=self.group_left_per_day,
                share=self.group_left_share,
            ),
            Budget.ENFORCED: Limit(
                per_hour=self.enforced_per_hour,
                per_day=self.enforced_per_day,
                share=self.enforced_share,
            ),
            Budget.ENABLED: Limit(
                per_hour=self.enabled_per_hour,
                per_day=self.enabled_per_day,
                share=self.enabled_share,
            ),
        }
