"""The second stage: everybody, what they have registered, and who is in which group.

It works in rounds. What a round has read is staged as one chunk; then the run says how far it is,
and that this chunk counts. What a worker staged that died between the two counts for nobody.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.runs import Runs, Staged, Staging, StoredRun
from shared.application.sweep.rounds import ReadRound, Round
from shared.application.sweep.saving import save_further
from shared.domain.errors.directory import MalformedAnswer
from shared.domain.sweep.rows import MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import Failure, Problem, Run, Stage, Stream
from shared.domain.sweep.slices import Slice, by_first_digits

_NEARLY_ALL: Final = 0.9
"""Of the people who were counted; some come and go while the list is read."""
LASTS: Final = timedelta(minutes=3)
"""How long a message is worked on; the next one goes on."""


@dataclass(frozen=True, slots=True)
class Collect:
    """Reads page by page.

    Attributes:
        monotonic: seconds that never go back.
    """

    read: ReadRound
    staging: Staging
    runs: Runs
    clock: Clock
    monotonic: Callable[[], float]

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
            found = await self.read(stored.run, ends)
            trouble = found.trouble
            if last_try:
                found.give_up()
            stored = await self._keep(stored, found)
            if trouble is not None and not last_try:
                raise trouble
            # What else is in the way has attempts of its own.
            last_try = False
        return stored

    async def _keep(self, stored: StoredRun, found: Round) -> StoredRun:
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
        now = self.clock.now()
        after = _read(after).moved_on(now) if after.is_read else replace(after, updated_at=now)
        return await save_further(self.runs, stored, after)


def _read(run: Run) -> Run:
    """The run once everything was read that can be, with what could not."""
    everybody = run.cursors[Stream.PEOPLE]
    if everybody.failed is None and everybody.rows < _NEARLY_ALL * run.people:
        told = f"The list ended after {everybody.rows} of some {run.people} people."
        early = Failure(MalformedAnswer.code, told)
        cursors = {**run.cursors, Stream.PEOPLE: replace(everybody, failed=early)}
        run = replace(run, cursors=cursors)
    streams = (
        Problem(what=stream.value, reason=str(cursor.failed))
        for stream, cursor in run.cursors.items()
        if cursor.failed is not None
    )
    groups = (
        Problem(
            what=f"group {one.group_id}", reason=f"Nobody can tell who is bound to it ({one.link})."
        )
        for one in run.unread
    )
    return replace(run, problems=(*run.problems, *streams, *groups))


@dataclass(slots=True)
class _Part:
    """What a round has read of a part of the tenant."""

    people: list[PersonRow] = field(default_factory=list)
    registrations: list[RegistrationRow] = field(default_factory=list)
    members: list[MemberRow] = field(default_factory=list)


def _by_part(found: Round, of: int) -> dict[Slice, Staged]:
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
