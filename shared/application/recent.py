"""Remembers what was read a moment ago."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The latest values by key: not older than an age, not more than a number.

    Args:
        longest_age: seconds for which a value may be believed.
        most: how many are kept; the one that was put first goes first.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(self, longest_age: float, most: int, monotonic: Callable[[], float]) -> None:
        self._longest_age = longest_age
        self._most = most
        self._monotonic = monotonic
        self._values: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    def now(self) -> float:
        """The time from which a value ages: when its read begins."""
        return self._monotonic()

    def get(self, key: Key) -> Value | None:
        """The value of a key, or None where there is none that is young enough."""
        known = self._values.get(key)
        if known is None or self._monotonic() - known[0] >= self._longest_age:
            return None
        return known[1]

    def put(self, key: Key, value: Value, *, at: float) -> None:
        """Remember a value whose read began at a time."""
        self._values.pop(key, None)
        self._values[key] = (at, value)
        if len(self._values) > self._most:
            self._values.popitem(last=False)
