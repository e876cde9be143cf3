"""What our cases have on record about people."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.application.ports.cases import CaseLists, Cases
from shared.domain.authentication import Unknown
from shared.domain.cases import OPEN, CaseState, Step
from shared.domain.errors.storage import UnreadableRow
from shared.domain.ids import UserId
from shared.domain.ledger import Span
from shared.domain.sweep.reconciling import CLOCKS_DIFFER, was_written
from shared.telemetry import EventLog

AT_ONCE: Final = 16
"""People whose cases are read side by side."""
MOST: Final = 200
"""Cases about one person that are read; of whom there are more, nobody can tell."""
_MAY_HAVE_WRITTEN: Final = OPEN | {CaseState.COMPLETED}

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class ReadAnnounced:
    """Reads the audit entries of cases, by person.

    Attributes:
        most: cases about one person that are read.
    """

    cases: Cases
    lists: CaseLists
    most: int = MOST

    async def __call__(
        self, people: Collection[UserId], until: datetime
    ) -> Mapping[UserId, Sequence[Step] | Unknown]:
        """The audit entries of the cases about each of these people.

        Args:
            people: whose.
            until: cases that were accepted later count for nothing.

        Raises:
            StoreUnavailable: they can't be read.
        """
        at_once = asyncio.Semaphore(AT_ONCE)

        async def of(person: UserId) -> Sequence[Step] | Unknown:
            async with at_once:
                try:
                    return await self._of(person, until + CLOCKS_DIFFER)
                except UnreadableRow as error:
                    _log.warning("announced.unreadable", user_id=person, code=error.code)
                    return Unknown(f"{error.code}: {error.detail}")

        whose = sorted(people)
        return dict(zip(whose, await asyncio.gather(*map(of, whose)), strict=True))

    async def anything_in(self, span: Span) -> bool:
        """Whether one of the cases that moved last in a time made a change that the log shows.

        Raises:
            StoreUnavailable: they can't be read.
        """
        page = await self.lists.in_states(_MAY_HAVE_WRITTEN, None)
        moved = [one for one in page.cases if span.since <= one.updated_at <= span.until]
        for line in moved[:AT_ONCE]:
            try:
                stored = await self.cases.load(line.case_id)
            except UnreadableRow:
                continue
            if stored is not None and was_written(stored.steps, span):
                return True
        return False

    async def _of(self, person: UserId, until: datetime) -> Sequence[Step] | Unknown:
        steps: list[Step] = []
        token: str | None = None
        read = 0
        while True:
            page = await self.lists.of_user(person, token)
            for line in page.cases:
                if line.created_at > until:
                    continue
                if read == self.most:
                    return Unknown(f"There are more than {self.most} cases.")
                read += 1
                stored = await self.cases.load(line.case_id)
                if stored is None:
                    return Unknown("A case is listed and gone.")
                steps += stored.steps
            token = page.next_token
            if token is None:
                return steps
