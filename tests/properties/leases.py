"""Leases as a crash leaves them: held by nobody alive, until they run out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.application.ports.leases import Lease
from shared.domain.errors.storage import LeaseHeld, LeaseLost, StoreUnavailable
from tests.properties.clock import WorldClock
from tests.properties.interrupting import Crash, How, Interruptions

LASTING = timedelta(seconds=60)


@dataclass(eq=False, kw_only=True)
class Tenure:
    """One worker's time with a person. It is the port `Lease`, too."""

    subject: str
    fence: int
    leases: "CrashedLeases"
    holder: "asyncio.Task[object] | None" = field(default_factory=asyncio.current_task)
    expires_at: datetime | None = None
    confirmed: bool = False

    async def confirm(self) -> None:
        """Make sure that the lease is still ours."""
        await self.leases.operation()
        if not self.holds():
            raise LeaseLost("Another worker has taken the person over.")
        self.confirmed = True

    def holds(self) -> bool:
        """Whether this is the lease that counts."""
        return self.leases.tenures.get(self.subject) is self


class CrashedLeases:
    """The port `Leases`.

    A worker that lives renews its lease; one that crashed leaves it until it runs out. The test can
    let a lease run out under a worker that lives: a process that stood still for too long.

    Attributes:
        tenures: who holds what.
    """

    def __init__(self, clock: WorldClock, interruptions: Interruptions) -> None:
        self.tenures: dict[str, Tenure] = {}
        self._clock = clock
        self._interruptions = interruptions
        self._fences: dict[str, int] = {}

    async def operation(self) -> None:
        """One request to the store."""
        match await self._interruptions.next_operation():
            case How.CRASH_BEFORE | How.CRASH_AFTER:
                raise Crash("lease")
            case How.FAIL_BEFORE | How.FAIL_AFTER:
                raise StoreUnavailable("The lease can't be read.")
            case None:
                return

    def run_out(self) -> None:
        """Every lease runs out, whoever holds it.

        One that was confirmed for a write stays until the write: Graph takes no fencing number, so
        a process that stands still for a minute exactly there is beyond what a lease can do.
        """
        self.tenures = {s: held for s, held in self.tenures.items() if held.confirmed}

    def hold(self, subject: str) -> AbstractAsyncContextManager[Lease]:
        """Hold the lease on `subject` for the length of a `with` block."""
        return self._hold(subject)

    @asynccontextmanager
    async def _hold(self, subject: str) -> AsyncIterator[Lease]:
        await self.operation()
        held = self.tenures.get(subject)
        if held is not None and (held.expires_at is None or held.expires_at > self._clock.now()):
            raise LeaseHeld("Another worker is busy with this person.")
        self._fences[subject] = self._fences.get(subject, 0) + 1
        ours = Tenure(subject=subject, fence=self._fences[subject], leases=self)
        self.tenures[subject] = ours
        try:
            yield ours
        except Crash:
            ours.expires_at = self._clock.now() + LASTING
            raise
        except BaseException:
            self._give_back(ours)
            raise
        self._give_back(ours)

    def _give_back(self, ours: Tenure) -> None:
        if ours.holds():
            del self.tenures[ours.subject]
