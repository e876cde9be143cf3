"""All that is on record about a person: the other cases that name them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Final

from shared.application.ports.cases import CaseLists, Cases, Page
from shared.domain.accounts import Account
from shared.domain.cases import Case
from shared.domain.errors.cases import TooManyCases
from shared.domain.ids import CaseId, UserId
from shared.domain.people.announced import is_beyond, may_mean, words_for
from shared.domain.plans import ResetPlan, told_as
from shared.domain.reset.joining import before, carrier

MOST: Final = 1000
"""More cases than a system that tells of everybody every night makes of one person in two years."""
_READ_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class OtherCases:
    """Finds the other cases about a case's person, as far as they count.

    Attributes:
        cases: the cases.
        lists: where they are listed by person.
        most: how many lines of a person are read; who has more is looked at by a human.
    """

    cases: Cases
    lists: CaseLists
    most: int = MOST

    async def __call__(self, case: Case, account: Account | None = None) -> tuple[Case, ...]:
        """The other cases about the person, as they stand.

        Of other resets that have done nothing yet only one counts for a reset: the one that does
        its work. Nor does it matter to a reset what HR has announced: it matters from its day on,
        and then it is known whom it is about.

        Args:
            case: whose person it is about.
            account: theirs, where it was read: what HR has announced about them is known by their
                sign-in name or their number alone.

        Raises:
            TooManyCases: there are more than can be read, so nobody can tell which of them counts.
        """
        if isinstance(case.plan, ResetPlan):
            return () if case.user_id is None else await self._beside_reset(case, case.user_id)
        own = told_as(case.plan)
        words = {*(() if own is None else (own,)), *(() if account is None else words_for(account))}
        found: set[CaseId] = set()
        # By HR's words first: a case that finds its person meanwhile is listed by object id then.
        for told in sorted(words):
            found |= await self._all(partial(self.lists.told_as, told))
        known: set[CaseId] = set()
        if case.user_id is not None:
            known = await self._all(partial(self.lists.of_user, case.user_id))
        read = await self._read((found | known) - {case.case_id})
        return tuple(
            other for other in read if other.case_id in known or _may_be_theirs(other, own, account)
        )

    async def _beside_reset(self, case: Case, user: UserId) -> tuple[Case, ...]:
        """A thousand tickets about one person would read a million cases, one after the other.

        So the lines say which of them may count, and that one itself has the last word.
        """
        lines = await self.lists.beside_reset(user, self.most + 1)
        self._check(lines)
        counting = {line.case_id for line in lines if line.untouched is None}
        if case.reset.joined is not None:
            counting.add(case.reset.joined)
        found = await self._read(counting - {case.case_id})
        if carrier(case, found) is not None:
            return found  # It has begun, and so goes before those that have not.
        untouched = (line.untouched for line in lines if line.case_id != case.case_id)
        for waiting in before(case, filter(None, untouched)):
            (other,) = await self._read({waiting.case_id}) or (None,)
            if other is not None and carrier(case, [other]) is not None:
                return (*found, other)
        return found

    async def _read(self, wanted: Collection[CaseId]) -> tuple[Case, ...]:
        at_once = asyncio.Semaphore(_READ_AT_ONCE)

        async def read(case_id: CaseId) -> Case | None:
            async with at_once:
                stored = await self.cases.load(case_id)
            return None if stored is None else stored.case

        read_back = await asyncio.gather(*map(read, sorted(wanted)))
        return tuple(other for other in read_back if other is not None)

    async def _all(self, page_of: Callable[[str | None], Awaitable[Page]]) -> set[CaseId]:
        found: set[CaseId] = set()
        token = None
        while True:
            page = await page_of(token)
            found |= {line.case_id for line in page.cases}
            self._check(found)
            if page.next_token is None:
                return found
            token = page.next_token

    def _check(self, found: Collection[object]) -> None:
        if len(found) > self.most:
            raise TooManyCases(f"More than {self.most} cases are about the person.")


def _may_be_theirs(other: Case, own: str | None, account: Account | None) -> bool:
    """Whether a case that was found by HR's words may be about the person of these."""
    same = told_as(other.plan) == own
    if account is not None and may_mean(other, account):
        return True
    # A number stays one person's, whatever account they have; a name changes hands.
    numbered = other.user_id is None or other.plan.employee_id is not None
    return same and numbered and (account is None or not is_beyond(other, account))
