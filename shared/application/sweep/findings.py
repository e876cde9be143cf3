"""Read whom a run found not to be protected: page by page, or all of them."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.application.ports.runs import Snapshots
from shared.application.sweep.asking import ReadRuns
from shared.domain.errors.requests import InvalidRequest
from shared.domain.sweep.lines import Line
from shared.domain.sweep.runs import Run
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import Totals
from shared.domain.sweep.wanted import Wanted
from shared.telemetry import EventLog

A_PAGE: Final = 200
PARTS_AT_MOST: Final = 8
"""So many parts are read for one page, however few of the people in them are asked for."""
_TOKEN: Final = re.compile(r"([0-9]{1,3})\.([0-9]{1,9})", re.ASCII)

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: a part of the tenant, and a position among its people."""

    part: int = 0
    position: int = 0

    def __str__(self) -> str:
        """As it stands in a token."""
        return f"{self.part}.{self.position}"


@dataclass(frozen=True, slots=True)
class ListFindings:
    """Lists findings of a run, reading the parts of the tenant alone that may have any."""

    read: ReadRuns
    snapshots: Snapshots

    async def page(
        self, run_id: str, wanted: Wanted, token: str | None, by: str
    ) -> tuple[tuple[Line, ...], str | None]:
        """Some of the findings, and the token of the next page; it may be short, or empty.

        Args:
            run_id: the run.
            wanted: who is asked for.
            token: where the page begins.
            by: object id of the person who reads it.

        Raises:
            NotFound: there is no such run.
            RunNotJudged: it has not judged everybody.
            InvalidRequest: the token is none of ours.
            StoreUnavailable: they could not be read.
        """
        run = (await self.read.judged(run_id)).run
        found, following = await self._fill(run, wanted, _place(token, run))
        _log.info("findings.read", run_id=run.run_id, by=by, people=len(found))
        return tuple(found), None if following is None else str(following)

    async def first(self, run: Run, wanted: Wanted, most: int) -> tuple[Line, ...]:
        """The first so many findings of a run that has judged everybody, in however many parts."""
        found: list[Line] = []
        for part in _worth_reading(run, await self.read.parts(run), wanted, _Place()):
            lines = await self.snapshots.lines(run.run_id, part)
            found += (line for line in lines if wanted.has(line))
            if len(found) >= most:
                break
        return tuple(found[:most])

    async def everybody(
        self, run_id: str, wanted: Wanted, by: str
    ) -> AsyncIterator[tuple[Line, ...]]:
        """All of the findings, part by part.

        Args:
            run_id: the run.
            wanted: who is asked for.
            by: object id of the person who reads them.

        Raises:
            NotFound: there is no such run.
            RunNotJudged: it has not judged everybody.
            StoreUnavailable: they could not be read.
        """
        run = (await self.read.judged(run_id)).run
        _log.info("findings.exported", run_id=run.run_id, by=by)
        for part in _worth_reading(run, await self.read.parts(run), wanted, _Place()):
            lines = await self.snapshots.lines(run.run_id, part)
            yield tuple(line for line in lines if wanted.has(line))

    async def _fill(
        self, run: Run, wanted: Wanted, start: _Place
    ) -> tuple[list[Line], _Place | None]:
        parts = _worth_reading(run, await self.read.parts(run), wanted, start)
        found: list[Line] = []
        for part in parts[:PARTS_AT_MOST]:
            lines = await self.snapshots.lines(run.run_id, part)
            first = start.position if part.number == start.part else 0
            for position, line in enumerate(lines[first:], start=first):
                if not wanted.has(line):
                    continue
                if len(found) == A_PAGE:
                    return found, _Place(part.number, position)
                found.append(line)
        more = parts[PARTS_AT_MOST:]
        return found, _Place(more[0].number) if more else None


def _worth_reading(
    run: Run, totals: Mapping[Slice, Totals], wanted: Wanted, start: _Place
) -> list[Slice]:
    parts = (Slice(number, run.slices) for number in range(start.part, run.slices))
    return [part for part in parts if wanted.may_be_in(totals.get(part, Totals()))]


def _place(token: str | None, run: Run) -> _Place:
    if token is None:
        return _Place()
    read = _TOKEN.fullmatch(token)
    if read is None or int(read[1]) >= run.slices:
        raise InvalidRequest("The token is none of ours; follow nextLink instead of making one.")
    return _Place(int(read[1]), int(read[2]))
