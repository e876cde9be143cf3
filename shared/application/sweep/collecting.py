"""The second stage: everybody, what they have registered, and who is in which group.

It works in rounds. What a round has read is staged as one chunk; then the run says how far it is,
and that this chunk counts. What a worker staged that died between the two counts for nobody.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, Staged, Staging, StoredRun
from shared.application.ports.sweep import PeopleSource, RowPage
from shared.application.sweep.filling import Filling
from shared.application.sweep.members import ReadMembers, read_members
from shared.application.sweep.reading import GoesOn, Read, read_on
from shared.domain.errors import LifecycleError
from shared.domain.sweep.rows import MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import Problem, Run, Stage, Stream
from shared.domain.sweep.slices import Slice, by_first_digits

PAGES: Final = 25
"""Pages of all streams in a round: so much is read again if a worker dies, and fits into memory."""
_NEARLY_ALL: Final = 0.9
"""Of the people who were counted; some come and go while the list is read."""
LASTS: Final = timedelta(minutes=3)
"""How long a message is worked on; the next one goes on."""


@dataclass(slots=True)
class _Round:
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
class Collect:
    """Reads page by page.

    Attributes:
        monotonic: seconds that never go back.
        live_most: of how many people what they have registered is read one by one, in a tenant
            without a registration report.
        pages: pages in a round.
    """

    people: PeopleSource
    filling: Filling
    staging: Staging
    runs: Runs
    clock: Clock
    monotonic: Callable[[], float]
    live_most: int
    pages: int = PAGES

    async def __call__(self, stored: StoredRun, *, last_try: bool) -> StoredRun:
        """Go on until everything is read, or time is up.

        Args:
            stored: the run.
            last_try: whether to go on without what is in the way.

        Raises:
            Conflict: another worker goes on with the run.
            LifecycleError: something is in passing trouble; what was read before is kept.
        """
        ends = self.monotonic() + LASTS.total_seconds()
        while stored.run.stage is Stage.COLLECT and self.monotonic() < ends:
            found = await self._read(stored.run, ends)
            trouble = found.trouble
            if last_try:
                found.give_up()
            stored = await self._keep(stored, found)
            if trouble is not None and not last_try:
                raise trouble
            # What else is in the way has attempts of its own.
            last_try = False
        return stored

    async def _read(self, run: Run, ends: float) -> _Round:
        left = self.pages

        def goes_on() -> bool:
            nonlocal left
            left -= 1
            return left >= 0 and self.monotonic() < ends

        registrations = await self._first_registrations(run, goes_on)
        if registrations.trouble is not None:
            return _Round(
                people=Read(run.cursors[Stream.PEOPLE]),
                registrations=registrations,
                members=ReadMembers(run.groups, run.cursors[Stream.MEMBERS]),
                live=[],
            )
        live: list[RegistrationRow] = []
        by_report = not registrations.cursor.failed or run.people > self.live_most

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
        return _Round(seen, registrations, members, live)

    async def _first_registrations(self, run: Run, goes_on: GoesOn) -> Read[RegistrationRow]:
        """The first page of the report: whether there is one decides how people are read."""
        cursor = run.cursors[Stream.REGISTRATIONS]
        if cursor.pages or cursor.done:
            return Read(cursor)
        only_one = iter((True,))
        return await read_on(
            self.people.registrations, cursor, lambda: next(only_one, False) and goes_on()
        )

    async def _keep(self, stored: StoredRun, found: _Round) -> StoredRun:
        run = stored.run
        rows = _by_part(found, run.slices)
        chunk = f"{len(run.chunks):05d}-{secrets.token_hex(4)}"
        if rows:
            await self.staging.keep(run.run_id, chunk, rows)
        after = replace(
            run,
            cursors={
                Stream.PEOPLE: found.people.cursor,
                Stream.REGISTRATIONS: found.registrations.cursor,
                Stream.MEMBERS: found.members.cursor,
            },
            groups=tuple(found.members.left),
            unread=(*run.unread, *found.members.unread),
            chunks=(*run.chunks, *((chunk,) if rows else ())),
        )
        if after == run:
            return stored
        after = replace(_ended(after) if after.is_read else after, updated_at=self.clock.now())
        return await self.runs.save(stored, after)


def _ended(run: Run) -> Run:
    """The run after everything was read that can be."""
    everybody = run.cursors[Stream.PEOPLE]
    if not everybody.failed and everybody.rows < _NEARLY_ALL * run.people:
        early = f"The list ended after {everybody.rows} of some {run.people} people."
        cursors = {**run.cursors, Stream.PEOPLE: replace(everybody, failed=early)}
        run = replace(run, cursors=cursors)
    streams = (
        Problem(what=stream.value, reason=cursor.failed)
        for stream, cursor in run.cursors.items()
        if cursor.failed
    )
    groups = (
        Problem(
            what=f"group {one.group_id}", reason=f"Nobody can tell who is bound to it ({one.link})."
        )
        for one in run.unread
    )
    return replace(run, stage=Stage.EVALUATE, problems=(*run.problems, *streams, *groups))


@dataclass(slots=True)
class _Part:
    """What a round has read of a part of the tenant."""

    people: list[PersonRow] = field(default_factory=list)
    registrations: list[RegistrationRow] = field(default_factory=list)
    members: list[MemberRow] = field(default_factory=list)


def _by_part(found: _Round, of: int) -> dict[Slice, Staged]:
    parts: defaultdict[Slice, _Part] = defaultdict(_Part)
    part_of = by_first_digits(of)
    for person in found.people.rows:
        parts[part_of[person.user_id[:2]]].people.append(person)
    for registration in (*found.registrations.rows, *found.live):
        parts[part_of[registration.user_id[:2]]].registrations.append(registration)
    for member in found.members.rows:
        parts[part_of[member.user_id[:2]]].members.append(member)
    return {
        part: Staged(
            people=tuple(rows.people),
            registrations=tuple(rows.registrations),
            members=tuple(rows.members),
        )
        for part, rows in parts.items()
    }
