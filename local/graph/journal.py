"""What was asked of Graph: a log of the requests, and counts."""

from collections import Counter, deque

import msgspec

_LONGEST_LOG = 50_000


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One request.

    Attributes:
        at: when it came in, by the stack clock; RFC 3339.
        answered_at: when it was answered, to the microsecond.
        status: what was answered; None where the connection was cut.
        route: the template of the route that answered, with its version.
        fault: a scripted fault acted on it.
    """

    at: str
    answered_at: str
    method: str
    path: str
    query: str
    route: str
    status: int | None
    client_request_id: str | None
    app_id: str | None
    fault: bool


class Journal:
    """The last requests, and the counts of all of them."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=_LONGEST_LOG)
        self.counts: Counter[str] = Counter()
        self.writes = 0

    def note(self, entry: Entry, *, writes: int) -> None:
        """Write a request down.

        Args:
            writes: how many changes it made, whatever the client was told.
        """
        self.entries.append(entry)
        self.counts[f"{entry.method} {entry.route}"] += 1
        self.writes += writes

    def clear(self) -> None:
        """Forget everything."""
        self.entries.clear()
        self.counts.clear()
        self.writes = 0
