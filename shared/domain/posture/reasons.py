"""Why a verdict is what it is, in codes for machines and words for people."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a person is really protected."""

    PROTECTED = "protected"
    """MFA is required, and the person has what it takes. The reasons tell by what it is required:
    security defaults ask most people only when Microsoft sees a risk, all else at every sign-in."""
    WEAK = "weak"
    """It is required, but there is a way around it, or the person has too little for it."""
    EXEMPT = "exempt"
    """An exemption that was granted for a time."""
    UNPROTECTED = "unprotected"
    """Nothing requires MFA of an ordinary sign-in."""
    UNKNOWN = "unknown"
    """What would decide it could not be read."""


class ReasonCode(StrEnum):
    """Why."""

    PER_USER_ENFORCED = "per-user-enforced"
    CONDITIONAL_ACCESS = "conditional-access"
    SECURITY_DEFAULTS = "security-defaults"
    """Of administrators, always."""
    SECURITY_DEFAULTS_AT_RISK = "security-defaults-at-risk"
    """Of everybody else, when Microsoft sees a risk; not at every sign-in."""
    PHISHING_RESISTANT = "phishing-resistant"
    REGISTERED_ELSEWHERE = "registered-elsewhere"

    EXEMPT = "exempt"

    IN_GRACE = "in-grace"
    ENABLED_NOT_ENFORCED = "enabled-not-enforced"
    GAP = "gap"
    NOT_REGISTERED = "not-registered"
    NOT_CAPABLE = "not-capable"
    ONE_MACHINE_ONLY = "one-machine-only"
    PASS_ONLY = "pass-only"  # noqa: S105  (a code)
    TELEPHONY_ONLY = "sms-or-voice-only"
    STRENGTH_NOT_MET = "strength-not-met"
    BREAK_GLASS_NOT_RESISTANT = "break-glass-not-phishing-resistant"

    NOT_REQUIRED = "not-required"
    EXEMPTION_OVERDUE = "exemption-overdue"
    """Beside what they lack: their exemption is over, and they are not put back yet."""

    NO_TRUSTED_IPS_ASSUMED = "no-trusted-ips-assumed"
    """The rest holds unless the MFA service settings name trusted IPs, which nobody can read."""

    UNSEEN = "unseen"
    """The list of people broke off before them."""
    UNKNOWN_STATE = "unknown-state"
    UNKNOWN_REGISTRATION = "unknown-registration"
    UNKNOWN_DEFAULTS = "unknown-security-defaults"
    UNKNOWN_COVERAGE = "unknown-coverage"
    UNKNOWN_STRENGTH = "unknown-strength"
    UNKNOWN_EXEMPTION = "unknown-exemption"
    UNKNOWN_ELSEWHERE = "unknown-elsewhere"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason.

    Attributes:
        code: which.
        detail: what in particular: a policy, a gap, why something could not be read.
    """

    code: ReasonCode
    detail: str = ""
