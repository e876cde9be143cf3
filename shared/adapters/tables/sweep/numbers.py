"""Numbers for things of which many are alike, so that each stands once."""

from collections.abc import Hashable
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class Numbers(dict[Thing, int]):
    """The different ones among things, in the order in which they are first asked for."""

    def __missing__(self, thing: Thing) -> int:
        """The number of a new one."""
        number = self[thing] = len(self)
        return number
