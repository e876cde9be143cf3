"""The third stage: everybody's verdict, part by part, as many at a time as there are workers."""

from dataclasses import dataclass, field

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, Snapshots, Staging, StoredRun
from shared.application.sweep.app_passwords import ReadAppPasswords
from shared.application.sweep.saving import save_further
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import LicenceMissing
from shared.domain.errors.storage import Conflict, UnreadableRow
from shared.domain.posture.judging import Judge
from shared.domain.sweep.causes import NO_REPORT, Causes
from shared.domain.sweep.judging import JudgePart
from shared.domain.sweep.lines import Line
from shared.domain.sweep.people import People
from shared.domain.sweep.runs import Cursor, Run, RunId, Stream
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.tenant import TenantReading
from shared.domain.sweep.totals import totals_of
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class _Judges:
    """What judges the people of a run; whoever is alike to somebody judged before costs nothing."""

    reading: TenantReading
    judge: Judge
    causes: Causes


@dataclass(slots=True)
class JudgeStage:
    """Judges parts of the tenant.

    What it finds depends on what was staged, on the run before, and on what the ledger of app
    passwords had when the run began, alone. So a part that is judged again, by whomever, comes out
    the same; but for a creation that the ledger has learned of since, which is a doubt.
    """

    runs: Runs
    staging: Staging
    snapshots: Snapshots
    app_passwords: ReadAppPasswords
    clock: Clock
    _known: tuple[RunId, _Judges] | None = field(init=False, default=None)

    async def __call__(self, stored: StoredRun, part: Slice) -> StoredRun:
        """Judge a part. Whoever judges the last one lets the run go on.

        Raises:
            LifecycleError: something can't be read or written.
        """
        run = stored.run
        judges = await self._judges(run)
        staged = await self.staging.read(run.run_id, part, run.chunks)
        people = People(
            judges.reading,
            staged.members,
            staged.registrations,
            unread=run.unread,
            missing=missing_registration(run),
            now=run.started_at,
        )
        before = await self._before(run, part)
        judge = JudgePart(
            at=run.started_at,
            judge=judges.judge,
            causes=judges.causes,
            ledger=await self.app_passwords.part(part, run.ledger),
            everybody=run.cursors[Stream.PEOPLE].failed is None,
        )
        judged = judge(staged.people, people, before)
        uncompared = run.previous is not None and before is None
        totals = totals_of(
            judged.lines, judged.changes, left_out=judged.left_out, uncompared=uncompared
        )
        await self.snapshots.keep(run.run_id, part, judged.lines, totals, judged.changes)
        return await self._ended(stored)

    async def _ended(self, stored: StoredRun) -> StoredRun:
        run = stored.run
        if len(await self.snapshots.judged(run.run_id)) < run.slices:
            return stored
        try:
            return await save_further(self.runs, stored, run.moved_on(self.clock.now()))
        except Conflict:
            # Somebody else has judged the last part at the same time.
            return await self.runs.load(run.run_id) or stored

    async def _before(self, run: Run, part: Slice) -> list[Line] | None:
        """What the run before found about the people of a part; None where that can't be told."""
        if run.previous is None:
            return None
        try:
            previous = await self.runs.load(run.previous)
            if previous is None:
                return None
            return [
                line
                for other in part.overlapping(previous.run.slices)
                for line in await self.snapshots.lines(run.previous, other)
                if part.holds(line.user_id)
            ]
        except UnreadableRow as error:
            # Verdicts need no yesterday; only what changed can't be told, and the run says so.
            _log.warning("sweep.nothing-to-compare", part=str(part), code=error.code)
            return None

    async def _judges(self, run: Run) -> _Judges:
        if self._known is None or self._known[0] != run.run_id:
            reading = await self.runs.tenant(run.run_id, run.reading)
            if reading is None:
                raise UnreadableRow(f"What run {run.run_id} has read of the tenant is gone.")
            before = await self._tenant_before(run)
            judge = Judge(reading.settings)
            causes = Causes(judge, None if before is None else Judge(before.settings))
            self._known = (run.run_id, _Judges(reading, judge, causes))
        return self._known[1]

    async def _tenant_before(self, run: Run) -> TenantReading | None:
        """What the run before has read of the tenant; None where that can't be told."""
        if run.previous is None:
            return None
        try:
            previous = await self.runs.load(run.previous)
            if previous is None:
                return None
            return await self.runs.tenant(previous.run.run_id, previous.run.reading)
        except UnreadableRow as error:
            # What changed is told all the same, only not that a policy was the cause.
            _log.warning("sweep.nothing-to-compare", part="tenant", code=error.code)
            return None


def missing_registration(run: Run) -> Unknown:
    """What it means that nothing was read of what somebody has registered."""
    cursor = run.cursors.get(Stream.REGISTRATIONS, Cursor())
    if cursor.failed is None:
        return Unknown("The registration report does not tell of them yet.")
    return NO_REPORT if cursor.failed.code == LicenceMissing.code else Unknown(str(cursor.failed))
