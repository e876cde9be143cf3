"""All that is on record about a person: the other cases that name them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from shared.application.ports.cases import CaseLists, Cases, Page
from shared.domain.cases import Case
from shared.domain.errors.cases import TooManyCases
from shared.domain.ids import CaseId
from shared.domain.plans import ResetPlan, told_as

MOST: Final = 1000
"""More cases than a system that tells of everybody every night makes of one person in two years."""
_READ_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class OtherCases:
    """Finds the other cases about a case's person, to the last one.

    Attributes:
        cases: the cases.
        lists: where they are listed by person.
        most: how many lines of a person are read; who has more is looked at by a human.
    """

    cases: Cases
    lists: CaseLists
    most: int = MOST

    async def __call__(self, case: Case) -> tuple[Case, ...]:
        """The other cases about the person, as they stand.

        Raises:
            TooManyCases: there are more than can be read, so nobody can tell which of them counts.
        """
        found: set[CaseId] = set()
        if case.user_id is not None and isinstance(case.plan, ResetPlan):
            found |= await self._all(partial(self.lists.beside_reset, case.user_id))
            if case.reset.joined is not None:
                found.add(case.reset.joined)
        elif case.user_id is not None:
            found |= await self._all(partial(self.lists.of_user, case.user_id))
        if (told := told_as(case.plan)) is not None:
            found |= await self._all(partial(self.lists.told_as, told))
        at_once = asyncio.Semaphore(_READ_AT_ONCE)

        async def read(case_id: CaseId) -> Case | None:
            async with at_once:
                stored = await self.cases.load(case_id)
            return None if stored is None else stored.case

        read_back = await asyncio.gather(*map(read, sorted(found - {case.case_id})))
        return tuple(other for other in read_back if other is not None)

    async def _all(self, page_of: Callable[[str | None], Awaitable[Page]]) -> set[CaseId]:
        found: set[CaseId] = set()
        token = None
        while True:
            page = await page_of(token)
            found |= {line.case_id for line in page.cases}
            if len(found) > self.most:
                raise TooManyCases(f"More than {self.most} cases are about the person.")
            if page.next_token is None:
                return found
            token = page.next_token
