"""Take up a case when its command comes, under the lease on its person."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import msgspec

from shared.application.contacts import ForgetContact
from shared.application.crowd import Crowd
from shared.application.dispatch import Dispatch
from shared.application.drafts import Draft
from shared.application.following import FollowPolicy
from shared.application.holding import Holding
from shared.application.outbox import Outbox
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.leases import Lease
from shared.application.ports.messages import Commands
from shared.contracts.commands import AdvanceCase, queue_of
from shared.domain.cases import Case, CaseState
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.messages import CaseMissing
from shared.domain.errors.storage import Conflict, LeaseHeld
from shared.domain.facts import Facts
from shared.domain.reset.joining import held_up
from shared.domain.schedules import Rules, next_attempt, next_turn
from shared.names import Queue
from shared.telemetry import EventLog

OUR_PAUSE: Final = timedelta(seconds=5)
"""How long to wait where somebody else has written the case meanwhile."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class AdvanceCases:
    """The worker of cases."""

    cases: Cases
    holding: Holding
    follow: FollowPolicy
    commands: Commands
    forget_contact: ForgetContact
    dispatch: Dispatch
    outbox: Outbox
    crowd: Crowd
    clock: Clock
    rules: Rules

    async def __call__(self, command: AdvanceCase) -> None:
        """Work on a case until it is over or has to wait.

        Raises:
            LifecycleError: only where the broker has to deliver the message again.
        """
        try:
            await self._go_on(command)
        except LifecycleError as error:
            if error.disposition is not Disposition.DEFER:
                raise
            await self._wait_for_ourselves(command, error)

    async def begin(self, draft: Draft, queue: Queue) -> None:
        """Work at once on a case that need not be stored yet.

        A new one is stored with the first that is decided about it: each round trip before that is
        time in which a lost device opens sessions.

        Args:
            draft: the case. Where it is stored, it goes on where it was left.
            queue: that of this app.

        Raises:
            LifecycleError: whoever asks for the case has to ask again: it may not be stored.
        """
        command = AdvanceCase(case_id=draft.case.case_id, queue=queue)
        if draft.stored is not None:
            await self(command)
            return
        try:
            await self._take_up(command, draft)
        except Conflict:
            # Whoever waited for the lease on the person meanwhile has stored it.
            await self(command)
        except LifecycleError as error:
            if error.disposition is not Disposition.DEFER:
                raise
            if await self.cases.load(command.case_id) is None:
                raise
            await self._wait_for_ourselves(command, error)

    async def _go_on(self, command: AdvanceCase) -> None:
        stored = await self.cases.load(command.case_id)
        if stored is None:
            raise CaseMissing("There is no case of this id.")
        if not stored.case.unfinished:
            # It was ended elsewhere: cancelled by an operator; or whoever ended it has died since.
            stored = await self.outbox.flush(stored)
            await self.forget_contact(stored.case)
            await self._end_others(stored, command)
        elif not await self._is_time(command, stored.case):
            await self.outbox.flush(stored)
        elif queue_of(stored.case) is not command.queue:
            await self._hand_over(stored)  # The command is older than the hand-over before.
        else:
            await self._take_up(command, Draft(stored))

    async def _take_up(self, command: AdvanceCase, draft: Draft) -> None:
        try:
            stored = await self._under_lease(draft, command.queue)
        except LeaseHeld as error:
            stored = await self._stored(command, draft)
            await self.outbox.flush(stored)
            _log.info("command.deferred", case_id=command.case_id, code=error.code)
            await self.commands.send(command, at=next_turn(stored.case, self.clock.now()))
            return
        if queue_of(stored.case) is not command.queue:
            await self._hand_over(stored)
        else:
            await self._schedule(stored.case)

    async def _stored(self, command: AdvanceCase, draft: Draft) -> StoredCase:
        """The case of a draft, which may have been stored since the draft was made."""
        stored = draft.stored or await self.cases.load(command.case_id)
        return stored or await self.cases.create(*draft.unsaved)

    async def _hand_over(self, stored: StoredCase) -> None:
        """Let the app go on that has the power for what comes next."""
        await self.outbox.flush(stored)
        await self.dispatch.soon(AdvanceCase.of(stored.case))

    async def _under_lease(self, draft: Draft, queue: Queue) -> StoredCase:
        facts = Facts()
        while True:
            async with self.holding.hold_draft(draft) as (held, lease):
                stored, facts = await self.follow(held, facts, lease, queue)
                if stored.case.state is not held.case.state:
                    await self._take_along(stored.case, lease, queue)
                elsewhere = queue_of(stored.case) is not queue
                if elsewhere or stored.case.subject == held.case.subject:
                    return await self.outbox.flush(stored)
            # The person became known: from now on the lease to hold is theirs.
            draft = Draft(stored)

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
                settled, _ = await self.follow(Draft(other), Facts(), lease, queue)
                await self._schedule((await self.outbox.flush(settled)).case)
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
