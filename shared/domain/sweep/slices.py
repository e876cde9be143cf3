"""Parts of a tenant that are judged on their own, by what ids begin with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shared.domain.ids import UserId

_PEOPLE_EACH: Final = 4_000
"""So many fit into memory many times over, and make few enough rows."""
_MOST: Final = 256
_DIGITS: Final = 2
_SIXTEEN: Final = 16


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """One of a number of equal parts.

    Attributes:
        number: which, from 0.
        of: how many there are: a power of two, 256 at most.
    """

    number: int
    of: int

    def __str__(self) -> str:
        """`3-of-16`, as it stands in rows and messages."""
        return f"{self.number}-of-{self.of}"

    def holds(self, user: UserId) -> bool:
        """Whether somebody is in this part."""
        return int(user[:_DIGITS], _SIXTEEN) * self.of // _MOST == self.number

    @property
    def first(self) -> str:
        """With what the ids of its people begin at the least: `40`."""
        return f"{self.number * _MOST // self.of:02x}"

    @property
    def end(self) -> str:
        """What the ids of its people come before; for the last part `g`, which is no digit."""
        end = (self.number + 1) * _MOST // self.of
        return "g" if end == _MOST else f"{end:02x}"

    def overlapping(self, of: int) -> tuple["Slice", ...]:
        """The parts that have people in common with this one where there are so many parts."""
        if of <= self.of:
            return (Slice(self.number * of // self.of, of),)
        each = of // self.of
        return tuple(Slice(self.number * each + more, of) for more in range(each))


def once_round(of: int, after: UserId | None) -> Iterator[tuple[Slice, bool]]:
    """So many parts in turn, from behind somebody once round to them.

    Each comes with whether those behind them are meant, or those up to them: in their own part,
    which is the first and the last, there are both.
    """
    parts = [Slice(number, of) for number in range(of)]
    first = next((part.number for part in parts if after and part.holds(after)), 0)
    yield from ((part, True) for part in parts[first:])
    if after is not None:
        yield from ((part, False) for part in parts[: first + 1])


def slices_for(people: int) -> int:
    """Into how many parts a tenant of so many people is cut."""
    of = 1
    while of < _MOST and of * _PEOPLE_EACH < people:
        of *= 2
    return of


def by_first_digits(of: int) -> dict[str, Slice]:
    """In which of so many parts somebody is, by the first two digits of their id."""
    return {f"{start:02x}": Slice(start * of // _MOST, of) for start in range(_MOST)}
