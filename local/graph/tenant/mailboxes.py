"""Mailboxes, and the legacy protocols that open them with a name and a password."""

from enum import StrEnum

import msgspec


class Protocol(StrEnum):
    """The legacy protocols of Exchange Online."""

    SMTP = "smtp"
    IMAP = "imap"
    POP = "pop"
    ACTIVE_SYNC = "activeSync"


class Mailbox(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """What is open of a mailbox, by the names that `Get-CASMailbox` has.

    Attributes:
        smtp_client_authentication_disabled: None = as the tenant has it, which is open here.
    """

    smtp_client_authentication_disabled: bool | None = None
    imap_enabled: bool = True
    pop_enabled: bool = True
    active_sync_enabled: bool = True

    @property
    def open(self) -> frozenset[Protocol]:
        """The protocols that take a password."""
        is_open = {
            Protocol.SMTP: self.smtp_client_authentication_disabled is not True,
            Protocol.IMAP: self.imap_enabled,
            Protocol.POP: self.pop_enabled,
            Protocol.ACTIVE_SYNC: self.active_sync_enabled,
        }
        return frozenset(protocol for protocol, yes in is_open.items() if yes)
