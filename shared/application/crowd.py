"""Many tickets about one person: whoever holds the person settles some of the others, too."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

from shared.application.ports.cases import CaseLists, Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.domain.cases import Case
from shared.domain.reset.joining import comes_along, held_up

_AT_ONCE: Final = 20
"""So many of them take a second or two, in which nobody else can write about the person."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Finds the resets that a case can settle by the way.

    They would else keep each other from the person: one of them at a time is worked on, and all
    others come in vain, time and again.
    """

    cases: Cases
    lists: CaseLists
    clock: Clock

    async def __call__(self, case: Case) -> AsyncIterator[StoredCase]:
        """Resets of the same person that have something to do now that a case has come to a state.

        Args:
            case: as it stands, under the lease on its person.
        """
        state = held_up(case)
        if state is None or case.user_id is None:
            return
        # Who has joined one that has joined another comes after it: the list has the newest first.
        over = {case.case_id, case.reset.joined}
        for line in await self.lists.resets_of(case.user_id, state, _AT_ONCE):
            stored = await self.cases.load(line.case_id)
            if stored is not None and comes_along(stored.case, case, over, self.clock.now()):
                over.add(stored.case.case_id)
                # What it waited for has come.
                yield replace(stored, case=replace(stored.case, wait_until=None))
