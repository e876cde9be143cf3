"""What runs of the sweep keep of people, in memory."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain

from shared.application.ports.runs import Staged
from shared.domain.ids import UserId
from shared.domain.sweep.lines import Change, Line
from shared.domain.sweep.runs import RunId
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import Totals
from tests.fakes.switch import Switch


class FakeStaging(Switch):
    """The port `Staging`."""

    def __init__(self) -> None:
        super().__init__()
        self._staged: dict[tuple[RunId, Slice, str], Staged] = {}

    async def keep(self, run_id: RunId, chunk: str, rows: Mapping[Slice, Staged]) -> None:
        """Keep a chunk."""
        self.reach()
        self._staged |= {(run_id, part, chunk): staged for part, staged in rows.items()}

    async def read(self, run_id: RunId, part: Slice, chunks: Sequence[str]) -> Staged:
        """The rows of a part, of these chunks alone."""
        self.reach()
        found = [
            self._staged.get((run_id, part, chunk), Staged()) for chunk in dict.fromkeys(chunks)
        ]
        return Staged(
            people=tuple(chain.from_iterable(one.people for one in found)),
            registrations=tuple(chain.from_iterable(one.registrations for one in found)),
            members=tuple(chain.from_iterable(one.members for one in found)),
        )

    async def forget(self, run_id: RunId) -> None:
        """Drop everything of a run."""
        self.reach()
        self._staged = {key: one for key, one in self._staged.items() if key[0] != run_id}


class FakeSnapshots(Switch):
    """The port `Snapshots`."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[RunId, dict[Slice, tuple[tuple[Line, ...], Totals]]] = {}
        self._changes: dict[tuple[RunId, Slice], tuple[Change, ...]] = {}

    async def keep(
        self,
        run_id: RunId,
        part: Slice,
        lines: Sequence[Line],
        totals: Totals,
        changes: Sequence[Change] = (),
    ) -> None:
        """Keep what a run found about the people of a part."""
        self.reach()
        in_order = tuple(sorted(lines, key=lambda line: line.user_id))
        self._kept.setdefault(run_id, {})[part] = in_order, totals
        self._changes[run_id, part] = tuple(changes)

    async def lines(self, run_id: RunId, part: Slice) -> tuple[Line, ...]:
        """What it found about them, by user id."""
        self.reach()
        return self._kept.get(run_id, {}).get(part, ((), Totals()))[0]

    async def changes(self, run_id: RunId, part: Slice) -> tuple[Change, ...]:
        """What it found changed in a part."""
        self.reach()
        return self._changes.get((run_id, part), ())

    async def judged(self, run_id: RunId) -> AbstractSet[Slice]:
        """The parts that were judged."""
        self.reach()
        return self._kept.get(run_id, {}).keys()

    async def totals(self, run_id: RunId) -> Mapping[Slice, Totals]:
        """The totals of the parts that were judged."""
        self.reach()
        return {part: totals for part, (_, totals) in self._kept.get(run_id, {}).items()}

    async def forget(self, run_id: RunId) -> None:
        """Drop everything of a run."""
        self.reach()
        self._kept.pop(run_id, None)
        self._changes = {key: one for key, one in self._changes.items() if key[0] != run_id}


class FakeHistory(Switch):
    """The port `History`."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[datetime, RunId, Slice], Sequence[Change]] = {}

    async def keep(
        self, run_id: RunId, started_at: datetime, part: Slice, changes: Sequence[Change]
    ) -> None:
        """Keep what changed in a part."""
        self.reach()
        self._kept[started_at, run_id, part] = tuple(changes)

    async def of(self, user: UserId, most: int) -> tuple[Change, ...]:
        """What changed for a person, the latest first."""
        self.reach()
        runs = sorted(self._kept, key=lambda key: key[0], reverse=True)
        found = [
            change
            for key in runs
            for change in self._kept[key]
            if change.user_id.lower() == user.lower()
        ]
        return tuple(found[:most])

    async def forget(self, before: datetime, most: int) -> int:
        """Drop up to so many rows of runs that began before: here a row is a change."""
        self.reach()
        dropped = 0
        for key in [key for key in self._kept if key[0] < before]:
            going = min(most - dropped, len(self._kept[key]))
            self._kept[key] = self._kept[key][going:]
            dropped += going
        return dropped
