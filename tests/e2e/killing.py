"""Lives of cases, during which the host is killed: where it can die, and what must come of it.

A life is told in chapters: something happens in the world, and the app does what follows until it
rests. One life goes undisturbed and leaves a trace of its calls; then, for every place in that
trace, a life of its own is held there, the host is killed with `kill -9`, and the life goes on.
"""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.lives import Chapter, Life, Truth
from tests.e2e.story import story
from tests.e2e.waiting import eventually

AT_ONCE = 8
"""How many cases are held and killed together: as many as the host works on at once."""

_STRIDE = 60.0
"""Seconds that the stack clock moves at each look after a kill: what was killed may have put its
next look hours off, and nobody waits that long."""
_LATER_STRIDE = 300.0
"""The same in the chapters after it: nothing waits for a lock in real time any more, so that the
clock does not get far ahead of what is done."""
LASTING = frozenset(
    {
        *("claims.claim", "contacts.keep", "contacts.forget"),
        *("cases.create", "cases.save", "exemptions.replace", "parked.add", "parked.remove"),
        *("commands.send", "events.publish", "writes.write"),
        *("collections.put", "collections.remove", "pass_counts.take"),
        *("passes.create", "passes.delete"),
        *("enrolment_lists.write", "enrolment_lists.replace", "volumes.take"),
    }
)
"""Calls whose effect outlives the process. Between two of them it does not matter where it dies.

Not among them: leases, and the note that an event was published. These are the same in every life.
Nor what `writes.write` takes from a budget first: that boundary is crossed by tests/properties.
"""


def with_tripwires(tripwires: Path, **settings: str) -> Options:
    """A stack whose host can be held, and whose leases and locks outlive a kill by seconds only.

    Args:
        tripwires: the folder by which the test talks to the tripwires.
        settings: what else the app is set to.
    """
    return Options(
        settings={**QUICK, "MFA_LEASE_SECONDS": "3", "TRIPWIRES": str(tripwires), **settings},
        app="tests.e2e.tripwire_app:app",
        broker_limits={"lock_duration_seconds": 3},
    )


@dataclass(frozen=True)
class Place:
    """Where the host is to die: the chapter, and what the tripwire is told."""

    chapter: int
    order: str


def places(trace: Iterable[str], chapter: int, *, among: Callable[[str], bool]) -> list[Place]:
    """Where the host can die during the invocations that left this trace.

    Before each call, and after the last of each invocation: elsewhere `after` one call is the same
    moment as `before` the next, for nothing that outlives the process happens between the two.

    Args:
        trace: its lines.
        chapter: whose trace it is.
        among: which calls count.
    """
    seen: Counter[str] = Counter()
    last: dict[str, str] = {}
    found = []
    for line in trace:
        kind, number, call = line.split()
        seen[f"{kind} {call}"] += 1
        if among(call):
            here = f"{kind} {call} {seen[f'{kind} {call}']}"
            found.append(f"before {here}")
            last[number] = f"after {here}"
    return [Place(chapter, order) for order in (*found, *last.values())]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a life came to, as the case, the subscribers, the tenant and Graph's log tell it."""

    story: list[Any]
    events: list[str]
    truth: Json
    changes: list[str]


