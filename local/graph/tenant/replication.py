"""Replication lag: what was written, and what readers see of it."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from local.graph.tenant.refusals import UnknownObjectError
from local.graph.tenant.times import Clock

T = TypeVar("T")


class Replicated(Generic[T]):
    """One object with the versions that are still on their way to the readers.

    A version is a value (`None` = deleted) and the moment from which readers see it, in seconds of
    the stack clock. Before the first version is visible, readers find nothing.
    """

    __slots__ = ("_versions",)

    def __init__(self) -> None:
        self._versions: list[tuple[float, T | None]] = []

    @property
    def truth(self) -> T | None:
        """The last value written, visible or not."""
        return self._versions[-1][1]

    def write(self, value: T | None, *, now: float, lag: float) -> None:
        """Write a value that readers see after `lag` seconds."""
        for index in range(len(self._versions) - 1, 0, -1):
            if self._versions[index][0] <= now:
                del self._versions[:index]
                break
        self._versions.append((now + lag, value))

    def seen(self, now: float) -> T | None:
        """The newest value that readers see at `now`."""
        for visible_from, value in reversed(self._versions):
            if visible_from <= now:
                return value
        return None


class Table(Generic[T]):
    """Objects of one type by id, each with what readers see of it.

    Args:
        clock: the stack's time.
        lag: the seconds after which readers see a write.
        before_write: called before each write, to keep what was true until then.

    Attributes:
        writes: how many there were; an edition of the table has a number of its own.
    """

    def __init__(
        self, clock: Clock, lag: Callable[[], float], before_write: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._lag = lag
        self._before_write = before_write
        self._entries: dict[str, Replicated[T]] = {}
        self._settled_at = 0.0
        self.writes = 0

    def write(self, key: str, value: T | None, *, lag: float | None = None) -> None:
        """Add, replace or (`None`) delete an object; `lag` overrides the tenant's."""
        self._before_write()
        now, lag = self._now(), self._lag() if lag is None else lag
        self._entries.setdefault(key, Replicated()).write(value, now=now, lag=lag)
        self._settled_at = max(self._settled_at, now + lag)
        self.writes += 1

    @property
    def settled(self) -> bool:
        """Readers see the truth: nothing is on its way to them."""
        return self._now() >= self._settled_at

    def truth(self, key: str) -> T:
        """The object as it is now, whatever readers see.

        Raises:
            UnknownObjectError: there is none.
        """
        entry = self._entries.get(key.casefold())
        value = None if entry is None else entry.truth
        if value is None:
            raise UnknownObjectError(key)
        return value

    def seen(self, key: str) -> T:
        """The object as readers see it now.

        Raises:
            UnknownObjectError: there is none, or none that is visible yet.
        """
        value = self.find(key)
        if value is None:
            raise UnknownObjectError(key)
        return value

    def find(self, key: str) -> T | None:
        """The object as readers see it now; None = none that is visible."""
        entry = self._entries.get(key.casefold())
        return None if entry is None else entry.seen(self._now())

    def all_seen(self) -> Iterator[T]:
        """Every object that readers see, in the order of creation."""
        now = self._now()
        return (value for entry in self._entries.values() if (value := entry.seen(now)) is not None)

    def all_true(self) -> Iterator[T]:
        """Every object as it is now."""
        return (value for entry in self._entries.values() if (value := entry.truth) is not None)

    def _now(self) -> float:
        return self._clock().timestamp()
