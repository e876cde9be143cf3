"""What is known of a person's app passwords: Graph neither lists nor deletes them.

https://learn.microsoft.com/entra/identity/authentication/howto-mfa-app-passwords
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.ledger import Ledgered
from shared.domain.mailboxes import Mailbox, NoMailbox


class AppPasswords(StrEnum):
    """What a case may say of a person's app passwords. None of these means `revoked`."""

    NONE_OBSERVED = "none-observed"
    """The audit log shows no creation in all of the account's life."""
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


OPEN_ITEM: Final = frozenset({AppPasswords.MANUAL_ACTION_REQUIRED, AppPasswords.UNKNOWN})
"""Results with which a human still has something to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was read about a person's app passwords that no policy shuts.

    The per-user MFA state is no part of it. Only who is enforced can make one, but whoever reads as
    `disabled` now may have been enforced before, and what was made then lives on.

    Attributes:
        ledger: what the audit log told.
        mailbox: which old protocols their mailbox takes; None where nobody looked.
        since: from when on they may have made any: when the account was made; None where the
            directory does not tell.
    """

    ledger: Ledgered | Unknown
    mailbox: Mailbox | NoMailbox | Unknown | None = None
    since: datetime | None = None

    @property
    def possible(self) -> bool:
        """Whether there may be any alive: unknown is never taken for 'no'."""
        if isinstance(self.ledger, Unknown) or self.since is None:
            return True
        return self.ledger.alive > 0 or self.ledger.known.since > self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the evidence comes to.

    Attributes:
        result: what the case may say.
        why: the same in a sentence.
        since: with `none-observed`: since when none was.
        item: whether a human has to see to it.
    """

    result: AppPasswords
    why: str
    since: datetime | None = None
    item: bool = False


SHUT_BY_POLICY: Final = Finding(
    result=AppPasswords.SHUT_BY_POLICY,
    why="A policy blocks legacy authentication for the person everywhere.",
)
"""It needs no look at what the log tells."""


def find(evidence: Evidence) -> Finding:
    """What the evidence comes to: nothing is proven by what was not read."""
    if evidence.possible:
        return _shut(evidence) or _left_open(evidence.ledger)
    if isinstance(evidence.ledger, Ledgered) and evidence.ledger.created:
        return Finding(
            result=AppPasswords.VERIFIED_DELETED,
            why="Each creation in the audit log is matched by a deletion, in all of the time in "
            "which there can have been any.",
        )
    return Finding(
        result=AppPasswords.NONE_OBSERVED,
        why="The audit log shows none that was ever created.",
        since=evidence.since,
    )


def _left_open(ledger: Ledgered | Unknown) -> Finding:
    """What a human has to see to, and why."""
    match ledger:
        case Unknown(reason):
            result, why = AppPasswords.UNKNOWN, reason
        case Ledgered(alive=alive) if alive:
            result = AppPasswords.MANUAL_ACTION_REQUIRED
            why = f"The audit log shows {alive} that were created and not deleted."
        case Ledgered(created=True):
            result = AppPasswords.UNKNOWN
            why = "What the audit log shows is deleted, but it does not show all of the time."
        case Ledgered(known=known):
            result = AppPasswords.UNKNOWN
            since = known.since.isoformat()
            why = f"The audit log shows none since {since}, and nothing before that."
    return Finding(result=result, why=why, item=True)


def _shut(evidence: Evidence) -> Finding | None:
    if isinstance(evidence.mailbox, Mailbox) and not evidence.mailbox.open:
        return Finding(
            result=AppPasswords.SHUT_BY_MAILBOX,
            why="The mailbox takes none of the old protocols. Other services were not looked at.",
        )
    return None
