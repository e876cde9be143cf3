"""Make good what was lost: take up every case that should have moved by now."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.application.outbox import Outbox
from shared.application.ports.cases import Cases, DueCase, DueCases
from shared.application.ports.clock import Clock
from shared.application.ports.messages import Commands
from shared.contracts.commands import AdvanceCase
from shared.domain.errors import LifecycleError
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.errors.storage import StoreUnavailable
from shared.telemetry import EventLog

MOST_AT_ONCE: Final = 500
NEXT_LOOK: Final = timedelta(minutes=5)
"""How long a command that was sent again has before it is sent once more."""
ABANDONED_AFTER: Final = timedelta(hours=1)
"""A due row without a case: the intake died between the two, and nobody repeated the event."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class RecoverDueCases:
    """Sends again the commands and the events that were lost on the way."""

    due_cases: DueCases
    cases: Cases
    commands: Commands
    outbox: Outbox
    clock: Clock

    async def __call__(self) -> int:
        """Take up what is overdue.

        One case that can't be read does not keep the others waiting.

        Returns:
            How many cases were looked at.

        Raises:
            BrokerUnavailable: the broker takes nothing; the next run tries again.
            StoreUnavailable: likewise.
        """
        now = self.clock.now()
        overdue = await self.due_cases.overdue(now, MOST_AT_ONCE)
        for due in overdue:
            try:
                await self._take_up(due)
            except (BrokerUnavailable, StoreUnavailable):
                raise
            except LifecycleError as error:
                _log.warning("recovery.skipped", case_id=due.case_id, code=error.code)
                await self.due_cases.postpone(due, now + NEXT_LOOK)
        if overdue:
            _log.info("recovery.done", cases=len(overdue))
        return len(overdue)

    async def _take_up(self, due: DueCase) -> None:
        now = self.clock.now()
        stored = await self.cases.load(due.case_id)
        if stored is None:
            if now - due.due_at > ABANDONED_AFTER:
                await self.due_cases.forget(due)
            return
        case = (await self.outbox.flush(stored)).case
        if case.unfinished and (case.wait_until is None or case.wait_until <= now):
            await self.commands.send(AdvanceCase.of(case))
            await self.due_cases.postpone(due, now + NEXT_LOOK)
        else:
            await self.due_cases.forget(due)
