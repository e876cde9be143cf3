"""From a message to the stage of a run, and from there to the next one."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, StoredRun
from shared.application.sweep.announcing import Announce
from shared.application.sweep.collecting import Collect
from shared.application.sweep.finishing import Finish
from shared.application.sweep.judging import JudgeStage
from shared.application.sweep.nightly import StartNightly
from shared.application.sweep.planning import Plan
from shared.application.sweep.sending import SendStage
from shared.contracts.sweep_commands import SweepCommand, decode_sweep_command
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.messages import BrokerUnavailable, MalformedMessage
from shared.domain.errors.storage import Conflict, StoreUnavailable
from shared.domain.sweep.runs import Failure, Problem, Run, RunState, Stage
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
    announce: Announce
    nightly: StartNightly
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
        except MalformedMessage as error:
            _log.warning("sweep.malformed", detail=error.detail)
            return
        try:
            stored = await self.runs.load(command.run_id)
            if stored is None and command.stage is Stage.PLAN:
                await self.nightly.late(command.run_id)
                return
        except StoreUnavailable as error:
            _log.warning("sweep.unseen", run_id=command.run_id, code=error.code)
            await self.send.later(command)
            return
        if stored is None or not _asks_for(command, stored.run):
            _log.info("sweep.stale", run_id=command.run_id, stage=command.stage)
            if stored is not None and deliveries > 1:
                await self.send.soon(*commands_for(stored.run))
            return
        try:
            after = await self._do(stored, command)
        except Conflict:
            _log.info("sweep.overtaken", run_id=command.run_id, stage=command.stage)
        except LifecycleError as error:
            with suppress(Conflict):
                await self._again(stored, command, error)
        except Exception as error:
            # What nobody foresaw would come back with every message, and every night.
            if deliveries >= UNFORESEEN:
                with suppress(Conflict):
                    await self._give_up(
                        stored, command, Failure("unforeseen", type(error).__name__)
                    )
            raise
        else:
            await self._go_on(stored.run, after.run)

    async def _do(self, stored: StoredRun, command: SweepCommand) -> StoredRun:
        last_try = command.attempt >= MOST_ATTEMPTS
        match command.stage:
            case Stage.PLAN:
                return await self.plan(stored, last_try=last_try)
            case Stage.COLLECT:
                return await self.collect(stored, last_try=last_try)
            case Stage.EVALUATE:
                return await self.judge(stored, command.slice)
            case Stage.FINISH:
                return await self.finish(stored, last_try=last_try)
            case Stage.TELL:
                return await self.announce(stored)
            case Stage.NOTHING:
                return stored

    async def _go_on(self, before: Run, after: Run) -> None:
        if before.stage is after.stage is Stage.EVALUATE:
            # Of the other parts each has a message of its own; the last one sends what comes next.
            return
        await self.send.soon(*commands_for(after))

    async def _again(self, before: StoredRun, command: SweepCommand, error: LifecycleError) -> None:
        """Have it tried again later, or give the run up.

        Raises:
            LifecycleError: the broker has to deliver the message again.
        """
        if error.disposition is Disposition.REDELIVER:
            raise error
        try:
            stored = await self.runs.load(command.run_id)
        except StoreUnavailable:
            await self.send.later(command)
            return
        if stored is not None and not _asks_for(command, stored.run):
            _log.info("sweep.overtaken", run_id=command.run_id, stage=command.stage)
            return
        progress = stored is not None and not stored.run.is_as_far_as(before.run)
        attempt = 0 if progress else command.attempt + 1
        if command.stage is Stage.TELL or isinstance(error, BrokerUnavailable):
            # Nobody else would tell it.
            attempt = min(attempt, MOST_ATTEMPTS - 1)
        if attempt > MOST_ATTEMPTS or error.disposition is not Disposition.DEFER:
            failure = Failure(error.code, error.detail)
            await self._give_up(stored or before, command, failure)
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

    async def _give_up(self, stored: StoredRun, command: SweepCommand, why: Failure) -> None:
        run, now = stored.run, self.clock.now()
        _log.warning("sweep.failed", run_id=run.run_id, stage=command.stage, why=str(why))
        if run.stage is Stage.TELL:
            # It has ended, well or not; only that nobody hears of it.
            await self.runs.save(stored, run.moved_on(now))
            return
        problem = Problem(what=command.stage.value, reason=str(why))
        failed = replace(run, problems=(*run.problems, problem)).ended(RunState.FAILED, now)
        after = await self.runs.save(stored, failed)
        await self._go_on(run, after.run)


def commands_for(run: Run) -> Iterator[SweepCommand]:
    """What is to be done next: a command for each part of the tenant, or one for the whole."""
    if run.stage is Stage.EVALUATE:
        for number in range(run.slices):
            part = str(Slice(number, run.slices))
            yield SweepCommand(run_id=run.run_id, stage=run.stage, part=part)
    elif run.stage is not Stage.NOTHING:
        yield SweepCommand(run_id=run.run_id, stage=run.stage)


def _asks_for(command: SweepCommand, run: Run) -> bool:
    if command.stage is Stage.EVALUATE and command.slice.of != run.slices:
        return False
    return run.stage is command.stage
