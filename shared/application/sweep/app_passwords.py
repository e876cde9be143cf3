"""Reads the ledger of app passwords: for a run, for a part of the tenant, for one person.

It stands beside the verdict. So what can't be read of it for good makes numbers unknown, and no
run fails for it.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.application.ports.clock import Clock
from shared.application.ports.ledger import Ledger
from shared.domain.alive import Alive, LedgerLines, LedgerTime, time_of
from shared.domain.authentication import Unknown
from shared.domain.errors.storage import StoreDenied, UnreadableRow
from shared.domain.ids import UserId
from shared.domain.sweep.slices import Slice

_FOR_GOOD = (StoreDenied, UnreadableRow)
"""No wait mends these."""


@dataclass(frozen=True, slots=True)
class ReadAppPasswords:
    """Reads how many app passwords are alive. Each method raises StoreUnavailable."""

    ledger: Ledger
    clock: Clock

    async def time(self) -> LedgerTime | Unknown:
        """Of what time it can be believed now; `Unknown` where it may not or can't be read."""
        try:
            return time_of(await self.ledger.coverage(), self.clock.now())
        except _FOR_GOOD as error:
            return Unknown(error.detail)

    async def part(self, part: Slice, time: LedgerTime) -> LedgerLines:
        """What it has about the people of a part, of a time that was read before."""
        if time.span is None:
            return LedgerLines(time)
        try:
            return LedgerLines(time, await self.ledger.of_part(part))
        except _FOR_GOOD as error:
            return LedgerLines(time, Unknown(error.detail))

    async def person(self, user: UserId, made: datetime | None) -> Alive:
        """How many app passwords of one person are alive.

        Args:
            user: who, in small letters.
            made: when the account was made; None where the directory does not tell.
        """
        time = await self.time()
        if isinstance(time, Unknown):
            return Alive(doubt=time)
        try:
            return LedgerLines(time, {user: await self.ledger.of(user)}).alive(user, made)
        except _FOR_GOOD as error:
            return Alive(doubt=Unknown(error.detail))
