"""Take in webhooks: quickly, once, and never losing what was acknowledged."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Generic, TypeVar

from shared.application.dispatch import Dispatch
from shared.application.opening import OpenCase, Order
from shared.application.ports.cases import StoredCase
from shared.application.ports.control import Suspensions
from shared.application.ports.sources import Source, Verified
from shared.contracts.commands import AdvanceCase
from shared.domain.cases import Case
from shared.domain.errors import LifecycleError
from shared.domain.errors.requests import BodyTooLarge, SourceSuspended, UnknownSource
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import SourceName
from shared.telemetry import EventLog

MOST_BYTES: Final = 256 * 1024
STORE_LIMIT: Final = timedelta(seconds=2)
"""A webhook is answered within three seconds, so the store has this long."""

Item = TypeVar("Item")
"""What a source tells of: HR events, or tickets."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class AcceptWebhook(Generic[Item]):
    """Turns a signed webhook into cases, and commands to take them up.

    Attributes:
        order_of: what one item of a body asks for.
    """

    sources: Mapping[SourceName, Source[Item]]
    suspensions: Suspensions
    order_of: Callable[[Source[Item], Verified, Item], Order]
    open_case: OpenCase
    dispatch: Dispatch

    async def __call__(
        self, name: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Case, ...]:
        """Accept the items of one request.

        Each item is stored on its own. Where one of them can't be, the others are all the same,
        and the request is refused as that one is: sent again, it meets what is stored as known.

        Args:
            name: the source, as the address names it.
            headers: the request's headers, in lower case.
            body: the request's raw body.

        Returns:
            The case of each item, new or known, in the body's order; none where the vendor tells
            of nothing that is ours.

        Raises:
            BodyTooLarge: the body is larger than 256 KiB.
            UnknownSource: there is no such source.
            InvalidSignature: nobody who knows a secret of the source signed this body just now.
            SourceSuspended: an operator turned the source away.
            InvalidEvent: the body holds an item that this source may not send, or none.
            IdempotencyConflict: an item's id came before, with other content.
            VolumeExceeded: the source has sent as many new items today as it may.
            StoreUnavailable: an item could not be stored; nothing was acknowledged.
        """
        if len(body) > MOST_BYTES:
            raise BodyTooLarge(f"The body has {len(body)} bytes.")
        source = self.sources.get(SourceName(name))
        if source is None:
            raise UnknownSource("No source of this name is configured.")
        verified = source.scheme.verify(body, headers)
        received = source.reader.read(body, verified.signed_at)
        if not received:
            _log.info("source.ignored", source=source.name)
            return ()
        orders = [self.order_of(source, verified, one) for one in received]
        try:
            async with asyncio.timeout(STORE_LIMIT.total_seconds()):
                if await self.suspensions.is_suspended(source.name):
                    raise SourceSuspended("Webhooks of this source are turned away.")
                outcomes = await asyncio.gather(*(self._outcome(order) for order in orders))
        except TimeoutError as error:
            raise StoreUnavailable("The store did not answer in time.") from error
        stored = [outcome for outcome in outcomes if not isinstance(outcome, LifecycleError)]
        # Side by side: while the broker is away, each of them waits for it.
        await asyncio.gather(
            *(self.dispatch.soon(AdvanceCase.of(one.case)) for one, fresh in stored if fresh)
        )
        for outcome in outcomes:
            if isinstance(outcome, LifecycleError):
                raise outcome
        return tuple(one.case for one, _ in stored)

    async def _outcome(self, order: Order) -> tuple[StoredCase, bool] | LifecycleError:
        try:
            return await self.open_case(order)
        except LifecycleError as error:
            return error
