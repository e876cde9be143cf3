"""The counts of events in memory."""

from collections import Counter
from datetime import date

from shared.domain.ids import SourceName
from tests.fakes.switch import Switch


class FakeVolumes(Switch):
    """The port `Volumes`.

    Attributes:
        counts: how many events each source has had on each day.
    """

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[tuple[SourceName, date]] = Counter()

    async def take(self, source: SourceName, day: date, most: int) -> bool:
        """Count one more event, unless the day has had `most` of them."""
        self.reach()
        if self.counts[source, day] >= most:
            return False
        self.counts[source, day] += 1
        return True
