"""The runs of the sweep in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.application.ports.runs import StoredRun
from shared.domain.errors.requests import InvalidRequest
from shared.domain.errors.storage import Conflict
from shared.domain.errors.sweep import RunInProgress
from shared.domain.sweep.runs import Run, RunId, RunState
from shared.domain.sweep.tenant import TenantReading
from tests.fakes.switch import Switch

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class FakeRuns(Switch):
    """The port `Runs`."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[RunId, StoredRun] = {}
        self._tenants: dict[RunId, dict[str, TenantReading]] = {}
        self._current: RunId | None = None
        self._writes = 0

    async def begin(self, run: Run, *, given_up_before: datetime) -> StoredRun:
        """Store a new run, which is then the one that goes on."""
        self.reach()
        own = self._runs.get(run.run_id)
        if own is not None:
            if own.run != run:
                raise RunInProgress("The fake's run has begun already.")
            return own
        current = None if self._current is None else self._runs.get(self._current)
        if current is not None and current.run.state is RunState.RUNNING:
            if current.run.started_at >= given_up_before:
                raise RunInProgress("The fake's run goes on.")
            self._put(current.run.ended(RunState.FAILED, run.started_at))
        self._current = run.run_id
        return self._put(run)

    async def load(self, run_id: RunId) -> StoredRun | None:
        """A run."""
        self.reach()
        return self._runs.get(run_id)

    async def save(self, stored: StoredRun, run: Run) -> StoredRun:
        """Store how far a run is."""
        self.reach()
        found = self._runs.get(run.run_id)
        if found is None or (found.version != stored.version and found.run != run):
            raise Conflict("The fake's run changed since it was read.")
        return found if found.version != stored.version else self._put(run)

    async def newest(self, token: str | None, most: int) -> tuple[Sequence[Run], str | None]:
        """A page of runs, newest first."""
        self.reach()
        after = None if token is None else _parsed(token)
        runs = sorted((one.run for one in self._runs.values()), key=_key)
        found = [run for run in runs if after is None or _key(run) > after]
        shown = found[:most]
        if len(found) <= most:
            return shown, None
        return shown, "{}_{}".format(*_key(shown[-1]))

    async def old(self, before: datetime, most: int) -> Sequence[RunId]:
        """Up to so many runs that began before."""
        self.reach()
        runs = sorted((one.run for one in self._runs.values()), key=_key)
        return [run.run_id for run in runs if run.started_at < before][:most]

    async def keep_tenant(self, run_id: RunId, reading: TenantReading) -> str:
        """Keep what a worker has read of the tenant."""
        self.reach()
        kept = self._tenants.setdefault(run_id, {})
        name = f"reading-{len(kept)}"
        kept[name] = reading
        return name

    async def tenant(self, run_id: RunId, reading: str) -> TenantReading | None:
        """What was read of the tenant under this name."""
        self.reach()
        return self._tenants.get(run_id, {}).get(reading)

    async def forget(self, run_id: RunId) -> None:
        """Drop a run and what it has read of the tenant."""
        self.reach()
        self._runs.pop(run_id, None)
        self._tenants.pop(run_id, None)

    def _put(self, run: Run) -> StoredRun:
        self._writes += 1
        stored = self._runs[run.run_id] = StoredRun(run=run, version=str(self._writes))
        return stored


def _key(run: Run) -> tuple[int, str]:
    return (-((run.started_at - _EPOCH) // timedelta(microseconds=1)), run.run_id)


def _parsed(token: str) -> tuple[int, str]:
    number, separator, run_id = token.partition("_")
    if not (separator and number.removeprefix("-").isdecimal() and run_id):
        raise InvalidRequest("The token is not one that a page of this list ended with.")
    return (int(number), run_id)