@dataclass
class Campaign:
    """Lives of one kind, and the deaths of the host in them.

    Attributes:
        begin: makes a person and the event that is about them.
        chapters: what happens.
        tripwires: the folder by which the tripwires are talked to.
    """

    stack: Stack
    company: Company
    inbox: Inbox
    tripwires: Path
    begin: Callable[[Company], Awaitable[Life]]
    chapters: Sequence[Chapter]

    async def undisturbed(
        self, *, during: Sequence[int], among: Callable[[str], bool] = LASTING.__contains__
    ) -> tuple[Life, list[Place]]:
        """Live one life to its end; it, and the places in these of its chapters."""
        life = await self.begin(self.company)
        found, known = [], 0
        for number, chapter in enumerate(self.chapters):
            await self._live([life], chapter)
            trace = self._trace(life)
            if number in during:
                found += places(trace[known:], number, among=among)
            known = len(trace)
        return life, found

    async def killed_at(self, found: Sequence[Place]) -> list[tuple[Place, Life]]:
        """Live a life for each of these places, in which the host is killed there."""
        lives: list[tuple[Place, Life]] = []
        for number in sorted({place.chapter for place in found}):
            left = [place for place in found if place.chapter == number]
            # On a busy machine recovery comes too, and a life goes another way: once more, then.
            for _ in range(len(left)):
                killed = await self._killed_together(left[:AT_ONCE], number)
                lives += killed
                missed = [place for place, life in killed if not self._file(life, ".held").exists()]
                left = [*left[AT_ONCE:], *missed]
                if not left:
                    break
            assert not left, f"never held at {left}"
        return lives

    async def told(self, lives: Sequence[Life], truth: Truth) -> list[Told]:
        """What lives came to, once their last events have arrived."""
        ended = f"mfa.case.{self.chapters[-1].rests}"
        await self.inbox.until(ended, {life.case_id for life in lives})
        changes = await self.company.changes()
        return [
            Told(
                story=story(await self.company.case(life.case_id)),
                events=self.inbox.types(life.case_id),
                truth=await truth(life),
                changes=changes.get(life.user, []),
            )
            for life in lives
        ]

    async def check(
        self, killed: Sequence[tuple[Place, Life]], expected: Told, truth: Truth
    ) -> None:
        """Check that every life came to the same as the undisturbed one."""
        told = await self.told([life for _, life in killed], truth)
        self.inbox.assert_each_once_and_alike()
        for (place, _), one in zip(killed, told, strict=True):
            assert one.story == expected.story, place
            assert one.events == expected.events, place
            assert one.truth == expected.truth, place
            assert one.changes == expected.changes, place
        assert await self.company.parked() == []

    async def _killed_together(
        self, found: Sequence[Place], number: int
    ) -> list[tuple[Place, Life]]:
        killed = [(place, await self.begin(self.company)) for place in found]
        lives = [life for _, life in killed]
        for chapter in self.chapters[:number]:
            await self._live(lives, chapter)
        for place, life in killed:
            self._file(life, "").write_text(place.order)
        chapter = self.chapters[number]
        happening = asyncio.gather(*self._happenings(lives, chapter))
        if chapter.passes:
            await happening
            await self.company.turn_clock(chapter.passes)

        async def all_held() -> bool:
            return all(self._file(life, ".held").exists() for life in lives)

        with contextlib.suppress(AssertionError):
            await eventually(all_held, "all are held", within=25)
        await asyncio.to_thread(self.stack.kill, "host", signal.SIGKILL)
        for life in lives:
            # Who was not held in time is not to be held by the host that comes.
            self._file(life, "").unlink()
        await asyncio.to_thread(self.stack.restart, "host")
        await happening
        await self._reach(lives, chapter, stride=_STRIDE)
        for chapter in self.chapters[number + 1 :]:
            # One after the other: nobody's chapter is to be half told for long.
            for later in self._happenings(lives, chapter):
                await later
            await self.company.advance(chapter.passes)
            await self._reach(lives, chapter, stride=_LATER_STRIDE)
        # Before the broker lets them expire.
        await self.inbox.receive()
        return killed

    async def _live(self, lives: Sequence[Life], chapter: Chapter) -> None:
        """Let a chapter pass, until the app rests.

        Were the clock moved before, the same message would go on with what the next one is to do.
        """
        await asyncio.gather(*self._happenings(lives, chapter))
        await self.company.advance(chapter.passes)
        await self._reach(lives, chapter, stride=0)
        await self.company.rests()

    async def _reach(self, lives: Sequence[Life], chapter: Chapter, **how: Any) -> None:  # noqa: ANN401 - as reach
        await self.company.reach([life.case_id for life in lives], chapter.rests, **how)

    def _happenings(self, lives: Sequence[Life], chapter: Chapter) -> list[Awaitable[object]]:
        happens = chapter.happens
        return [] if happens is None else [happens(life, self.company) for life in lives]

    def _trace(self, life: Life) -> list[str]:
        trace = self._file(life, ".trace")
        return trace.read_text().splitlines() if trace.exists() else []

    def _file(self, life: Life, ending: str) -> Path:
        return self.tripwires / f"{life.event['id']}{ending}"
