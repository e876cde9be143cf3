"""The port to people's mailboxes in Exchange Online."""

from typing import Protocol

from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.mailboxes import Mailbox, NoMailbox


class Mailboxes(Protocol):
    """The old protocols of mailboxes: read, and shut for good."""

    async def mailbox(self, user: UserId) -> Mailbox | NoMailbox | Unknown:
        """Which old protocols a person's mailbox takes.

        `Unknown` where our identity may not look.

        Raises:
            MailboxesUnavailable: Exchange Online is in passing trouble.
        """
        ...

    async def close(self, user: UserId) -> None:
        """Turn all of them off. A return proves nothing: read it back.

        Only the guarded port `DirectoryWrites` may ask for it.

        Raises:
            MailboxesUnavailable: Exchange Online is in passing trouble.
            MailboxRefused: it does not let our identity do that.
        """
        ...
