"""What runs of the sweep keep."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.ids import UserId
from shared.domain.sweep.lines import Change, Line
from shared.domain.sweep.rows import MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import Run, RunId
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.tenant import TenantReading
from shared.domain.sweep.totals import Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run as it was read.

    Attributes:
        run: the run.
        version: what a write must find unchanged.
    """

    run: Run
    version: str


class Runs(Protocol):
    """The runs, of which one goes on at a time."""

    async def begin(self, run: Run, *, given_up_before: datetime) -> StoredRun:
        """Store a new run, which is then the one that goes on.

        A run that has been given up has failed by this, and nobody has been told.

        Args:
            run: the run.
            given_up_before: a run that began before this has been given up.

        Raises:
            RunInProgress: another one goes on; of several that begin at once, one does. So it is
                for a run that has begun already and gone on since.
        """
        ...

    async def load(self, run_id: RunId) -> StoredRun | None:
        """A run; None where there is none of this id."""
        ...

    async def save(self, stored: StoredRun, run: Run) -> StoredRun:
        """Store how far a run is.

        Raises:
            Conflict: another worker has stored it since it was read, or it is forgotten.
        """
        ...

    async def newest(self, token: str | None, most: int) -> tuple[Sequence[Run], str | None]:
        """A page of runs, newest first, and the token of the next page.

        Raises:
            InvalidRequest: the token is none of ours.
        """
        ...

    async def old(self, before: datetime, most: int) -> Sequence[RunId]:
        """Up to so many runs that began before, the oldest last; readable or not."""
        ...

    async def keep_tenant(self, run_id: RunId, reading: TenantReading) -> str:
        """Keep what a worker has read of the tenant for a run.

        Returns:
            What it is called. It counts once the run says so: of two workers that read the tenant
            for the same run, one goes on.
        """
        ...

    async def tenant(self, run_id: RunId, reading: str) -> TenantReading | None:
        """What was read of the tenant under this name; None where nothing was kept."""
        ...

    async def forget(self, run_id: RunId) -> None:
        """Drop a run and what it has read of the tenant; one that is gone is no error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """Rows that were read and wait to be judged."""

    people: tuple[PersonRow, ...] = ()
    registrations: tuple[RegistrationRow, ...] = ()
    members: tuple[MemberRow, ...] = ()


class Staging(Protocol):
    """Rows between reading and judging, in chunks, packed."""

    async def keep(self, run_id: RunId, chunk: str, rows: Mapping[Slice, Staged]) -> None:
        """Keep a chunk: the rows of each part of the tenant; the same again is no error.

        Other rows need a chunk of their own, for what a chunk has kept stays.
        """
        ...

    async def read(self, run_id: RunId, part: Slice, chunks: Sequence[str]) -> Staged:
        """The rows of a part, of these chunks alone, in their order, those of each once."""
        ...

    async def forget(self, run_id: RunId) -> None:
        """Drop everything of a run."""
        ...


class Snapshots(Protocol):
    """What runs found about everybody, packed: nobody has a row of their own."""

    async def keep(
        self,
        run_id: RunId,
        part: Slice,
        lines: Sequence[Line],
        totals: Totals,
        changes: Sequence[Change] = (),
    ) -> None:
        """Keep what a run found about the people of a part, in place of what it kept before.

        What changed since the run before counts once this one has ended: then the history has it.
        """
        ...

    async def lines(self, run_id: RunId, part: Slice) -> tuple[Line, ...]:
        """What it found about them, by user id; nothing where it kept nothing."""
        ...

    async def changes(self, run_id: RunId, part: Slice) -> tuple[Change, ...]:
        """What it found changed in a part; nothing where it kept nothing."""
        ...

    async def judged(self, run_id: RunId) -> AbstractSet[Slice]:
        """The parts that were judged."""
        ...

    async def totals(self, run_id: RunId) -> Mapping[Slice, Totals]:
        """The totals of the parts that were judged."""
        ...

    async def forget(self, run_id: RunId) -> None:
        """Drop everything of a run."""
        ...


class History(Protocol):
    """Verdicts that became others."""

    async def keep(
        self, run_id: RunId, started_at: datetime, part: Slice, changes: Sequence[Change]
    ) -> None:
        """Keep what changed in a part, in place of what this run kept of it before."""
        ...

    async def of(self, user: UserId, most: int) -> tuple[Change, ...]:
        """What changed for a person, the latest first."""
        ...

    async def forget(self, before: datetime, most: int) -> int:
        """Drop up to so many rows of runs that began before; how many were dropped."""
        ...
