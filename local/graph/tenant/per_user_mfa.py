"""Per-user MFA: the three states and the moves that Entra ID makes by itself.

Source: the per-user MFA page of the Entra documentation (2025-03) and the description of
`strongAuthenticationRequirements` in the beta schema. The two disagree about a person who is
enabled *again*; `stays_enabled_when_enabled_again` chooses.
"""

from enum import StrEnum


class PerUserMfaState(StrEnum):
    """The states that can be read and written. (`unknownFutureValue` is no state.)"""

    DISABLED = "disabled"
    ENABLED = "enabled"
    ENFORCED = "enforced"


def after_write(
    requested: PerUserMfaState,
    *,
    registered: bool,
    enabled_before: bool,
    stays_enabled_when_enabled_again: bool,
) -> PerUserMfaState:
    """The state that a write of `requested` ends in.

    Args:
        registered: the person has a method that satisfies MFA.
        enabled_before: the person was enabled or enforced at some time before.
        stays_enabled_when_enabled_again: follow the portal's note (a person enabled again who does
            not register again stays `enabled`) and not the schema's (moves to `enforced`).
    """
    if requested is not PerUserMfaState.ENABLED or not registered:
        return requested
    if enabled_before and stays_enabled_when_enabled_again:
        return requested
    return PerUserMfaState.ENFORCED


def after_registration(current: PerUserMfaState, *, strong: bool) -> PerUserMfaState:
    """The state after a person registered a method: who is `enabled` moves to `enforced`."""
    if current is PerUserMfaState.ENABLED and strong:
        return PerUserMfaState.ENFORCED
    return current
