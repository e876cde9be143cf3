"""What a measurement comes to."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measurement beside its floor.

    Attributes:
        name: what was measured.
        unit: what the two numbers count.
        floor: the least that the job can cost, measured in the same run.
        ours: what it costs here.
        most: the ratio that we allow ourselves; None where the figure only informs.
        remark: what else a reader should know.
    """

    name: str
    unit: str
    floor: float
    ours: float
    most: float | None
    remark: str = ""

    @property
    def ratio(self) -> float:
        """Ours over the floor."""
        return self.ours / self.floor

    @property
    def holds(self) -> bool:
        """Whether the ratio is within what we allow ourselves."""
        return self.most is None or self.ratio <= self.most


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
