"""Everybody around the app: the HR system, the directory, its people and the operators."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Final, Self

import httpx

from local.stack.description import Description
from tests.builders import ROOMY_SETTINGS
from tests.e2e.operators import Operators
from tests.e2e.sources import Sources
from tests.e2e.tenant import Json, SimulatedTenant
from tests.e2e.waiting import PATIENCE, eventually
from tests.e2e.work import Work

__all__ = ["QUICK", "Company", "Json"]

QUICK: Final = {
    **ROOMY_SETTINGS,
    "MFA_READ_BACK_SECONDS": "0,0.2,0.5",
    "MFA_CHECK_FIRST_SECONDS": "20",
    "MFA_RETRY_FIRST_SECONDS": "0.5",
    "MFA_LEASE_SECONDS": "2",
    "MFA_MINIMUM_GRACE_HOURS": "1",
}
"""The app's intervals, scaled down."""

ENDED: Final = frozenset({"completed", "ended", "parked", "refused", "cancelled"})
_STRIDE: Final = 10.0
"""Seconds that the stack clock moves at each look while cases have to go on."""
_STEP: Final = 1.0
"""The same while the app is at work."""
_BREATH: Final = 0.2
"""Seconds of real time that are left to an app at work before the next look, which takes its share
of the same machine."""


class Company(Sources, Operators, SimulatedTenant):
    """One company whose HR system and directory are connected to a running stack.

    Args:
        stack: where everything is; addresses outlive the restart of any part.
        on_answer: given every answer of the app.
    """

    def __init__(
        self,
        stack: Description,
        *,
        on_answer: Callable[[httpx.Response], Awaitable[None]] | None = None,
    ) -> None:
        Sources.__init__(self, stack, on_answer=on_answer)
        SimulatedTenant.__init__(self, stack.graph)
        self._work = Work(stack.service_bus)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._app.aclose()
        await self._graph.aclose()
        await self._work.close()

    async def advance(self, seconds: float) -> None:
        """Move the stack's time on, once the app rests.

        However slow the machine, it never finds that hours have gone by in the midst of its work.
        """
        await self.rests()
        await self.turn_clock(seconds)

    async def let_pass(self, seconds: float) -> None:
        """Move the stack's time on by so much; by a moment only while the app is at work."""
        if not await self.is_at_work():
            await self.turn_clock(seconds)
            return
        await self.turn_clock(min(seconds, _STEP))
        await asyncio.sleep(_BREATH)

    async def rests(self, *, soon: timedelta = timedelta(0), within: float = PATIENCE) -> None:
        """Wait until the app has done what is due.

        Args:
            soon: what is put off for no longer (a busy lease, a second try) is due, too.
            within: seconds.
        """

        async def at_rest() -> bool:
            now = await self.now()
            if await self._work.is_left(now):
                return False
            if await self._work.is_left(now + soon):
                await self.turn_clock(soon.total_seconds() / 4)
                return False
            return True

        await eventually(at_rest, "the app rests", within=within, pause=_BREATH)

    async def is_at_work(self) -> bool:
        """Whether the app has something to do just now."""
        return await self._work.is_left(await self.now())

    async def reach(
        self,
        case_ids: Iterable[str],
        *states: str,
        stride: float = _STRIDE,
        within: float = PATIENCE,
    ) -> dict[str, Json]:
        """Wait until every case is in one of these states.

        Args:
            case_ids: the cases.
            states: where they should get.
            stride: how far the stack clock moves at each look at an app that rests, so that no wait
                is sat out.
            within: seconds.
        """
        reached: dict[str, Json] = {}
        for case_id in case_ids:

            async def there(case_id: str = case_id) -> Json | None:
                case = await self.case(case_id)
                if case["state"] in states:
                    return case
                assert case["state"] not in ENDED, f"not {states}: {case}"
                if stride:
                    await self.let_pass(stride)
                return None

            reached[case_id] = await eventually(
                there, f"case {case_id} is {' or '.join(states)}", within=within, pause=_BREATH
            )
        return reached
