"""What runs of the sweep keep and drop, step by step, each with what has to be true after it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from shared.adapters.tables.store import TableStore
from shared.adapters.tables.sweep.history import TableHistory
from shared.adapters.tables.sweep.history_rows import MARKS, mark_of
from shared.adapters.tables.sweep.runs import TableRuns
from shared.adapters.tables.sweep.snapshots import TableSnapshots
from shared.adapters.tables.sweep.staging import TableStaging
from shared.application.ports.runs import Staged
from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.posture.reasons import Verdict
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.lines import Change
from shared.domain.sweep.runs import Run, RunState, Stage
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.tenant import TenantReading
from shared.domain.sweep.totals import Totals
from shared.names import Table
from tests.contract.sweep_samples import a_change, a_line, a_run, a_user, days, staged

PARTS = {Slice(number, 4): staged(number) for number in range(3)}
FIRST = Slice(0, 4)
BEFORE, AFTER = (Totals(verdicts=Counter({Verdict.WEAK: people})) for people in (2, 1))
KIM, LEE = a_user(1, "00"), a_user(2, "7f")
DENIED = TenantReading(settings=Settings(policies=Unknown("denied")))


class Work:
    """Something that is done for a run, and may be done again.

    Args:
        store: where the rows are.
        number: the number of the run; each test of a crash has one of its own.
    """

    def __init__(self, store: TableStore, number: int) -> None:
        self.run = a_run(number)
        self.number = number
        self.runs = TableRuns(store)
        self.staging = TableStaging(store)
        self.snapshots = TableSnapshots(store)
        self.history = TableHistory(store)
        self.store = store

    async def prepare(self) -> None:
        """Bring about what is there before."""

    async def do(self) -> None:
        """Do it."""
        raise NotImplementedError

    async def look(self) -> None:
        """Look at it after a death: what is read is the old or the new, nothing is half there."""

    async def check(self) -> None:
        """Assert that it was done, once."""
        raise NotImplementedError

    async def begin(self) -> Run:
        """Begin the run, whatever went on before it."""
        await self.runs.begin(self.run, given_up_before=self.run.started_at)
        return self.run

    async def left(self, table: Table) -> Sequence[str]:
        """The keys of all rows in a table that belong to the run."""
        rows = await self.store.find(table, "PartitionKey ge ''", {}, 1000)
        mine = self.run.run_id
        return [row.key for row in rows if mine in f"{row.partition} {row.key}"]


class Begin(Work):
    """Begin a run after one that was given up."""

    async def prepare(self) -> None:
        """The run before began long ago, and never ended."""
        await Begin(self.store, self.number - 1).begin()

    async def do(self) -> None:
        """Begin it, unless it has begun."""
        await self.begin()

    async def look(self) -> None:
        """All of it or nothing: whoever looks finds it loaded and listed, and the other failed."""
        stored = await self.runs.load(self.run.run_id)
        before = await self.runs.load(a_run(self.number - 1).run_id)
        assert before is not None
        listed, _ = await self.runs.newest(None, 1)
        assert listed == [self.run if stored else before.run]
        assert before.run.state is (RunState.FAILED if stored else RunState.RUNNING)

    async def check(self) -> None:
        """It goes on, and the next one can begin after it."""
        await self.look()
        assert await self.runs.load(self.run.run_id) is not None
        assert len(await self.left(Table.RUNS)) == 2


class Save(Work):
    """Store how far a run is."""

    async def prepare(self) -> None:
        """It has begun."""
        await self.begin()

    async def do(self) -> None:
        """Look how far it is and go on, as workers do."""
        stored = await self.runs.load(self.run.run_id)
        assert stored is not None
        if stored.run.stage is Stage.PLAN:
            await self.runs.save(stored, replace(stored.run, stage=Stage.COLLECT))

    async def check(self) -> None:
        """It is that far."""
        stored = await self.runs.load(self.run.run_id)
        assert stored is not None
        assert stored.run == replace(self.run, stage=Stage.COLLECT)


class KeepTenant(Work):
    """Keep what was read of the tenant, beside something else."""

    names: ClassVar[dict[str, str]] = {}
    """What readings are called, by run."""

    async def prepare(self) -> None:
        """There is an older reading."""
        older = TenantReading(settings=Settings())
        self.names[f"{self.run.run_id} older"] = await self.runs.keep_tenant(self.run.run_id, older)

    async def do(self) -> None:
        """Keep another."""
        self.names[self.run.run_id] = await self.runs.keep_tenant(self.run.run_id, DENIED)

    async def look(self) -> None:
        """The older one is there, whatever became of the other."""
        found = await self.runs.tenant(self.run.run_id, self.names[f"{self.run.run_id} older"])
        assert found == TenantReading(settings=Settings())

    async def check(self) -> None:
        """Both are there, each under its name."""
        await self.look()
        assert await self.runs.tenant(self.run.run_id, self.names[self.run.run_id]) == DENIED


class ForgetRun(Work):
    """Forget a run."""

    async def prepare(self) -> None:
        """It has begun, and read the tenant twice."""
        await self.begin()
        for reading in (TenantReading(settings=Settings()), DENIED):
            await self.runs.keep_tenant(self.run.run_id, reading)

    async def do(self) -> None:
        """Forget it."""
        await self.runs.forget(self.run.run_id)

    async def look(self) -> None:
        """As long as anything of it is left, it is listed."""
        listed, _ = await self.runs.newest(None, 1)
        assert self.run in listed or not await self.left(Table.RUNS)

    async def check(self) -> None:
        """Nothing is left of it."""
        assert await self.left(Table.RUNS) == []


class KeepChunk(Work):
    """Keep a chunk."""

    async def do(self) -> None:
        """Keep it."""
        await self.staging.keep(self.run.run_id, "c1", PARTS)

    async def check(self) -> None:
        """Each part has its rows, once."""
        for part, rows in PARTS.items():
            assert await self.staging.read(self.run.run_id, part, ["c1"]) == rows


class ForgetStaged(Work):
    """Forget what is staged."""

    async def prepare(self) -> None:
        """There are two chunks."""
        for chunk in ("c1", "c2"):
            await self.staging.keep(self.run.run_id, chunk, PARTS)

    async def do(self) -> None:
        """Forget them."""
        await self.staging.forget(self.run.run_id)

    async def check(self) -> None:
        """Nothing is left of them."""
        assert await self.left(Table.STAGING) == []
        assert await self.staging.read(self.run.run_id, FIRST, ["c1"]) == Staged()


class KeepLines(Work):
    """Keep lines and changes in place of others."""

    async def prepare(self) -> None:
        """There are more."""
        changes = self._changes(KIM, LEE)
        await self.snapshots.keep(self.run.run_id, FIRST, [a_line(1), a_line(2)], BEFORE, changes)

    async def do(self) -> None:
        """Keep fewer."""
        await self.snapshots.keep(self.run.run_id, FIRST, [a_line(1)], AFTER, self._changes(LEE))

    async def look(self) -> None:
        """The totals are those of the lines, and the changes belong to them."""
        found = await self.snapshots.lines(self.run.run_id, FIRST)
        changed = (KIM, LEE) if len(found) > 1 else (LEE,)
        assert await self.snapshots.changes(self.run.run_id, FIRST) == self._changes(*changed)
        assert await self.snapshots.totals(self.run.run_id) == {
            FIRST: Totals(verdicts=Counter({Verdict.WEAK: len(found)}))
        }

    async def check(self) -> None:
        """They are the new ones."""
        await self.look()
        assert await self.snapshots.lines(self.run.run_id, FIRST) == (a_line(1),)

    def _changes(self, *users: UserId) -> tuple[Change, ...]:
        return tuple(a_change(user, self.run.started_at) for user in users)


class ForgetLines(Work):
    """Forget lines."""

    async def prepare(self) -> None:
        """Two parts have some, one of them in two editions."""
        await self.snapshots.keep(self.run.run_id, FIRST, [a_line(1), a_line(2)], BEFORE)
        for part in (FIRST, Slice(1, 4)):
            await self.snapshots.keep(self.run.run_id, part, [a_line(1)], AFTER)

    async def do(self) -> None:
        """Forget them."""
        await self.snapshots.forget(self.run.run_id)

    async def look(self) -> None:
        """What has totals has lines."""
        for part in await self.snapshots.totals(self.run.run_id):
            assert await self.snapshots.lines(self.run.run_id, part) == (a_line(1),)

    async def check(self) -> None:
        """Nothing is left of them."""
        assert await self.left(Table.POSTURE) == []


class KeepChanges(Work):
    """Keep changes in place of others."""

    async def prepare(self) -> None:
        """Somebody else had changed."""
        await self._keep(a_user(3, "ff"), KIM)

    async def do(self) -> None:
        """Keep those of two people."""
        await self._keep(KIM, LEE)

    async def look(self) -> None:
        """Wherever a row stands, the mark says so: else nobody would ever find it again."""
        rows = await self.store.find(Table.HISTORY, "PartitionKey ge ''", {}, 1000)
        mine = [row for row in rows if self.run.run_id in row.key]
        (mark,) = [mark_of(row) for row in mine if row.partition == MARKS]
        assert {row.partition for row in mine} <= {MARKS, *mark.partitions}

    async def check(self) -> None:
        """They changed, each once."""
        await self.look()
        at = self.run.started_at
        assert await self.history.of(KIM, 1) == (a_change(KIM, at),)
        assert await self.history.of(LEE, 1) == (a_change(LEE, at),)
        assert await self.history.of(a_user(3, "ff"), 1) == ()
        assert len(await self.left(Table.HISTORY)) == 3

    async def _keep(self, *users: UserId) -> None:
        at = self.run.started_at
        changes = [a_change(user, at) for user in users]
        await self.history.keep(self.run.run_id, at, Slice(0, 1), changes)


class ForgetChanges(Work):
    """Forget old changes, a few at a time."""

    async def prepare(self) -> None:
        """Two people changed."""
        at = self.run.started_at
        changes = [a_change(user, at) for user in (KIM, LEE)]
        await self.history.keep(self.run.run_id, at, Slice(0, 1), changes)

    async def do(self) -> None:
        """Forget one after the other."""
        while await self.history.forget(days(self.number + 1), 1):
            pass

    async def check(self) -> None:
        """Nothing is left of them."""
        assert await self.left(Table.HISTORY) == []


WORK: Sequence[type[Work]] = (
    Begin,
    Save,
    KeepTenant,
    ForgetRun,
    KeepChunk,
    ForgetStaged,
    KeepLines,
    ForgetLines,
    KeepChanges,
    ForgetChanges,
)
