"""From a message to the stage of a run, and from there to the next one."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, StoredRun
from shared.application.sweep.collecting import Collect
from shared.application.sweep.finishing import Finish
from shared.application.sweep.judging import JudgeStage
from shared.application.sweep.planning import Plan
from shared.application.sweep.sending import SendStage
from shared.application.sweep.telling import Tell
from shared.contracts.sweep_commands import SweepCommand, decode_sweep_command
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.messages import MalformedMessage
from shared.domain.errors.storage import Conflict
from shared.domain.sweep.runs import Problem, Run, RunState, Stage
from shared.domain.sweep.slices import Slice
from shared.telemetry import EventLog

MOST_ATTEMPTS: Final = 12
"""Without any progress; then the run goes on without what is in the way, or is given up."""
UNFORESEEN: Final = 4
"""Deliveries after which an error that nobody foresaw ends the run, before the broker gives up."""
_FIRST_PAUSE: Final = timedelta(seconds=2)
_LONGEST_PAUSE: Final = timedelta(minutes=5)

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class WorkOnRun:
    """Does what a message asks for; raising has it delivered again."""

    runs: Runs
    plan: Plan
    collect: Collect
    judge: JudgeStage
    finish: Finish
    tell: Tell
    send: SendStage
    clock: Clock

    async def __call__(self, body: bytes, deliveries: int) -> None:
        """Do a stage of a run, as far as it goes.

        Args:
            body: the message.
            deliveries: how often it was delivered. Where the run is further than a message that
                comes again, whoever worked on it may have died before saying what comes next.

        Raises:
            LifecycleError: the broker has to deliver the message again.
        """
        try:
            command = decode_sweep_command(body)
            part = command.slice
        except MalformedMessage as error:
            _log.warning("sweep.malformed", detail=error.detail)
            return
        stored = await self.runs.load(command.run_id)
        if stored is None or not _asks_for(command, stored.run):
            _log.info("sweep.stale", run_id=command.run_id, stage=command.stage)
            if stored is not None and deliveries > 1:
                await self.send.soon(*commands_for(stored.run))
            return
        try:
            after = await self._do(stored, command, part)
        except Conflict:
            _log.info("sweep.overtaken", run_id=command.run_id, stage=command.stage)
        except LifecycleError as error:
            with suppress(Conflict):
                await self._again(stored, command, error)
        except Exception as error:
            # What nobody foresaw would come back with every message, and every night.
            if deliveries >= UNFORESEEN:
                with suppress(Conflict):
                    await self._fail(stored, command, f"unforeseen: {type(error).__name__}")
            raise
        else:
            if after.run.stage is not Stage.EVALUATE or stored.run.stage is not Stage.EVALUATE:
                await self.send.soon(*commands_for(after.run))

    async def _do(self, stored: StoredRun, command: SweepCommand, part: Slice | None) -> StoredRun:
        last_try = command.attempt >= MOST_ATTEMPTS
        match command.stage:
            case Stage.PLAN:
                return await self.plan(stored)
            case Stage.COLLECT:
                return await self.collect(stored, last_try=last_try)
            case Stage.EVALUATE if part is not None:
                return await self.judge(stored, part)
            case Stage.FINISH:
                return await self.finish(stored, last_try=last_try)
            case _:
                return stored

    async def _again(self, before: StoredRun, command: SweepCommand, error: LifecycleError) -> None:
        """Have it tried again later, or give the run up.

        Raises:
            LifecycleError: the broker has to deliver the message again.
        """
        if error.disposition is Disposition.REDELIVER:
            raise error
        stored = await self.runs.load(command.run_id)
        progress = stored is not None and stored.version != before.version
        attempt = 0 if progress else command.attempt + 1
        if attempt > MOST_ATTEMPTS or error.disposition is not Disposition.DEFER:
            await self._fail(stored or before, command, f"{error.code}: {error.detail}")
            return
        pause = error.retry_after or min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE)
        _log.warning("sweep.deferred", run_id=command.run_id, code=error.code, attempt=attempt)
        again = SweepCommand(
            run_id=command.run_id, stage=command.stage, part=command.part, attempt=attempt
        )
        due = self.clock.now() + pause
        if stored is not None and command.stage is not Stage.EVALUATE:
            # So that the watch does not take a run that waits for one that stands still.
            with suppress(Conflict):
                await self.runs.save(stored, replace(stored.run, updated_at=due))
        await self.send.soon(again, at=due)

    async def _fail(self, stored: StoredRun, command: SweepCommand, why: str) -> None:
        _log.warning("sweep.failed", run_id=command.run_id, stage=command.stage, why=why)
        problem = Problem(what=command.stage.value, reason=why)
        failed = replace(
            stored.run,
            state=RunState.FAILED,
            stage=Stage.NOTHING,
            finished_at=self.clock.now(),
            problems=(*stored.run.problems, problem),
        )
        # Told once it is so: where somebody else has come further nothing has failed, and the
        # event of the real end would have the same id.
        await self.runs.save(stored, failed)
        await self.tell.end(failed)


def commands_for(run: Run) -> Iterator[SweepCommand]:
    """What is to be done next: a command for each part of the tenant, or one for the whole."""
    if run.state is not RunState.RUNNING:
        return
    if run.stage is Stage.EVALUATE:
        for number in range(run.slices):
            part = str(Slice(number, run.slices))
            yield SweepCommand(run_id=run.run_id, stage=run.stage, part=part)
    else:
        yield SweepCommand(run_id=run.run_id, stage=run.stage)


def _asks_for(command: SweepCommand, run: Run) -> bool:
    return run.state is RunState.RUNNING and run.stage is command.stage
