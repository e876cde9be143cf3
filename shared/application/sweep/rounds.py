"""A round of the second stage: some pages of everything that is read, side by side."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.application.ports.sweep import PeopleSource, RowPage
from shared.application.sweep.filling import Filling
from shared.application.sweep.members import ReadMembers, read_members
from shared.application.sweep.reading import GoesOn, Read, read_on
from shared.domain.errors import LifecycleError
from shared.domain.sweep.rows import PersonRow, RegistrationRow
from shared.domain.sweep.runs import Run, Stream

PAGES: Final = 25
"""Pages of all streams in a round: so much is read again if a worker dies, and fits into memory."""


@dataclass(slots=True)
class Round:
    """What a round has read.

    Attributes:
        live: what was read of what people have registered where there is no report.
    """

    people: Read[PersonRow]
    registrations: Read[RegistrationRow]
    members: ReadMembers
    live: list[RegistrationRow]

    @property
    def trouble(self) -> LifecycleError | None:
        """What is in the way and may pass."""
        streams = (self.people, self.registrations, self.members)
        return next((one.trouble for one in streams if one.trouble is not None), None)

    def give_up(self) -> None:
        """Go on without what is in the way."""
        self.people.give_up()
        self.registrations.give_up()
        self.members.give_up()


@dataclass(frozen=True, slots=True)
class ReadRound:
    """Reads a round.

    Attributes:
        monotonic: seconds that never go back.
        live_most: of how many people what they have registered is read one by one, in a tenant
            without a registration report.
        pages: pages in a round.
    """

    people: PeopleSource
    filling: Filling
    monotonic: Callable[[], float]
    live_most: int
    pages: int = PAGES

    async def __call__(self, run: Run, ends: float) -> Round:
        """Read on from where a run is.

        Args:
            run: the run.
            ends: when there is no time for another page, by the monotonic clock.
        """
        goes_on = self._counted(ends)
        registrations = await self._first_registrations(run, goes_on)
        if registrations.trouble is not None:
            return Round(
                people=Read(run.cursors[Stream.PEOPLE]),
                registrations=registrations,
                members=ReadMembers(run.groups, run.cursors[Stream.MEMBERS]),
                live=[],
            )
        live: list[RegistrationRow] = []
        by_report = registrations.cursor.failed is None or run.people > self.live_most

        async def people(page: str | None) -> RowPage[PersonRow]:
            found = await self.people.people(page)
            rows = await self.filling.states(found.rows)
            if not by_report:
                live.extend(await self.filling.methods(rows))
            return RowPage(rows, found.following)

        first = registrations.rows
        seen, registrations, members = await asyncio.gather(
            read_on(people, run.cursors[Stream.PEOPLE], goes_on),
            read_on(self.people.registrations, registrations.cursor, goes_on),
            read_members(self.people, run.groups, run.cursors[Stream.MEMBERS], goes_on),
        )
        registrations.rows[:0] = first
        return Round(seen, registrations, members, live)

    def _counted(self, ends: float) -> GoesOn:
        """Whether there is another page in a round, which counts as soon as it is asked for."""
        left = self.pages

        def goes_on() -> bool:
            nonlocal left
            left -= 1
            return left >= 0 and self.monotonic() < ends

        return goes_on

    async def _first_registrations(self, run: Run, goes_on: GoesOn) -> Read[RegistrationRow]:
        """The first page of the report: whether there is one decides how people are read."""
        cursor = run.cursors[Stream.REGISTRATIONS]
        if cursor.pages or cursor.done:
            return Read(cursor)
        only_one = iter((True,))
        return await read_on(
            self.people.registrations, cursor, lambda: next(only_one, False) and goes_on()
        )
