"""Leases on people in Table Storage (safety rule S8)."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow, TableStore
from shared.application.ports.leases import Lease
from shared.domain.errors.storage import LeaseHeld, LeaseLost, StoreUnavailable
from shared.names import Table
from shared.telemetry import EventLog

_log = EventLog(__name__)
_ROW_KEY: Final = "lease"
_HOLDER_BYTES: Final = 8
_RELEASED: Final = datetime(1970, 1, 1, tzinfo=UTC)

LASTING: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tenure:
    """What the row of a lease says: who holds it, with which number, until when."""

    holder: str
    fence: int
    expires_at: datetime

    def row(self, subject: str) -> Row:
        return {
            "PartitionKey": escaped(subject),
            "RowKey": _ROW_KEY,
            "Holder": self.holder,
            "Fence": self.fence,
            "ExpiresAt": self.expires_at,
        }


def _tenure(row: StoredRow) -> _Tenure:
    columns = Columns(row)
    return _Tenure(
        holder=columns.text("Holder"),
        fence=columns.number("Fence"),
        expires_at=columns.moment("ExpiresAt"),
    )


class TableLeases:
    """The port `Leases`. The row stays when a lease is given back, so that its number only grows.

    Leases run on the real time of the machines, not on the injected clock: they measure whether a
    process lives. The fencing number, read at the store, holds even if two machines disagree.

    Args:
        store: where the rows are.
        lasting: how long a lease holds.
        renewed_every: how often its holder renews it; by default three times in that time, which
            leaves room for a renewal that fails.
    """

    def __init__(
        self,
        store: TableStore,
        *,
        lasting: timedelta = LASTING,
        renewed_every: timedelta | None = None,
    ) -> None:
        self._store = store
        self._lasting = lasting
        self._renewed_every = renewed_every or lasting / 3

    def hold(self, subject: str) -> AbstractAsyncContextManager[Lease]:
        """Hold the lease on `subject` for the length of a `with` block.

        Raises:
            LeaseHeld: somebody else holds it.
        """
        return self._hold(subject)

    @asynccontextmanager
    async def _hold(self, subject: str) -> AsyncIterator[Lease]:
        lease = await self._acquire(subject)
        renewing = asyncio.create_task(lease.renew_for_ever(self._renewed_every))
        lease.renewing = renewing
        try:
            yield lease
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
            await lease.give_back()
        error = None if renewing.cancelled() else renewing.exception()
        if error is not None and not isinstance(error, LeaseLost):
            raise error

    async def _acquire(self, subject: str) -> "_HeldLease":
        row = await self._store.get(Table.USER_LEASES, escaped(subject), _ROW_KEY)
        last = None if row is None else _tenure(row)
        now = datetime.now(UTC)
        if last is not None and last.expires_at > now:
            raise LeaseHeld(
                "Another worker is busy with this person.", retry_after=last.expires_at - now
            )
        ours = _Tenure(
            holder=secrets.token_hex(_HOLDER_BYTES),
            fence=1 if last is None else last.fence + 1,
            expires_at=now + self._lasting,
        )
        try:
            if row is None:
                etag = await self._store.insert(Table.USER_LEASES, ours.row(subject))
            else:
                etag = await self._store.replace(Table.USER_LEASES, ours.row(subject), row.etag)
        except PreconditionFailed:
            found = await self._store.get(Table.USER_LEASES, escaped(subject), _ROW_KEY)
            if found is None or _tenure(found).holder != ours.holder:
                raise LeaseHeld("Another worker was faster.") from None
            etag = found.etag  # Our own write, whose answer was lost.
        return _HeldLease(self._store, subject, ours, etag, self._lasting)


class _HeldLease:
    """The port `Lease`."""

    def __init__(
        self, store: TableStore, subject: str, tenure: _Tenure, etag: str, lasting: timedelta
    ) -> None:
        self._store = store
        self._subject = subject
        self._tenure = tenure
        self._etag = etag
        self._lasting = lasting
        self.renewing: asyncio.Task[None] | None = None

    @property
    def subject(self) -> str:
        """Whom it is on."""
        return self._subject

    @property
    def fence(self) -> int:
        """The fencing number: higher than that of every earlier holder."""
        return self._tenure.fence

    async def confirm(self) -> None:
        """Make sure, at the store, that the lease is still ours.

        Raises:
            LeaseLost: somebody took it over, it ran out, or it is no longer being renewed.
        """
        if self.renewing is None or self.renewing.done():
            raise LeaseLost("The lease is no longer being renewed.")
        row = await self._read()
        if row is None or not self._is_ours(row):
            raise LeaseLost("Another worker has taken the lease over.")
        if _tenure(row).expires_at <= datetime.now(UTC):
            raise LeaseLost("The lease ran out.")

    async def renew_for_ever(self, every: timedelta) -> None:
        """Renew until cancelled.

        Raises:
            LeaseLost: somebody took the lease over.
        """
        while True:
            await asyncio.sleep(every.total_seconds())
            try:
                await self._write(datetime.now(UTC) + self._lasting)
            except StoreUnavailable as error:
                # The lease still holds for a while. The next round may succeed; if none does,
                # it runs out, and `confirm` says so.
                _log.warning("lease.not-renewed", why=error.code)

    async def give_back(self) -> None:
        """Let the next worker in at once. One that can't be given back runs out by itself."""
        try:
            await self._write(_RELEASED)
        except LeaseLost:
            _log.info("lease.was-taken-over")
        except StoreUnavailable as error:
            _log.warning("lease.not-given-back", why=error.code)

    async def _write(self, expires_at: datetime) -> None:
        wanted = replace(self._tenure, expires_at=expires_at)
        try:
            self._etag = await self._replace(wanted, self._etag)
        except PreconditionFailed:
            # Lost; or an earlier write of ours was carried out and its answer did not arrive.
            row = await self._read()
            if row is None or not self._is_ours(row):
                raise LeaseLost("Another worker has taken the lease over.") from None
            try:
                self._etag = await self._replace(wanted, row.etag)
            except PreconditionFailed:
                raise LeaseLost("Another worker is taking the lease over.") from None
        self._tenure = wanted

    async def _replace(self, tenure: _Tenure, etag: str) -> str:
        return await self._store.replace(Table.USER_LEASES, tenure.row(self._subject), etag)

    async def _read(self) -> StoredRow | None:
        return await self._store.get(Table.USER_LEASES, escaped(self._subject), _ROW_KEY)

    def _is_ours(self, row: StoredRow) -> bool:
        tenure = _tenure(row)
        return (tenure.holder, tenure.fence) == (self._tenure.holder, self._tenure.fence)
