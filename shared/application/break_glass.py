"""Nothing is changed before the way back in is known to exist (safety rule S2)."""

import asyncio
from collections.abc import Callable
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.control import Modes
from shared.application.ports.directory import Directory
from shared.application.ports.people import BreakGlass
from shared.application.ports.registries import Registries
from shared.application.recent import Recent
from shared.domain.accounts import Account, NoAccount
from shared.domain.control import Capability, Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.control import BreakGlassMissing
from shared.domain.ids import UserId
from shared.domain.people.administrators import FEWEST_BREAK_GLASS, check_break_glass
from shared.domain.registries import Registry
from shared.telemetry import EventLog

PRESENT_FOR: Final = 600.0
"""Seconds for which two accounts that were found are believed to be there."""
MISSING_FOR: Final = 30.0
"""Seconds for which nobody looks again after fewer were found."""

_log = EventLog(__name__)


class ResolvedBreakGlass:
    """The port `BreakGlass` over the setting, the registry and the directory.

    Args:
        directory: knows whether an entry's account exists.
        registries: the entries beside those of the setting.
        configured: object ids that the setting names, in small letters.
        clock: decides which entries have expired.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(
        self,
        *,
        directory: Directory,
        registries: Registries,
        configured: frozenset[UserId],
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._directory = directory
        self._registries = registries
        self._configured = configured
        self._clock = clock
        self._present: Recent[None, int] = Recent(PRESENT_FOR, 1, monotonic)
        self._missing: Recent[None, str] = Recent(MISSING_FOR, 1, monotonic)
        self._looking = asyncio.Lock()

    async def check(self) -> None:
        """Return if two break-glass entries resolve to accounts."""
        async with self._looking:
            if self._present.get(None) is not None:
                return
            known, began = self._missing.get(None), self._present.now()
            if known is not None:
                raise BreakGlassMissing(known)
            error = await self._look()
            if error is not None:
                self._missing.put(None, error.detail, at=began)
                raise error
            self._present.put(None, FEWEST_BREAK_GLASS, at=began)

    async def _look(self) -> BreakGlassMissing | None:
        entries = await self._registries.entries(Registry.PROTECTED)
        now = self._clock.now()
        registered = {user for user, entry in entries.items() if entry.counts(now)}
        found: list[Account | NoAccount] = []
        for user in sorted(self._configured | registered):
            found.append(await self._directory.find_account(user))
            if check_break_glass(found) is None:
                break
        return check_break_glass(found)


class SafeModes:
    """The `Modes` port whose `act` is worth nothing while break-glass accounts are missing.

    A capability that may act rests until two of them resolve. It does not observe: cases would
    come to an end without anything done about people whom somebody meant to protect.

    Args:
        modes: what operators decided.
        break_glass: whether the directory may be changed at all.
    """

    def __init__(self, modes: Modes, break_glass: BreakGlass) -> None:
        self._modes = modes
        self._break_glass = break_glass

    async def mode(self, capability: Capability) -> Mode:
        """The mode of a capability."""
        mode = await self._modes.mode(capability)
        if mode is not Mode.ACT:
            return mode
        try:
            await self._break_glass.check()
        except LifecycleError as error:
            _log.warning("break-glass.missing", capability=capability, code=error.code)
            return Mode.STOP
        return Mode.ACT
