"""The old protocols of a mailbox: what an app password may still open.

https://learn.microsoft.com/powershell/module/exchange/set-casmailbox
"""

from dataclasses import dataclass
from enum import StrEnum


class Protocol(StrEnum):
    """A protocol by which a client may sign in with a name and a password."""

    SMTP_AUTH = "smtp-auth"
    IMAP = "imap"
    POP = "pop"
    ACTIVE_SYNC = "active-sync"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person's mailbox.

    Attributes:
        open: the old protocols that it takes. SMTP AUTH counts where it is not turned off for this
            very mailbox: what the organisation has set may change by itself.
    """

    open: frozenset[Protocol]


@dataclass(frozen=True, slots=True)
class NoMailbox:
    """Exchange Online answered, and the person has none."""
