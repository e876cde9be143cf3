"""Take a case with the lease on its person, so that nobody else writes either meanwhile."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from shared.application.drafts import Draft
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.leases import Lease, Leases
from shared.domain.errors.messages import CaseMissing
from shared.domain.errors.storage import LeaseHeld
from shared.domain.ids import CaseId

_PATIENCE: Final = 10
_PAUSE_SECONDS: Final = 0.3
"""How often, and after what pause, a busy worker is waited for: three seconds in all."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Gives cases to hold (safety rule S8)."""

    cases: Cases
    leases: Leases
    clock: Clock

    @asynccontextmanager
    async def hold(self, stored: StoredCase) -> AsyncIterator[tuple[StoredCase, Lease]]:
        """Hold a case, as it stands once nobody else can write it.

        Args:
            stored: the case as it was read without a lease.

        Raises:
            LeaseHeld: somebody else is busy with the person.
            CaseMissing: the case went away meanwhile.
        """
        while True:
            subject = stored.case.subject
            async with self.leases.hold(subject) as lease:
                stored = await self._again(stored.case.case_id)
                if stored.case.subject == subject:
                    yield stored, lease
                    return
            # Somebody found the person meanwhile, so the lease to hold is another one.

    @asynccontextmanager
    async def hold_draft(self, draft: Draft) -> AsyncIterator[tuple[Draft, Lease]]:
        """The same of a case that may not be stored yet: then it is held as it was drafted.

        Raises:
            LeaseHeld: somebody else is busy with the person.
            CaseMissing: the case went away meanwhile.
        """
        if draft.stored is None:
            async with self.leases.hold(draft.case.subject) as lease:
                yield draft, lease
            return
        async with self.hold(draft.stored) as (stored, lease):
            yield Draft(stored), lease

    @asynccontextmanager
    async def hold_soon(self, stored: StoredCase) -> AsyncIterator[StoredCase]:
        """Hold a case for a person who waits for the answer, as soon as its worker lets it go.

        Raises:
            LeaseHeld: a worker is busy with the person and does not end within three seconds.
            CaseMissing: the case went away meanwhile.
        """
        async with self.hold_soon_to_write(stored) as (held, _):
            yield held

    @asynccontextmanager
    async def hold_soon_to_write(
        self, stored: StoredCase
    ) -> AsyncIterator[tuple[StoredCase, Lease]]:
        """The same, with the lease, for whoever also changes the directory."""
        async with AsyncExitStack() as stack:
            for _ in range(_PATIENCE):
                try:
                    held = await stack.enter_async_context(self.hold(stored))
                    break
                except LeaseHeld:
                    await self.clock.sleep(_PAUSE_SECONDS)
            else:
                held = await stack.enter_async_context(self.hold(stored))
            yield held

    async def _again(self, case_id: CaseId) -> StoredCase:
        stored = await self.cases.load(case_id)
        if stored is None:
            raise CaseMissing("The case went away.")
        return stored
