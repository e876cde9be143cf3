"""Replication lag: what was written, and what readers see of it."""

from typing import Generic, TypeVar

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
