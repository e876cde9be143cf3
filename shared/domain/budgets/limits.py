"""How large budgets are."""

from dataclasses import dataclass

from shared.domain.authentication import Unknown

WHOLE: float = 1.0
"""The share at which the size of the directory says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many people, or passes, one flow may come to.

    Attributes:
        per_hour: in an hour.
        per_day: in a day.
    """

    per_hour: int
    per_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A budget as the settings have it.

    Attributes:
        per_hour: how many in an hour, in UTC.
        per_day: how many in a day, in UTC.
        share: how much of the directory at most, in an hour and in a day; 1 is no bound.
    """

    per_hour: int
    per_day: int
    share: float

    def allowance(self, size: int | Unknown) -> Allowance:
        """What it comes to in a directory of this size: `min(n, max(1, share))`.

        Where the size is not known the number stands alone.
        """
        if isinstance(size, Unknown) or self.share >= WHOLE:
            return Allowance(per_hour=self.per_hour, per_day=self.per_day)
        most = max(1, int(self.share * size))
        return Allowance(per_hour=min(self.per_hour, most), per_day=min(self.per_day, most))
