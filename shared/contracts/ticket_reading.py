"""How a source's webhook bodies become tickets: its mapping, and whom it may name at all."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.reset_ticket import ResetTicket, decode_ticket
from shared.contracts.ticket_mapping import TicketMapping
from shared.domain.errors.requests import InvalidEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReader:
    """Reads the bodies of one source.

    Attributes:
        domains: the domains that sign-in names may have, in small letters; empty where any will do.
        mapping: what its bodies mean; None where they are tickets as we write them.
    """

    domains: frozenset[str] = frozenset()
    mapping: TicketMapping | None = None

    def read(self, body: bytes, signed_at: datetime | None) -> tuple[ResetTicket, ...]:  # noqa: ARG002  (a ticket tells of no moment)
        """The ticket in a body; none where the vendor tells of something that is none of ours.

        Raises:
            InvalidEvent: the body is no ticket that this source may send.
        """
        ticket = decode_ticket(body) if self.mapping is None else self.mapping.ticket(body)
        if ticket is None:
            return ()
        if self.domains and ticket.user_principal_name is None:
            raise InvalidEvent("This source has to name people by userPrincipalName.")
        if self.domains and _domain(ticket) not in self.domains:
            raise InvalidEvent("userPrincipalName is in a domain that this source may not name.")
        return (ticket,)


def _domain(ticket: ResetTicket) -> str:
    return (ticket.user_principal_name or "").rpartition("@")[2].lower()
