"""The lists of people whom we leave alone: protected accounts and exclusions."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.control import REQUEST_LASTS
from shared.domain.errors.requests import EntryWouldEndEarlier, InvalidRequest
from shared.domain.ids import UserId


class Registry(StrEnum):
    """The lists."""

    PROTECTED = "protected"
    """Break-glass accounts beside those of the setting: never changed, by anybody."""
    EXCLUSIONS = "exclusions"
    """People whom no flow may touch for a while."""

    @property
    def must_expire(self) -> bool:
        """Whether every entry has to say when it ends."""
        return self is Registry.EXCLUSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person on a list.

    Attributes:
        user_id: whom it is about, in small letters.
        owner: who answers for it: a person or a team.
        reason: why they are on the list.
        expires_at: from when on it no longer counts; None for an entry without an end.
        added_by: object id of the person who last stated it.
        added_at: when.
        removal_requested_by: the first of the two people who must agree before it goes.
        removal_requested_at: when they asked.
    """

    user_id: UserId
    owner: str
    reason: str
    expires_at: datetime | None
    added_by: str
    added_at: datetime
    removal_requested_by: str | None = None
    removal_requested_at: datetime | None = None

    def counts(self, now: datetime) -> bool:
        """Whether it is in force. Nobody has to do anything for its end."""
        return self.expires_at is None or now < self.expires_at

    def removal_pending(self, now: datetime) -> bool:
        """Whether somebody asked for its removal, and the wish has not lapsed."""
        asked = self.removal_requested_at
        return asked is not None and now - asked < REQUEST_LASTS


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry that two people agreed to remove."""


def stated(registry: Registry, old: Entry | None, new: Entry) -> Entry:
    """The entry after somebody stated it. A pending wish to remove it is taken back.

    Args:
        registry: the list.
        old: the entry that stands there; None where there is none.
        new: what they say; `added_at` is now.

    Raises:
        InvalidRequest: it has no end though it needs one, or it ends in the past.
        EntryWouldEndEarlier: it is in force and would end earlier, which is a removal.
    """
    if new.expires_at is None:
        if registry.must_expire:
            raise InvalidRequest("An exclusion needs an end: expiresAt.")
        return new
    if new.expires_at <= new.added_at:
        raise InvalidRequest("The entry would end in the past: expiresAt.")
    if old is None or not old.counts(new.added_at):
        return new
    if old.expires_at is None or new.expires_at < old.expires_at:
        raise EntryWouldEndEarlier("The entry in force ends later than that.")
    return new


def without(old: Entry, by: str, now: datetime) -> Entry | Gone:
    """What is left after a person asked for an entry's removal.

    It takes two different people within eight hours. An entry that no longer counts protects
    nobody: for that, one is enough.
    """
    if not old.counts(now):
        return Gone()
    if old.removal_pending(now) and old.removal_requested_by != by:
        return Gone()
    return replace(old, removal_requested_by=by, removal_requested_at=now)
