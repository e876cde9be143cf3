"""What our own records say of people: who is exempt, who has time to register, who is kept safe."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from shared.application.ports.cases import CaseLists, Cases, CaseSummary
from shared.application.ports.clock import Clock
from shared.application.ports.registries import Registries
from shared.domain.cases import ENDED, Case, CaseState
from shared.domain.errors.storage import StoreUnavailable, UnreadableRow
from shared.domain.ids import UserId
from shared.domain.plans import CaseKind
from shared.domain.registries import Registry
from shared.domain.state_machines import LEGAL
from shared.domain.sweep.tenant import OwnRecords
from shared.telemetry import EventLog

MOST: Final = 100_000
"""Lines of a list. Of more, nobody could tell who has time to register, so nothing is told."""
AT_ONCE: Final = 16
"""Cases that are read side by side."""
_log = EventLog(__name__)

_BEGUN: Final = frozenset({CaseState.ACTIVE, CaseState.OVERDUE, CaseState.HELD, CaseState.PARKED})
"""Where an exemption may stand that has turned MFA off: set aside it has done so all the same."""
_ASKED: Final = frozenset(LEGAL[CaseKind.ONBOARDING]) - ENDED
"""A parked case has asked the person all the same."""


class _Exemption(Enum):
    """How it stands with somebody's exemption."""

    IN_FORCE = auto()
    OVERDUE = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecords:
    """The port `Records` over cases, registries and settings.

    Attributes:
        lists: finds cases by their state; its pages should be long.
        break_glass: the accounts that the setting names.
        grace: how long new people have to register.
        most: lines of a list that are read.
    """

    cases: Cases
    lists: CaseLists
    registries: Registries
    clock: Clock
    break_glass: frozenset[UserId]
    grace: timedelta
    most: int = MOST

    async def records(self) -> OwnRecords:
        """All of it, as of now.

        Raises:
            StoreUnavailable: it can't be read, or there is more than can be read.
        """
        now = self.clock.now()
        exemptions, deadlines, protected = await asyncio.gather(
            self._exemptions(now), self._deadlines(now), self.registries.entries(Registry.PROTECTED)
        )
        registered = {user for user, entry in protected.items() if entry.counts(now)}
        return OwnRecords(
            exempt=exemptions[_Exemption.IN_FORCE],
            unreadable=exemptions[_Exemption.UNREADABLE],
            overdue=exemptions[_Exemption.OVERDUE],
            break_glass=self.break_glass | registered,
            deadlines=deadlines,
            grace=self.grace,
        )

    async def _exemptions(self, now: datetime) -> Mapping[_Exemption, frozenset[UserId]]:
        """Whose exemption is in force, whose is overdue, and of whom nobody can tell.

        A line may be out of date, so each case itself has the last word.
        """
        at_once = asyncio.Semaphore(AT_ONCE)

        async def is_now(line: CaseSummary) -> _Exemption | None:
            async with at_once:
                try:
                    stored = await self.cases.load(line.case_id)
                except UnreadableRow as error:
                    _log.warning("exemption.unreadable", case_id=line.case_id, code=error.code)
                    return _Exemption.UNREADABLE
            return None if stored is None else _as_of(stored.case, now)

        lines = [line async for line in self._lines(_BEGUN, CaseKind.EXEMPTION)]
        answers = await asyncio.gather(*map(is_now, lines))
        told = [
            (_small(line.user_id), answer)
            for line, answer in zip(lines, answers, strict=True)
            if line.user_id is not None
        ]
        return {
            one: frozenset(user for user, answer in told if answer is one) for one in _Exemption
        }

    async def _deadlines(self, now: datetime) -> dict[UserId, datetime]:
        """Until when people have to register; of several cases about a person, the latest."""
        found: dict[UserId, datetime] = {}
        async for line in self._lines(_ASKED, CaseKind.ONBOARDING):
            if line.user_id is None or line.deadline is None or line.deadline <= now:
                continue
            user = _small(line.user_id)
            found[user] = max(line.deadline, found.get(user, line.deadline))
        return found

    async def _lines(
        self, states: frozenset[CaseState], kind: CaseKind
    ) -> AsyncIterator[CaseSummary]:
        token: str | None = None
        read = 0
        while True:
            page = await self.lists.in_states(states, token)
            for line in page.cases:
                if line.kind is kind:
                    yield line
            read, token = read + len(page.cases), page.next_token
            if token is None:
                return
            if read >= self.most:
                raise StoreUnavailable(f"More than {self.most} cases are open at once.")


def _as_of(case: Case, now: datetime) -> _Exemption | None:
    """How it stands with an exemption; None where it has changed nothing, or is over."""
    if case.deadline is None or not case.must_put_back:
        return None
    if now >= case.deadline:
        return _Exemption.OVERDUE
    return _Exemption.IN_FORCE if case.reached is CaseState.ACTIVE else None


def _small(user: UserId) -> UserId:
    return UserId(user.lower())
