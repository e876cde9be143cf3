"""Take a case with the lease on its person, so that nobody else writes either meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.leases import Lease, Leases
from shared.domain.errors import CaseMissing
from shared.domain.ids import CaseId


@dataclass(frozen=True, slots=True)
class Holding:
    """Gives cases to hold (safety rule S8)."""

    cases: Cases
    leases: Leases

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

    async def _again(self, case_id: CaseId) -> StoredCase:
        stored = await self.cases.load(case_id)
        if stored is None:
            raise CaseMissing("The case went away.")
        return stored
