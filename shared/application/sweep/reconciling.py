"""Compare what Entra's audit log shows under our name with what our cases had done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.application.ports.audits import OwnChanges
from shared.application.ports.clock import Clock
from shared.application.ports.messages import Events, OutgoingEvent
from shared.application.ports.runs import Runs, StoredRun
from shared.application.sweep.announced import ReadAnnounced
from shared.application.sweep.saving import save_further
from shared.contracts.misuse_events import (
    IDENTITY_MISUSE,
    misuse_event,
    misuse_event_id,
    more_misuse_event,
    more_misuse_event_id,
)
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.ledger import Span
from shared.domain.sweep.reconciliation import LONGEST, Reconciliation, begun, gap
from shared.domain.sweep.reconciling import AuditLine, Ruling, rule
from shared.domain.sweep.runs import Problem, Run
from shared.telemetry import EventLog

MOST_TOLD: Final = 1_000
"""Misuses that a run tells one by one, and doubts; of more misuses, one event tells the number."""
_A_PAGE: Final = 10
_LASTS: Final = timedelta(minutes=3)
"""How long a message is worked on; the next one goes on."""
_WHAT: Final = "audit log"
_SILENT: Final = (
    "It shows none of the changes that our cases made: see whether MFA_IDENTITIES names the "
    "identities of all apps."
)

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """Looks for changes that no case of ours had made, page by page.

    Attributes:
        monotonic: seconds that never go back.
        retention: how far back the audit log reaches.
    """

    changes: OwnChanges
    announced: ReadAnnounced
    runs: Runs
    events: Events
    clock: Clock
    monotonic: Callable[[], float]
    retention: timedelta
    tenant_id: str

    async def __call__(self, stored: StoredRun, *, last_try: bool) -> StoredRun:
        """Go on until everything is read, or time is up: then the next message goes on.

        Args:
            stored: the run.
            last_try: whether to go on without what is in the way.

        Raises:
            Conflict: another worker goes on with the run.
            LifecycleError: something is in passing trouble; what was read before is kept.
        """
        ends = self.monotonic() + _LASTS.total_seconds()
        current = stored.run.reconciliation
        if current is None:
            stored, current = await self._begin(stored)
        while not current.done and self.monotonic() < ends:
            stored, current = await self._read(stored, current, last_try=last_try)
        return stored

    async def _begin(self, stored: StoredRun) -> tuple[StoredRun, Reconciliation]:
        previous = await self._previous()
        following = begun(previous, self.clock.now(), self.retention)
        run, lost = stored.run, gap(previous, following)
        if lost is not None:
            why = f"Its lines from {lost.since} to {lost.until} were gone before they were read."
            run = _with_problem(run, why)
        return await self._keep(stored, run, following)

    async def _previous(self) -> Reconciliation | None:
        """The last one that there was, of whatever run."""
        token: str | None = None
        while True:
            runs, token = await self.runs.newest(token, _A_PAGE)
            for run in runs:
                if run.reconciliation is not None:
                    return run.reconciliation
            if token is None:
                return None

    async def _read(
        self, stored: StoredRun, current: Reconciliation, *, last_try: bool
    ) -> tuple[StoredRun, Reconciliation]:
        if current.is_late(self.clock.now()):
            return await self._fail(stored, current, f"It was read for {LONGEST}.")
        try:
            span = Span(current.since, current.until)
            page = await self.changes.changes(span, current.page)
        except LifecycleError as error:
            if error.disposition is Disposition.DEFER and not last_try:
                raise
            return await self._fail(stored, current, f"{error.code}: {error.detail}")
        judged = await self._judged(page.rows)
        following = await self._counted(current, judged)
        following = following.after_page(page.following, page.reached)
        run = stored.run
        if following.done and not following.changes:
            run = await self._doubted(run, following)
        return await self._keep(stored, run, following)

    async def _doubted(self, run: Run, found: Reconciliation) -> Run:
        """A log without any change of ours proves nothing where our cases have made some."""
        if not await self.announced.anything_in(found.settled):
            return run
        return _with_problem(run, _SILENT)

    async def _fail(
        self, stored: StoredRun, current: Reconciliation, why: str
    ) -> tuple[StoredRun, Reconciliation]:
        failed = current.after_failure(why)
        left = f"{why} The next run reads on from {failed.covered}."
        return await self._keep(stored, _with_problem(stored.run, left), failed)

    async def _judged(self, lines: Sequence[AuditLine]) -> list[tuple[AuditLine, Ruling]]:
        latest = max((line.at for line in lines), default=None)
        if latest is None:
            return []
        records = await self.announced({one for line in lines for one in line.people}, latest)
        return [(line, rule(line, records)) for line in lines]

    async def _counted(
        self, current: Reconciliation, judged: Sequence[tuple[AuditLine, Ruling]]
    ) -> Reconciliation:
        """Count what was not counted before, and tell of it."""
        new = [(line, ruling) for line, ruling in judged if line.line_id not in current.counted]
        misuses = [line for line, ruling in new if ruling is Ruling.MISUSE]
        doubts = [line for line, ruling in new if ruling is Ruling.UNKNOWN]
        told = misuses[: max(0, MOST_TOLD - current.misuse)]
        noted = doubts[: max(0, MOST_TOLD - current.unknown)]
        for line in told:
            _log.warning("identity.misuse", line_id=line.line_id, activity=line.activity)
        for line in noted:
            _log.warning("identity.undecided", line_id=line.line_id, activity=line.activity)
        # Told first: who dies before it is counted tells the same again.
        await self.events.publish(tuple(map(self._event, told)))
        return replace(
            current,
            changes=current.changes + len(judged),
            misuse=current.misuse + len(misuses),
            unknown=current.unknown + len(doubts),
            counted={**current.counted, **{line.line_id: line.at for line in (*told, *noted)}},
        )

    def _event(self, line: AuditLine) -> OutgoingEvent:
        return OutgoingEvent(
            event_id=misuse_event_id(line),
            event_type=IDENTITY_MISUSE,
            kind="sweep",
            body=misuse_event(line, self.tenant_id),
        )

    async def _tell_more(self, run: Run, found: Reconciliation) -> None:
        """Tell how many misuses there are that are too many to be told one by one."""
        more = found.misuse - MOST_TOLD
        if found.done and more > 0:
            body = more_misuse_event(run.run_id, more, found.until, self.tenant_id)
            event = OutgoingEvent(
                event_id=more_misuse_event_id(run.run_id),
                event_type=IDENTITY_MISUSE,
                kind="sweep",
                body=body,
            )
            await self.events.publish((event,))

    async def _keep(
        self, stored: StoredRun, run: Run, reconciliation: Reconciliation
    ) -> tuple[StoredRun, Reconciliation]:
        await self._tell_more(run, reconciliation)
        after = replace(run, reconciliation=reconciliation, updated_at=self.clock.now())
        return await save_further(self.runs, stored, after), reconciliation


def _with_problem(run: Run, why: str) -> Run:
    return replace(run, problems=(*run.problems, Problem(what=_WHAT, reason=why)))
