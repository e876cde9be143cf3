"""The first stage: what the tenant is like, and what there is to read."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, StoredRun
from shared.application.ports.sweep import Records, TenantSource
from shared.application.sweep.app_passwords import ReadAppPasswords
from shared.application.sweep.saving import save_further
from shared.domain.alive import LedgerTime
from shared.domain.authentication import Unknown
from shared.domain.sweep.groups import groups_to_read
from shared.domain.sweep.runs import Cursor, Problem, Stream
from shared.domain.sweep.slices import slices_for
from shared.domain.sweep.tenant import TenantReading


@dataclass(frozen=True, slots=True)
class Plan:
    """Reads what is true of the tenant as a whole, and keeps it for the other stages."""

    source: TenantSource
    records: Records
    app_passwords: ReadAppPasswords
    runs: Runs
    clock: Clock

    async def __call__(self, stored: StoredRun, *, last_try: bool = False) -> StoredRun:
        """Read it, and tell what is to be read page by page.

        Args:
            stored: the run.
            last_try: whether to go on without what is in the way.

        Raises:
            Conflict: another worker has planned the run.
            LifecycleError: something is in passing trouble.
        """
        tenant = await self.source.tenant(last_try=last_try)
        reading = replace(tenant, records=await self.records.records())
        ledger = await self.app_passwords.time()
        name = await self.runs.keep_tenant(stored.run.run_id, reading)
        planned = replace(
            stored.run,
            people=reading.people,
            reading=name,
            slices=slices_for(reading.people),
            cursors={stream: Cursor() for stream in Stream},
            ledger=LedgerTime(unknown=ledger.reason) if isinstance(ledger, Unknown) else ledger,
            groups=tuple(groups_to_read(reading)),
            problems=(*_problems(reading), *_problem_of("app password ledger", ledger)),
        )
        return await save_further(self.runs, stored, planned.moved_on(self.clock.now()))


def _problems(reading: TenantReading) -> Iterator[Problem]:
    """What could not be read of the tenant."""
    for whole in (reading, reading.settings):
        for one in fields(whole):
            yield from _problem_of(one.name.replace("_", " "), getattr(whole, one.name))


def _problem_of(what: str, read: object) -> Iterator[Problem]:
    if isinstance(read, Unknown):
        yield Problem(what=what, reason=read.reason)
