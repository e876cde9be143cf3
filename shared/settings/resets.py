"""The settings about lost devices."""

from dataclasses import dataclass
from datetime import timedelta

from shared.domain.reset.rules import ResetRules
from shared.settings.budgets import BudgetSettings
from shared.settings.values import days, hours, setting, truth, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetSettings(BudgetSettings):
    """What tickets about lost devices may ask for, and what becomes of them."""

    require_signature: bool = setting(
        "RESETS_REQUIRE_SIGNATURE",
        "`true` or `false`: whether tickets on the queue have to be signed. A wrong signature is "
        "refused in any case.",
        truth,
        default="false",
    )
    reset_verifications: frozenset[str] = setting(
        "MFA_RESET_VERIFICATIONS",
        "How the caller of a lost-device ticket may have been verified, separated by commas.",
        words,
        default="in-person,video-call,callback,manager,verified-id",
    )
    reset_deadline: timedelta = setting(
        "MFA_RESET_DEADLINE_HOURS",
        "Hours to register again after a reset; whoever has not by then is blocked.",
        hours,
        default="72",
    )
    reset_block_compromised: bool = setting(
        "MFA_RESET_BLOCK_COMPROMISED",
        "`true` or `false`: whether a compromised account is blocked at once, until its password "
        "was changed and a pass collected.",
        truth,
        default="true",
    )
    reset_block_until_pass: bool = setting(
        "MFA_RESET_BLOCK_UNTIL_PASS",
        "`true` or `false`: whether an account that a reset leaves without a method is blocked "
        "until a pass is collected, unless a policy protects the registration.",
        truth,
        default="true",
    )
    reset_close_mailbox: bool = setting(
        "MFA_RESET_CLOSE_MAILBOX",
        "`true` or `false`: whether a reset turns off SMTP AUTH, IMAP, POP and ActiveSync of the "
        "mailbox where no policy shuts app passwords. Nothing turns them on again. The reset app "
        "needs `Exchange.ManageAsApp` for it.",
        truth,
        default="false",
    )
    audit_log: timedelta = setting(
        "MFA_AUDIT_LOG_DAYS",
        "How many days back Entra's audit log reaches: 7, or 30 with Entra ID P1 or P2.",
        days,
        default="7",
    )

    def reset_rules(self) -> ResetRules:
        """The settings that decide about a reset."""
        return ResetRules(
            verifications=self.reset_verifications,
            deadline=self.reset_deadline,
            block_compromised=self.reset_block_compromised,
            block_until_pass=self.reset_block_until_pass,
            close_mailbox=self.reset_close_mailbox,
        )
