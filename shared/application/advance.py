"""Take a case as far as it goes now: ask the policy, do what it says, ask again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

import msgspec

from shared.application.contacts import ForgetContact
from shared.application.crowd import Crowd
from shared.application.dispatch import Dispatch
from shared.application.enrolling import WorkOnEnrolment
from shared.application.holding import Holding
from shared.application.looking import Looking, capability, person
from shared.application.outbox import Outbox
from shared.application.parking import Parking
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.leases import Lease
from shared.application.ports.messages import Commands
from shared.application.writing import WriteEffect
from shared.contracts.commands import AdvanceCase, queue_of
from shared.domain.actions import Action, Advance, Cancel, Do, Fail, Look, Pause, Rest, Write
from shared.domain.approvals import is_approved
from shared.domain.budgets.flows import Spender
from shared.domain.cases import ENDED, Case, CaseState
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.messages import CaseMissing
from shared.domain.errors.storage import Conflict, LeaseHeld, LeaseLost, StoreUnavailable
from shared.domain.facts import Fact, Facts
from shared.domain.failures import after_failure
from shared.domain.ids import CaseId
from shared.domain.leaver.others import ended_by
from shared.domain.onboarding.preparing import after_trouble
from shared.domain.policy import next_action
from shared.domain.reset.joining import held_up
from shared.domain.schedules import Rules, next_attempt, next_turn
from shared.domain.transitions import Transition
from shared.names import Queue
from shared.telemetry import EventLog

SHORT_PAUSE: Final = timedelta(seconds=2)
"""Pauses up to this long are slept; longer ones are scheduled messages."""

OUR_PAUSE: Final = timedelta(seconds=5)
"""How long to wait where somebody else has written the case meanwhile."""

_OURS = (LeaseHeld, LeaseLost, Conflict, StoreUnavailable)
"""Trouble between us and our own records: the case can't be written, so the message waits."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class AdvanceCases:
    """The worker of cases."""

    cases: Cases
    holding: Holding
    looking: Looking
    write: WriteEffect
    commands: Commands
    enrolment: WorkOnEnrolment
    forget_contact: ForgetContact
    dispatch: Dispatch
    outbox: Outbox
    parking: Parking
    crowd: Crowd
    clock: Clock
    rules: Rules

    async def __call__(self, command: AdvanceCase) -> None:
        """Work on a case until it is over or has to wait.

        Raises:
            LifecycleError: only where the broker has to deliver the message again.
        """
        try:
            await self._take_up(command)
        except LifecycleError as error:
            if error.disposition is not Disposition.DEFER:
                raise
            await self._wait_for_ourselves(command, error)

    async def _take_up(self, command: AdvanceCase) -> None:
        stored = await self.cases.load(command.case_id)
        if stored is None:
            raise CaseMissing("There is no case of this id.")
        stored = await self.outbox.flush(stored)
        if not stored.case.unfinished:
            # It was ended elsewhere: cancelled by an operator; or whoever ended it has died since.
            await self.forget_contact(stored.case)
            await self._end_others(stored, command)
            return
        if not await self._is_time(command, stored.case):
            return
        if queue_of(stored.case) is not command.queue:
            # The command is older than the hand-over to another app.
            await self.dispatch.soon(AdvanceCase.of(stored.case))
            return
        try:
            stored = await self._under_lease(stored, command.queue)
        except LeaseHeld as error:
            _log.info("command.deferred", case_id=command.case_id, code=error.code)
            await self.commands.send(command, at=next_turn(stored.case, self.clock.now()))
            return
        if queue_of(stored.case) is not command.queue:
            # What comes next needs the powers of another app.
            await self.dispatch.soon(AdvanceCase.of(stored.case))
            return
        await self._schedule(stored.case)

    async def _under_lease(self, stored: StoredCase, queue: Queue) -> StoredCase:
        facts = Facts()
        while True:
            async with self.holding.hold(stored) as (held, lease):
                stored, facts = await self._work(held, facts, lease, queue)
                if stored.case.state is not held.case.state:
                    await self._take_along(stored.case, lease, queue)
            elsewhere = queue_of(stored.case) is not queue
            if elsewhere or stored.case.subject == held.case.subject:
                return stored
            # The person became known: from now on the lease to hold is theirs.

    async def _end_others(self, stored: StoredCase, command: AdvanceCase) -> None:
        """See to those who wait for a case that is over."""
        if held_up(stored.case) is None or queue_of(stored.case) is not command.queue:
            return
        try:
            async with self.holding.hold(stored) as (held, lease):
                await self._take_along(held.case, lease, command.queue)
        except LeaseHeld as error:
            _log.info("command.deferred", case_id=command.case_id, code=error.code)
            await self.commands.send(command, at=next_turn(stored.case, self.clock.now()))

    async def _take_along(self, case: Case, lease: Lease, queue: Queue) -> None:
        """Settle others that a case has kept waiting, under the lease that is held on its person.

        Each of them has a message of its own, so what goes wrong here is none of the case's.
        """
        try:
            async for other in self.crowd(case):
                settled, _ = await self._work(other, Facts(), lease, queue)
                await self._schedule(settled.case)
        except LifecycleError as error:
            _log.warning("crowd.left", case_id=case.case_id, code=error.code)

    async def _is_time(self, command: AdvanceCase, case: Case) -> bool:
        """Whether there is work now. The case's own wake-up call, come early, is sent again."""
        if case.wait_until is None or self.clock.now() >= case.wait_until:
            return True
        if case.state is CaseState.HELD and command.wake is None:
            return True  # Somebody has let its flow go on.
        if command.wake == case.wait_until:
            await self._schedule(case)
        return False

    async def _work(
        self, stored: StoredCase, facts: Facts, lease: Lease, queue: Queue
    ) -> tuple[StoredCase, Facts]:
        """Follow the policy until it rests, the person becomes known, or another app goes on."""
        subject = stored.case.subject
        while queue_of(stored.case) is queue:
            case, now = stored.case, self.clock.now()
            action = next_action(case, facts, self.rules, now)
            try:
                match action:
                    case Rest():
                        pause = _short_pause(case, now)
                        if pause is None:
                            return stored, facts
                        await self.clock.sleep(pause)
                        facts = facts.after_a_wait()
                    case Pause(until):
                        await self.clock.sleep((until - now).total_seconds())
                    case Look(fact):
                        facts = await self.looking(stored, facts, fact)
                    case Write(change):
                        await self.write(
                            person(case),
                            change.effect,
                            capability=capability(case),
                            lease=lease,
                            spender=Spender(case.case_id, case.source),
                            approved=is_approved(case, change.effect.impact, now),
                        )
                        facts = replace(facts.without(change.effect.proof), written=True)
                    case Cancel(other, announcement):
                        stored = await self.cases.save(stored, announcement)
                        await self._cancel(other, because_of=case)
                        facts = facts.without(Fact.OTHERS)
                    case Do(task):
                        result = await self.enrolment(stored, task, lease)
                        facts = replace(facts, result=result)
                    case Advance(transition):
                        stored = await self._save(stored, transition)
                        if case.state is CaseState.PARKED:
                            await self.parking.forget_case(case)
                        facts = replace(facts, result=None)
                        if case.change is None or transition.case.change is None:
                            announced = transition.case.change is not None
                            facts = replace(facts, begun=announced, written=False)
                        if stored.case.wait_until is not None:
                            facts = facts.after_a_wait()
                        if stored.case.subject != subject:
                            # By object id there may be cases that the event's words did not show.
                            return stored, facts.without(Fact.OTHERS)
                    case Fail(error):
                        raise error
                    case _:
                        assert_never(action)
            except _OURS:
                raise
            except LifecycleError as error:
                return await self._fail(stored, action, error), facts
        return stored, facts

    async def _cancel(self, other: CaseId, *, because_of: Case) -> None:
        """Cancel another case about the same person, under the lease that is held on them.

        Contact data that is kept for it is left to the sweep: not every app may touch it.
        """
        found = await self.cases.load(other)
        if found is None or found.case.subject != because_of.subject or found.case.state in ENDED:
            return
        if found.case.must_put_back:
            return  # It has begun since the policy saw it, which sees that now.
        ended = ended_by(because_of, found.case, self.clock.now())
        await self.outbox.flush(await self.cases.save(found, ended))

    async def _save(self, stored: StoredCase, transition: Transition) -> StoredCase:
        saved = await self.outbox.flush(await self.cases.save(stored, transition))
        await self.forget_contact(saved.case, before=stored.case)
        return saved

    async def _fail(self, stored: StoredCase, action: Action, error: LifecycleError) -> StoredCase:
        """Treat an error of the work itself by its disposition."""
        case = stored.case
        _log.warning("case.trouble", case_id=case.case_id, code=error.code)
        now = self.clock.now()
        transition = after_trouble(case, action, error, self.rules, now) or after_failure(
            case, error, self.rules, now
        )
        if transition.case.state is CaseState.PARKED:
            await self.parking.keep_case(transition)
        return await self._save(stored, transition)

    async def _schedule(self, case: Case) -> None:
        """Have the case taken up again when its wait is over."""
        if case.wait_until is None or not case.unfinished:
            return
        wake = AdvanceCase.of(case, wake=case.wait_until)
        await self.dispatch.soon(wake, at=case.wait_until)

    async def _wait_for_ourselves(self, command: AdvanceCase, error: LifecycleError) -> None:
        """Put the message off when the case itself could not be written.

        Raises:
            LifecycleError: the message was put off often enough, or can't be.
        """
        now = self.clock.now()
        attempt, at = command.attempt, now + OUR_PAUSE
        if error.uses_attempt:
            attempt += 1
            at = next_attempt(attempt, now, error.retry_after, self.rules)
            if attempt > self.rules.attempts:
                raise error
        _log.info("command.deferred", case_id=command.case_id, code=error.code)
        await self.commands.send(msgspec.structs.replace(command, attempt=attempt), at=at)


def _short_pause(case: Case, now: datetime) -> float | None:
    """Seconds to sleep on the spot, where the wait is that short."""
    if case.wait_until is None or not case.unfinished:
        return None
    pause = case.wait_until - now
    return pause.total_seconds() if timedelta(0) < pause <= SHORT_PAUSE else None
