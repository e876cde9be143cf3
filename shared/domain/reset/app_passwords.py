"""What is known of a person's app passwords: Graph neither lists nor deletes them.

https://learn.microsoft.com/entra/identity/authentication/howto-mfa-app-passwords
"""

from enum import StrEnum
from typing import Final


class AppPasswords(StrEnum):
    """What a case may say of a person's app passwords. None of these means `revoked`."""

    NONE_OBSERVED = "none-observed"
    """The audit log shows no creation since it was first read for the person."""
    SHUT_BY_POLICY = "shut-by-policy"
    """A policy blocks legacy authentication for the person everywhere, so none of them works."""
    SHUT_BY_MAILBOX = "shut-by-mailbox"
    """The mailbox takes none of the old protocols any more; other services were not looked at."""
    MANUAL_ACTION_REQUIRED = "manual-action-required"
    """Some may be alive; a human has to delete them."""
    VERIFIED_DELETED = "verified-deleted"
    """Each creation in the audit log is matched by a deletion, and it covers the time."""
    CONFIRMED_BY_PERSON = "confirmed-by-person"
    """A person said so; nothing proves it."""
    UNKNOWN = "unknown"


OPEN_ITEM: Final = frozenset({AppPasswords.MANUAL_ACTION_REQUIRED})
"""Results with which a human still has something to do."""
