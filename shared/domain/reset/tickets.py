"""What a ticket may ask for, in the words of the contract."""

from enum import IntEnum, StrEnum
from typing import Final


class ResetReason(StrEnum):
    """Why somebody's methods are reset. It decides which of them go, and in what order."""

    LOST = "lost"
    STOLEN = "stolen"
    REPLACED = "replaced"
    """The person has the old device still; it goes when a pass is collected."""
    COMPROMISED = "compromised"
    """Somebody else may be signed in, or know the password."""


class ResetAction(StrEnum):
    """The three things that a reset can do, each on its own or together."""

    METHODS = "methods"
    SESSIONS = "sessions"
    APP_PASSWORDS = "appPasswords"


ALL_ACTIONS: Final = tuple(ResetAction)
"""What a ticket asks for that names none."""


class Strength(IntEnum):
    """How much a reason takes away; each does all that a weaker one does."""

    REPLACED = 0
    LOST = 1
    STOLEN = 2
    COMPROMISED = 3


def strength(reason: ResetReason) -> Strength:
    """How much a reset for this reason takes away."""
    return Strength[reason.name]
