"""What ticketing systems send about a lost device: the ticket of design section 6."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, UnsetType

from shared.contracts.mistakes import mistake
from shared.contracts.texts import NO_CONTROL_CHARACTERS, SignInName, Text
from shared.domain.errors.requests import InvalidEvent
from shared.domain.ids import UserId, UserPrincipalName
from shared.domain.plans import ResetPlan
from shared.domain.reset.tickets import ALL_ACTIONS, ResetAction, ResetReason

MOST_OF_AN_ID: Final = 128
"""Characters of a ticket's id. It is repeated in events, so it has to be of a sane length."""

_TicketId = Annotated[str, msgspec.Meta(max_length=MOST_OF_AN_ID, pattern=NO_CONTROL_CHARACTERS)]
_System = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?(?!\n)$")]
_Method = Annotated[str, msgspec.Meta(max_length=64, pattern=NO_CONTROL_CHARACTERS)]
_ObjectId = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?!\n)$")
]
_Actions = Annotated[
    tuple[ResetAction, ...], msgspec.Meta(min_length=1, max_length=len(ALL_ACTIONS))
]


class _Canonical(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    pass


class Verification(_Canonical, frozen=True):
    """Who made sure that the caller is the person, and how; the word of the sender.

    Attributes:
        by: who did; somebody else than the person.
        method: how: one of those that MFA_RESET_VERIFICATIONS names.
    """

    by: Text
    method: _Method


class ResetTicket(_Canonical, frozen=True):
    """A ticket about a lost device.

    Attributes:
        ticket_id: the sender's id of the ticket; the same id is the same ticket.
        reason: why: lost, stolen, replaced, compromised. It decides what is removed.
        requested_by: who asked for it, in the words of the sender.
        user_principal_name: the sign-in name of the person; this or `userId`, not both.
        user_id: their object id in Entra ID.
        actions: what is to be done; all three where they are left out.
        verification: who verified the caller. A ticket without it becomes a case that is refused.
        system: which system sends it, where several share a way in: their ids don't meet.
    """

    ticket_id: _TicketId
    reason: ResetReason
    requested_by: Text
    user_principal_name: SignInName | None = None
    user_id: _ObjectId | None = None
    actions: _Actions = ALL_ACTIONS
    verification: Verification | None = None
    # Left out and not null: what tickets without it meant when they came is on record.
    system: _System | UnsetType = UNSET

    @property
    def key(self) -> str:
        """Its id, among all tickets of a source."""
        # No id of a ticket without a system can look like that: no source is named with a slash.
        return f":{self.ticket_id}" if self.system is UNSET else f"/{self.system}:{self.ticket_id}"


def decode_ticket(body: bytes) -> ResetTicket:
    """The ticket in a message.

    Raises:
        InvalidEvent: the body is no ticket; the detail names the field, never its value.
    """
    try:
        ticket = msgspec.json.decode(body, type=ResetTicket)
        _refuse_repetitions(body)
    except (ValueError, RecursionError) as error:
        raise InvalidEvent(f"The body is not a ticket: {mistake(error)}") from error
    return _checked(ticket)


def ticket_of(fields: Mapping[str, object]) -> ResetTicket:
    """The ticket with these fields, by their names in the contract.

    Raises:
        InvalidEvent: they make none; the detail names the field, never its value.
    """
    try:
        ticket = msgspec.convert(fields, type=ResetTicket)
    except msgspec.ValidationError as error:
        raise InvalidEvent(f"The body makes no ticket: {mistake(error)}") from error
    return _checked(ticket)


def _refuse_repetitions(body: bytes) -> None:
    """Refuse an object that has a field twice: of which one the sender meant, nobody knows."""
    json.loads(body, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, object]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("Object contains a field twice")


def _checked(ticket: ResetTicket) -> ResetTicket:
    if (ticket.user_principal_name is None) == (ticket.user_id is None):
        raise InvalidEvent("One of userPrincipalName and userId has to say who it is about.")
    if len(set(ticket.actions)) < len(ticket.actions):
        raise InvalidEvent("actions names one of them twice.")
    return ticket


def ticket_hash(ticket: ResetTicket) -> str:
    """SHA-256 of what the ticket means, whatever the order and spacing of its fields."""
    meant = msgspec.structs.replace(
        ticket,
        actions=_in_order(ticket.actions),
        user_id=None if ticket.user_id is None else ticket.user_id.lower(),
    )
    return hashlib.sha256(msgspec.json.encode(meant, order="deterministic")).hexdigest()


def reset_plan(ticket: ResetTicket, accepted_at: datetime) -> ResetPlan:
    """What a ticket asks for."""
    name, verification = ticket.user_principal_name, ticket.verification
    return ResetPlan(
        ticket_id=ticket.ticket_id,
        system=None if ticket.system is UNSET else ticket.system,
        user_id=None if ticket.user_id is None else UserId(ticket.user_id.lower()),
        user_principal_name=None if name is None else UserPrincipalName(name),
        reason=ticket.reason,
        actions=_in_order(ticket.actions),
        requested_by=ticket.requested_by,
        verified_by=None if verification is None else verification.by,
        verified_how=None if verification is None else verification.method,
        occurred_at=accepted_at,
    )


def _in_order(actions: tuple[ResetAction, ...]) -> tuple[ResetAction, ...]:
    return tuple(action for action in ALL_ACTIONS if action in actions)


class _Named(msgspec.Struct, frozen=True):
    """All that is looked for in a message that is no ticket."""

    ticket_id: _TicketId = msgspec.field(name="ticketId")


def readable_ticket_id(body: bytes) -> str | None:
    """The ticket that a message is about, as far as that can be told safely.

    So that its sender can be told of a ticket which is not one.
    """
    try:
        # Some senders put a byte order mark before JSON, which RFC 8259 forbids.
        return msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=_Named).ticket_id
    except (ValueError, RecursionError):
        return None
