"""What operators read and send about protected accounts and exclusions."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import UserId
from shared.domain.registries import Entry

_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"\S")]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class EntryOrigin(StrEnum):
    """Where an entry comes from."""

    REGISTRY = "registry"
    SETTING = "setting"
    """`MFA_BREAK_GLASS_IDS`: nothing but a deployment changes it."""


class EntryView(msgspec.Struct, frozen=True, rename="camel"):
    """A person on a list.

    Attributes:
        user_id: object id of the person.
        origin: where the entry comes from; one of the setting has no owner, end or author.
        in_force: False once it has expired.
        owner: who answers for it.
        reason: why they are on the list.
        expires_at: from when on it no longer counts.
        added_by: object id of the person who last stated it.
        added_at: when.
        removal_requested_by: object id of the person who asked for its removal; a second one must
            agree within eight hours.
        removal_requested_at: when they asked.
    """

    user_id: UserId
    origin: EntryOrigin
    in_force: bool
    owner: str | None
    reason: str
    expires_at: datetime | None
    added_by: str | None
    added_at: datetime | None
    removal_requested_by: str | None
    removal_requested_at: datetime | None

    @classmethod
    def of(cls, entry: Entry, now: datetime) -> Self:
        """The view of an entry; a wish to remove it that has lapsed is not told."""
        pending = entry.removal_pending(now)
        return cls(
            user_id=entry.user_id,
            origin=EntryOrigin.REGISTRY,
            in_force=entry.counts(now),
            owner=entry.owner,
            reason=entry.reason,
            expires_at=entry.expires_at,
            added_by=entry.added_by,
            added_at=entry.added_at,
            removal_requested_by=entry.removal_requested_by if pending else None,
            removal_requested_at=entry.removal_requested_at if pending else None,
        )

    @classmethod
    def of_setting(cls, user: UserId) -> Self:
        """The view of a break-glass account that the setting names."""
        return cls(
            user_id=user,
            origin=EntryOrigin.SETTING,
            in_force=True,
            owner=None,
            reason="Break-glass account (MFA_BREAK_GLASS_IDS).",
            expires_at=None,
            added_by=None,
            added_at=None,
            removal_requested_by=None,
            removal_requested_at=None,
        )


class EntryList(msgspec.Struct, frozen=True, rename="camel"):
    """A whole list, by user id; those of the setting first."""

    value: tuple[EntryView, ...]


class EntryStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What somebody says about an entry.

    Attributes:
        owner: who answers for it: a person or a team.
        reason: why the person is on the list.
        expires_at: from when on it no longer counts. An exclusion needs one.
    """

    owner: _Line
    reason: _Text
    expires_at: _Moment | None = None


def decode_entry_statement(body: bytes) -> EntryStatement:
    """The statement in a request.

    Raises:
        InvalidRequest: the body is none; the detail names the field.
    """
    try:
        return msgspec.json.decode(body, type=EntryStatement)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest(f"The body is not an entry: {mistake(error)}") from error
