"""Read runs of the sweep: one, or a list; and what changed for a person."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Final

from shared.application.ports.cases import Cases
from shared.application.ports.runs import History, Runs, Snapshots
from shared.domain.errors.requests import InvalidRequest, NotFound
from shared.domain.errors.storage import UnreadableRow
from shared.domain.errors.sweep import RunNotJudged
from shared.domain.ids import UserId, is_object_id
from shared.domain.sweep.lines import Change
from shared.domain.sweep.outcomes import Outcome, outcome_of
from shared.domain.sweep.runs import COMPARABLE, Run, RunId, RunState, is_run_id
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import Totals
from shared.telemetry import EventLog

RUNS_A_PAGE: Final = 20
MOST_CHANGES: Final = 200

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """A run with what it counted.

    Attributes:
        run: the run.
        totals: what it counted; while it goes on, in the parts that it has judged.
        judged: how many parts these are.
        outcome: what became of whom it had taken up again; None where there was nobody.
    """

    run: Run
    totals: Totals
    judged: int
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class ReadRuns:
    """Reads runs."""

    runs: Runs
    snapshots: Snapshots
    cases: Cases

    async def one(self, run_id: str) -> Counted:
        """A run.

        Raises:
            NotFound: there is none of this id.
            StoreUnavailable: it could not be read.
        """
        stored = await self.runs.load(RunId(run_id)) if is_run_id(run_id) else None
        if stored is None:
            raise NotFound("There is no run of this id.")
        return await self._counted(stored.run)

    async def judged(self, run_id: str) -> Counted:
        """A run that has judged everybody.

        Raises:
            NotFound: there is none of this id.
            RunNotJudged: it goes on, or was given up.
            StoreUnavailable: it could not be read.
        """
        counted = await self.one(run_id)
        if counted.run.state not in COMPARABLE:
            raise RunNotJudged(f"The run is {counted.run.state}.")
        return counted

    async def newest(self, token: str | None) -> tuple[tuple[Counted, ...], str | None]:
        """A page of runs, newest first, and the token of the next page.

        Raises:
            InvalidRequest: the token is none of ours.
            StoreUnavailable: they could not be read.
        """
        page, following = await self.runs.newest(token, RUNS_A_PAGE)
        return tuple(await asyncio.gather(*map(self._counted, page))), following

    async def parts(self, run: Run) -> Mapping[Slice, Totals]:
        """What was counted in each part of a run."""
        return await self.snapshots.totals(run.run_id)

    async def _counted(self, run: Run) -> Counted:
        if run.totals is not None:
            return Counted(run, run.totals, run.slices, await self._outcome(run))
        # Before the parts are judged there is nothing to add up.
        parts = await self.parts(run) if run.state is RunState.RUNNING and run.slices else {}
        return Counted(run, reduce(add, parts.values(), Totals()), len(parts), None)

    async def _outcome(self, run: Run) -> Outcome | None:
        """Asked of the enrolment each time: it goes on, or ends, long after the run."""
        if run.remediation is None:
            return None
        try:
            stored = await self.cases.load(run.remediation.case_id)
        except UnreadableRow as error:
            _log.warning("enrolment.unreadable", run_id=run.run_id, code=error.code)
            stored = None
        return outcome_of(None if stored is None else stored.case)


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """Reads what changed for a person."""

    history: History

    async def __call__(self, user: str, by: str) -> tuple[Change, ...]:
        """Their changes, the latest first; none for somebody whom no run has seen.

        Args:
            user: their object id.
            by: object id of the person who reads it.

        Raises:
            InvalidRequest: it is no object id.
            StoreUnavailable: they could not be read.
        """
        if not is_object_id(user):
            raise InvalidRequest("A person is named by object id; sign-in names don't go here.")
        user_id = UserId(user.lower())
        _log.info("history.read", user_id=user_id, by=by)
        return await self.history.of(user_id, MOST_CHANGES)
