"""The directory's own audit log."""

import json
import uuid
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from local.graph.tenant.switches import Licence, Switches
from local.graph.tenant.times import log_time

PERSON = "person"
"""Who did it: the person concerned."""
PORTAL = "portal"
"""Who did it: an administrator in the portal."""
_RETENTION = timedelta(days=30)
_RETENTION_WITHOUT_PREMIUM = timedelta(days=7)


class Modified(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A property that an activity changed; the values are JSON, as the log has them."""

    display_name: str
    old_value: str | None
    new_value: str


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One activity, named as the directory's audit log names it.

    Attributes:
        at: RFC 3339, with seven digits after the second.
        target: the object id of the person concerned.
        group: the object id of the group that the person joined or left.
        by: the application or the person (an id) that did it, or `person` or `portal`.
        detail: what the log does not tell, for tests.
    """

    at: str
    activity: str
    target: str
    by: str
    detail: dict[str, str] = {}
    modified: tuple[Modified, ...] = ()
    group: str | None = None
    id: str = msgspec.field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def concerned(self) -> tuple[str, ...]:
        """The object ids of all that it concerns, in the order in which readers find them."""
        return (self.target,) if self.group is None else (self.target, self.group)


def modified(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Modified, ...]:
    """The properties whose values differ, and at the end their names, as the directory has it."""
    changed = [name for name in after if after[name] != before.get(name)]
    if not changed:
        return ()
    titles = {name: name[0].upper() + name[1:] for name in changed}
    listed = [
        Modified(
            display_name=titles[name],
            old_value=json.dumps([before.get(name)]),
            new_value=json.dumps([after[name]]),
        )
        for name in changed
    ]
    names = Modified(
        display_name="Included Updated Properties",
        old_value=None,
        new_value=json.dumps(", ".join(titles.values())),
    )
    return (*listed, names)


class AuditLog:
    """All activities, oldest first."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self._about: dict[str, list[int]] = {}

    def add(self, entry: AuditEntry) -> None:
        """Write an activity down."""
        for object_id in entry.concerned:
            self._about.setdefault(object_id.casefold(), []).append(len(self.entries))
        self.entries.append(entry)

    def told(
        self,
        switches: Switches,
        now: datetime,
        start: int,
        about: str | None = None,
        *,
        oldest_first: bool = False,
    ) -> Iterator[tuple[int, AuditEntry]]:
        """What readers find, newest first where not asked otherwise, each with its position.

        Args:
            start: only entries before this position, oldest first from it on; 0 = all.
            about: only those that concern this object id.
            oldest_first: the other way round.
        """
        premium = switches.licence.covers(Licence.P1)
        oldest = log_time(now - (_RETENTION if premium else _RETENTION_WITHOUT_PREMIUM))
        if switches.audit_gone_before is not None:
            oldest = max(oldest, log_time(switches.audit_gone_before))
        newest = log_time(now - timedelta(seconds=switches.audit_lag_seconds))
        if oldest_first:
            places = range(len(self.entries)) if about is None else self._places(about)
            positions = iter(places[bisect_left(places, start) :])
        else:
            positions = self._newest_first(start or len(self.entries), about)
        for position in positions:
            entry = self.entries[position]
            if entry.at < oldest and not oldest_first:
                return
            if oldest <= entry.at <= newest:
                yield position, entry

    def _places(self, about: str) -> list[int]:
        return self._about.get(about.casefold(), [])

    def _newest_first(self, below: int, about: str | None) -> Iterator[int]:
        if about is None:
            return reversed(range(below))
        places = self._places(about)
        return reversed(places[: bisect_left(places, below)])
