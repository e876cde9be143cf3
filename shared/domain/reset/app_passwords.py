"""What is known of a person's app passwords: Graph neither lists nor deletes them.

https://learn.microsoft.com/entra/identity/authentication/howto-mfa-app-passwords
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.ledger import Ledgered
from shared.domain.legacy_access import LegacyAccess
from shared.domain.mailboxes import Mailbox, NoMailbox


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


OPEN_ITEM: Final = frozenset({AppPasswords.MANUAL_ACTION_REQUIRED, AppPasswords.UNKNOWN})
"""Results with which a human still has something to do, where there may be any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was read about a person's app passwords.

    Attributes:
        state: their per-user MFA state; only who is enforced can make an app password.
        ledger: what the audit log told.
        legacy: whether old clients get in; None where nobody looked.
        mailbox: which old protocols their mailbox takes; None where nobody looked.
        since: from when on they may have made any: when the account was made; None where the
            directory does not tell, or where nobody looked.
    """

    state: PerUserMfaState | Unknown
    ledger: Ledgered | Unknown
    legacy: LegacyAccess | Unknown | None = None
    mailbox: Mailbox | NoMailbox | Unknown | None = None
    since: datetime | None = None

    @property
    def possible(self) -> bool:
        """Whether there may be any alive: unknown is never taken for 'no'."""
        if isinstance(self.ledger, Ledgered) and self.ledger.alive:
            return True
        return isinstance(self.state, Unknown) or self.state is PerUserMfaState.ENFORCED


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


def find(evidence: Evidence) -> Finding:
    """What the evidence comes to: nothing is proven by what was not read."""
    if evidence.possible:
        shut = _shut(evidence)
        if shut is not None:
            return shut
    match evidence.ledger:
        case Unknown(reason):
            return Finding(result=AppPasswords.UNKNOWN, why=reason, item=evidence.possible)
        case ledger if ledger.alive:
            return Finding(
                result=AppPasswords.MANUAL_ACTION_REQUIRED,
                why=f"The audit log shows {ledger.alive} that were created and not deleted.",
                item=True,
            )
        case ledger:
            known = ledger.known
    covered = evidence.since is not None and known.since <= evidence.since
    if covered and ledger.created:
        return Finding(
            result=AppPasswords.VERIFIED_DELETED,
            why="Each creation in the audit log is matched by a deletion, in all of the time in "
            "which there can have been any.",
        )
    if ledger.created and evidence.possible:
        return Finding(
            result=AppPasswords.UNKNOWN,
            why="What the audit log shows is deleted, but it does not show all of the time.",
            item=True,
        )
    if covered or not evidence.possible:
        since = evidence.since if covered else known.since
        return Finding(
            result=AppPasswords.NONE_OBSERVED,
            why="The audit log shows none that was created and is left.",
            since=since,
        )
    return Finding(
        result=AppPasswords.UNKNOWN,
        why=f"The audit log shows none since {known.since.isoformat()}, and nothing before that.",
        item=True,
    )


def _shut(evidence: Evidence) -> Finding | None:
    if evidence.legacy is LegacyAccess.BLOCKED:
        return Finding(
            result=AppPasswords.SHUT_BY_POLICY,
            why="A policy blocks legacy authentication for the person everywhere.",
        )
    if isinstance(evidence.mailbox, Mailbox) and not evidence.mailbox.open:
        return Finding(
            result=AppPasswords.SHUT_BY_MAILBOX,
            why="The mailbox takes none of the old protocols. Other services were not looked at.",
        )
    return None
