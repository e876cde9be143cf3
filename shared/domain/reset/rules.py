"""The settings that decide about a reset."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

VERIFICATIONS: Final = frozenset({"in-person", "video-call", "callback", "manager", "verified-id"})
"""How a caller may have been verified, unless the setting says otherwise. What can be looked up or
overheard, as the answers to questions, is not among them."""


PARKED_LASTS: Final = timedelta(hours=72)
"""How long a parked ticket may be taken up again: what it asserts was true when it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetRules:
    """The settings about lost devices.

    Attributes:
        verifications: how the caller may have been verified.
        deadline: how long a person has to register again.
        reminders: how long before the deadline events remind of it, the longest time first.
        block_compromised: whether a compromised account is blocked at once.
        block_until_pass: whether an account that is left without a portable method is blocked until
            a pass is collected, unless a policy protects the registration.
        close_mailbox: whether the old protocols of the mailbox are turned off where no policy shuts
            app passwords.
        chase_every: how often a human is reminded to delete app passwords.
    """

    verifications: frozenset[str] = VERIFICATIONS
    deadline: timedelta = timedelta(hours=72)
    reminders: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=4))
    block_compromised: bool = True
    block_until_pass: bool = True
    close_mailbox: bool = False
    chase_every: timedelta = timedelta(days=1)
