"""Make sure that a pass which nobody was given does not stay."""

from dataclasses import dataclass
from typing import Final

from shared.application.holding import Holding
from shared.application.looking import capability
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.directory import Directory
from shared.application.ports.leases import Lease
from shared.application.ports.passes import Collections, Passes
from shared.domain.authentication import AuthenticationMethod, MethodType
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import UserId
from shared.domain.passes.given import Collection
from shared.domain.passes.withdrawing import (
    expired,
    not_withdrawn,
    removed,
    seen_gone,
    withdrawn,
)
from shared.domain.transitions import Transition
from shared.telemetry import EventLog

MOST_AT_ONCE: Final = 100

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class WithdrawPass:
    """Removes what a collection that did not end may have left, step by step."""

    cases: Cases
    collections: Collections
    directory: Directory
    passes: Passes
    clock: Clock

    async def __call__(
        self, stored: StoredCase, collection: Collection, lease: Lease
    ) -> StoredCase | None:
        """Look, remove, look again; call it once more a while later.

        Args:
            stored: the case.
            collection: the record of the collection.
            lease: the caller's lease on the person.

        Returns:
            The case once it is certain that no pass is left; None where that needs another look.

        Raises:
            LifecycleError: a read or a removal failed. The case says so, and the record stays.
        """
        try:
            gone = await self._remove(stored, collection.user_id, lease)
        except LifecycleError as error:
            if self.clock.now() >= collection.ends_at:
                return await self._end(stored, collection, expired(stored.case, self.clock.now()))
            failed = not_withdrawn(stored.case, stored.steps, error, self.clock.now())
            if failed is not None:
                await self.cases.save(stored, failed)
            raise
        if not gone:
            return None
        now = self.clock.now()
        going_on = seen_gone(collection, now)
        if going_on is None:
            return await self._end(stored, collection, withdrawn(stored.case, collection, now))
        if going_on != collection:
            await self.collections.put(going_on)
            await self.cases.save(stored, removed(stored.case, now))
        return None

    async def _remove(self, stored: StoredCase, user: UserId, lease: Lease) -> bool:
        """Remove every pass that is there; whether the last look found none."""
        found = await self._passes_of(user)
        for method in found:
            await self.passes.delete(
                user, method.method_id, capability=capability(stored.case), lease=lease
            )
        return not found or not await self._passes_of(user)

    async def _passes_of(self, user: UserId) -> list[AuthenticationMethod]:
        try:
            methods = await self.directory.methods(user)
        except AccountNotVisible:
            return []  # Who is gone signs in with nothing.
        return [one for one in methods if one.method_type is MethodType.TEMPORARY_ACCESS_PASS]

    async def _end(
        self, stored: StoredCase, collection: Collection, transition: Transition
    ) -> StoredCase:
        stored = await self.cases.save(stored, transition)
        await self.collections.remove(collection.case_id)
        return stored


@dataclass(frozen=True, slots=True)
class WithdrawPasses:
    """Makes good what a process that died, or a Graph that was away, has left."""

    cases: Cases
    holding: Holding
    collections: Collections
    withdraw: WithdrawPass

    async def __call__(self) -> int:
        """Go on with every collection that did not end.

        One that can't be looked at does not keep the others waiting.

        Returns:
            How many there were.

        Raises:
            StoreUnavailable: the records can't be read; the next run tries again.
        """
        unfinished = await self.collections.unfinished(MOST_AT_ONCE)
        for collection in unfinished:
            try:
                await self._go_on(collection)
            except StoreUnavailable:
                raise
            except LifecycleError as error:
                _log.warning("pass.not-withdrawn", case_id=collection.case_id, code=error.code)
        return len(unfinished)

    async def _go_on(self, collection: Collection) -> None:
        stored = await self.cases.load(collection.case_id)
        if stored is None:
            # Cases outlive passes by months, so there is none left that somebody could use.
            await self.collections.remove(collection.case_id)
            return
        async with self.holding.hold(stored) as (held, lease):
            # While it was waited for, whoever collects may have come to the end.
            current = await self.collections.get(collection.case_id)
            if current is not None:
                await self.withdraw(held, current, lease)
