"""The messages on disk.

SQLite in WAL mode with `synchronous=NORMAL`: a commit survives the death of this process at any
moment (the operating system has the pages), though not that of the machine. The store never
commits by itself; whoever acknowledges anything commits first.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from local.servicebus.envelope import Envelope, Stamp, State, write

_SCHEMA = """
CREATE TABLE IF NOT EXISTS counter (
    path TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    origin_sequence INTEGER NOT NULL,
    state INTEGER NOT NULL,
    delivery_count INTEGER NOT NULL,
    enqueued_at INTEGER NOT NULL,
    time_to_live INTEGER NOT NULL,
    due_at INTEGER,
    expires_at INTEGER,
    lock_token TEXT,
    locked_until INTEGER,
    annotations BLOB NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS by_sequence ON message (path, sequence);
CREATE INDEX IF NOT EXISTS ready ON message (path, sequence)
    WHERE state = 0 AND lock_token IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS by_lock ON message (lock_token) WHERE lock_token IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_lock_end ON message (locked_until) WHERE lock_token IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_due ON message (due_at) WHERE state = 2;
CREATE INDEX IF NOT EXISTS by_expiry ON message (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS seen (
    path TEXT NOT NULL,
    message_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (path, message_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_at ON seen (at);
"""

_COLUMNS = (
    "id, path, sequence, origin_sequence, state, delivery_count, enqueued_at, time_to_live,"
    " due_at, expires_at, lock_token, locked_until, annotations, body"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """One row of the message table. Times and durations are milliseconds."""

    id: int
    path: str
    sequence: int
    origin_sequence: int
    state: int
    delivery_count: int
    enqueued_at: int
    time_to_live: int
    due_at: int | None
    expires_at: int | None
    lock_token: str | None
    locked_until: int | None
    annotations: bytes
    body: bytes

    def payload(self, *, locked_until: int | None = None) -> bytes:
        """The message as it goes out to a client, under this lock if there is one."""
        stamp = Stamp(
            sequence=self.sequence,
            origin_sequence=self.origin_sequence,
            enqueued_at=self.enqueued_at,
            time_to_live=self.time_to_live,
            delivery_count=self.delivery_count,
            state=State(self.state),
            locked_until=locked_until,
        )
        return write(self.annotations, self.body, stamp)


class Store:
    """Reads and writes within one open transaction, until `commit`.

    Args:
        path: the database file; made where it is missing. A second process on the same file is
            turned away by SQLite (`database is locked`).
    """

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=0.5)
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)
        self._database.commit()

    def commit(self) -> None:
        """Make everything since the last commit survive the death of the process."""
        self._database.commit()

    def close(self) -> None:
        """Close the file. What was not committed is gone."""
        self._database.close()

    def drop_all_but(self, paths: Collection[str]) -> list[str]:
        """Delete the messages of every other path, as deleting an entity does.

        Returns:
            The paths that messages were deleted from.
        """
        found = self._database.execute("SELECT DISTINCT path FROM message").fetchall()
        unknown = [path for (path,) in found if path not in paths]
        for path in unknown:
            self._database.execute("DELETE FROM message WHERE path = ?", (path,))
        return unknown

    def next_sequence(self, path: str) -> int:
        """The next sequence number of an entity, starting with 1."""
        return int(
            self._database.execute(
                "INSERT INTO counter VALUES (?, 1)"
                " ON CONFLICT (path) DO UPDATE SET last = last + 1 RETURNING last",
                (path,),
            ).fetchone()[0]
        )

    def add(
        self,
        path: str,
        envelope: Envelope,
        *,
        sequence: int,
        origin_sequence: int,
        enqueued_at: int,
        time_to_live: int,
        due_at: int | None = None,
    ) -> None:
        """Insert a message: scheduled where it has a due time, active (and ageing) otherwise."""
        self._database.execute(
            "INSERT INTO message (path, sequence, origin_sequence, state, delivery_count,"
            " enqueued_at, time_to_live, due_at, expires_at, annotations, body)"
            " VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
            (
                path,
                sequence,
                origin_sequence,
                State.ACTIVE if due_at is None else State.SCHEDULED,
                enqueued_at,
                time_to_live,
                due_at,
                enqueued_at + time_to_live if due_at is None else None,
                envelope.annotations,
                envelope.body,
            ),
        )

    def change(self, message: Stored, **values: Any) -> None:  # noqa: ANN401 - column values
        """Set columns of one message."""
        assignments = ", ".join(f"{column} = ?" for column in values)
        self._database.execute(
            f"UPDATE message SET {assignments} WHERE id = ?",  # noqa: S608 - our column names
            (*values.values(), message.id),
        )

    def remove(self, message: Stored) -> None:
        """Delete one message."""
        self._database.execute("DELETE FROM message WHERE id = ?", (message.id,))

    def ready(self, path: str, *, now: int, limit: int) -> list[Stored]:
        """The oldest messages that may be received: active, not locked, not expired."""
        return self._select(
            "path = ? AND state = 0 AND lock_token IS NULL"
            " AND (expires_at IS NULL OR expires_at > ?) ORDER BY sequence LIMIT ?",
            (path, now, limit),
        )

    def locked(self, path: str, token: UUID, *, real_now: int) -> Stored | None:
        """The message under this lock, if the lock still holds."""
        found = self._select(
            "lock_token = ? AND path = ? AND locked_until > ?", (str(token), path, real_now)
        )
        return found[0] if found else None

    def in_state(self, path: str, sequence: int, state: State) -> Stored | None:
        """The unlocked message with this sequence number, if it is in this state."""
        found = self._select(
            "path = ? AND sequence = ? AND state = ? AND lock_token IS NULL",
            (path, sequence, state),
        )
        return found[0] if found else None

    def browse(self, path: str, *, first: int, now: int, limit: int) -> list[Stored]:
        """Messages in any state, by sequence number from `first` on; expired ones left out."""
        return self._select(
            "path = ? AND sequence >= ? AND (expires_at IS NULL OR expires_at > ?)"
            " ORDER BY sequence LIMIT ?",
            (path, first, now, limit),
        )

    def due(self, now: int) -> list[Stored]:
        """Scheduled messages whose time has come, in the order of their times."""
        return self._select("state = 2 AND due_at <= ? ORDER BY due_at, id", (now,))

    def locks_ended(self, real_now: int) -> list[Stored]:
        """Messages whose lock has run out."""
        return self._select(
            "lock_token IS NOT NULL AND locked_until <= ? ORDER BY locked_until, id", (real_now,)
        )

    def expired(self, now: int) -> list[Stored]:
        """Messages past their time to live that nobody holds a lock on."""
        return self._select("expires_at <= ? AND lock_token IS NULL", (now,))

    def first_seen(self, path: str, message_id: str, *, now: int) -> bool:
        """Note a message id; whether it is new within what `forget` has left."""
        return (
            self._database.execute(
                "INSERT INTO seen VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (path, message_id, now)
            ).rowcount
            == 1
        )

    def forget(self, *, seen_until: int) -> None:
        """Drop the message ids that were first seen at or before this time."""
        if self._database.execute("SELECT 1 FROM seen WHERE at <= ?", (seen_until,)).fetchone():
            self._database.execute("DELETE FROM seen WHERE at <= ?", (seen_until,))

    def _select(self, condition: str, values: tuple[object, ...]) -> list[Stored]:
        statement = f"SELECT {_COLUMNS} FROM message WHERE {condition}"  # noqa: S608 - literals
        return [Stored(*row) for row in self._database.execute(statement, values)]
