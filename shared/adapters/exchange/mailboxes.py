"""The old protocols of mailboxes, in Exchange Online.

https://learn.microsoft.com/powershell/module/exchange/set-casmailbox
"""

from typing import Final

import msgspec

from shared.adapters.exchange.client import ExchangeClient, NoSuchObjectError
from shared.domain.authentication import Unknown
from shared.domain.errors.mailboxes import MailboxesUnavailable, MailboxRefused
from shared.domain.ids import UserId
from shared.domain.mailboxes import Mailbox, NoMailbox, Protocol

_READ: Final = "Get-CASMailbox"
_WRITE: Final = "Set-CASMailbox"


class _CasMailbox(msgspec.Struct, rename="pascal"):
    imap_enabled: bool
    pop_enabled: bool
    active_sync_enabled: bool
    # None where what the organisation has set counts.
    smtp_client_authentication_disabled: bool | None = None


class ExchangeMailboxes:
    """The port `Mailboxes`. Only the guarded port to the directory may hold its `close`."""

    def __init__(self, client: ExchangeClient) -> None:
        self._client = client

    async def mailbox(self, user: UserId) -> Mailbox | NoMailbox | Unknown:
        """`Get-CASMailbox`."""
        try:
            found = await self._client.run(_READ, user)
        except NoSuchObjectError:
            return NoMailbox()
        except MailboxRefused as error:
            return Unknown(error.detail)
        if len(found) != 1:
            raise MailboxesUnavailable(f"{_READ}: {len(found)} mailboxes instead of one.")
        try:
            read = msgspec.convert(found[0], _CasMailbox)
        except msgspec.ValidationError as error:
            raise MailboxesUnavailable(f"{_READ}: the answer can't be read.") from error
        taken = {
            Protocol.SMTP_AUTH: read.smtp_client_authentication_disabled is not True,
            Protocol.IMAP: read.imap_enabled,
            Protocol.POP: read.pop_enabled,
            Protocol.ACTIVE_SYNC: read.active_sync_enabled,
        }
        return Mailbox(frozenset(protocol for protocol, is_open in taken.items() if is_open))

    async def close(self, user: UserId) -> None:
        """`Set-CASMailbox`, all four in one."""
        try:
            await self._client.run(
                _WRITE,
                user,
                writes=True,
                SmtpClientAuthenticationDisabled=True,
                ImapEnabled=False,
                PopEnabled=False,
                ActiveSyncEnabled=False,
            )
        except NoSuchObjectError as error:
            raise MailboxesUnavailable(f"{_WRITE}: the mailbox is not there any more.") from error
