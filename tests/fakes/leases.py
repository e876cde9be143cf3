"""Leases in memory, in real time like the real ones."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from shared.application.ports.leases import Lease
from shared.domain.errors.storage import LeaseHeld, LeaseLost
from tests.fakes.switch import Switch


@dataclass(slots=True, kw_only=True)
class _Tenure:
    holder: str
    fence: int
    expires: float


class FakeLeases(Switch):
    """The port `Leases`.

    Args:
        lasting: how long a lease holds.
        renewed_every: how often it is renewed; if not within that time, it runs out.
    """

    def __init__(
        self,
        *,
        lasting: timedelta = timedelta(seconds=60),
        renewed_every: timedelta | None = None,
    ) -> None:
        super().__init__()
        self._lasting = lasting.total_seconds()
        self._renewed = renewed_every is None or renewed_every < lasting
        self._tenures: dict[str, _Tenure] = {}

    def of_another_process(
        self,
        *,
        lasting: timedelta = timedelta(seconds=60),
        renewed_every: timedelta | None = None,
    ) -> "FakeLeases":
        """The same leases, as another process with other times sees them."""
        other = FakeLeases(lasting=lasting, renewed_every=renewed_every)
        other._tenures = self._tenures
        return other

    def hold(self, subject: str) -> AbstractAsyncContextManager[Lease]:
        """Hold the lease on `subject` for the length of a `with` block."""
        return self._hold(subject)

    @asynccontextmanager
    async def _hold(self, subject: str) -> AsyncIterator[Lease]:
        self.reach()
        now = asyncio.get_running_loop().time()
        last = self._tenures.get(subject)
        if last is not None and last.expires > now:
            raise LeaseHeld("Another worker is busy with this person.")
        holder = secrets.token_hex(8)
        self._tenures[subject] = _Tenure(
            holder=holder,
            fence=1 if last is None else last.fence + 1,
            expires=float("inf") if self._renewed else now + self._lasting,
        )
        try:
            yield _FakeLease(self, self._tenures, subject)
        finally:
            if self._tenures[subject].holder == holder:
                self._tenures[subject].expires = 0.0


class _FakeLease:
    def __init__(self, store: Switch, tenures: dict[str, _Tenure], subject: str) -> None:
        self._store = store
        self._tenures = tenures
        self._subject = subject
        self._ours = tenures[subject]

    @property
    def subject(self) -> str:
        return self._subject

    @property
    def fence(self) -> int:
        return self._ours.fence

    async def confirm(self) -> None:
        self._store.reach()
        if self._tenures[self._subject] is not self._ours:
            raise LeaseLost("Another worker has taken the lease over.")
        if self._ours.expires <= asyncio.get_running_loop().time():
            raise LeaseLost("The lease ran out.")
