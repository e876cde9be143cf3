"""What a flow has used up, and whether it is held.

Windows are whole hours and whole days in UTC. A flow that meets the end of its allowance is held
until a person lets it go on: the next hour alone does not, because whoever sends 5,000 leavers by
mistake would get there in the end.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from shared.domain.budgets.flows import Flow
from shared.domain.budgets.limits import Allowance
from shared.domain.errors.budgets import NotHeld


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An hour or a day.

    Attributes:
        starts: its beginning, in UTC.
        count: how much was counted in it.
        cleared: how much of that was counted before the last approval, which allows as much again.
    """

    starts: datetime
    count: int = 0
    cleared: int = 0

    @property
    def used(self) -> int:
        """How much of the allowance is used up."""
        return self.count - self.cleared

    def at(self, starts: datetime) -> Self:
        """The window at a moment: a new one begins with nothing.

        A host whose clock is behind counts in the window that has begun already.
        """
        return type(self)(starts=starts) if starts > self.starts else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a flow stands still.

    Attributes:
        hold_id: its id; an approval is bound to it.
        since: when it began.
        allowance: what was used up, in the hour or in the day.
        announced: whether an event has told of it.
    """

    hold_id: str
    since: datetime
    allowance: Allowance
    announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """A person's word that a flow may go on.

    Attributes:
        hold_id: the hold that it ended.
        by: the person's object id.
        at: when.
    """

    hold_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A flow as it stands.

    Attributes:
        flow: which.
        hour: the present hour.
        day: the present day.
        hold: why it is held; None where it goes on.
        leave: the last approval, where there was one.
    """

    flow: Flow
    hour: Window
    day: Window
    hold: Hold | None = None
    leave: Leave | None = None

    @classmethod
    def fresh(cls, flow: Flow, now: datetime) -> Self:
        """That of a flow of which nothing was ever counted."""
        return cls(flow=flow, hour=Window(starts=_hour(now)), day=Window(starts=_day(now)))

    def at(self, now: datetime) -> Self:
        """The same at a moment."""
        return replace(self, hour=self.hour.at(_hour(now)), day=self.day.at(_day(now)))


def spend(tally: Tally, allowance: Allowance, now: datetime, hold_id: str) -> Tally:
    """The tally with one more, or held where there is none left.

    Args:
        tally: as it was.
        allowance: how much there is.
        now: the time.
        hold_id: the id of the hold that may begin.
    """
    current = tally.at(now)
    if current.hold is not None:
        return current
    if current.hour.used >= allowance.per_hour or current.day.used >= allowance.per_day:
        return replace(current, hold=Hold(hold_id=hold_id, since=now, allowance=allowance))
    return replace(
        current,
        hour=replace(current.hour, count=current.hour.count + 1),
        day=replace(current.day, count=current.day.count + 1),
    )


def let_go_on(tally: Tally, hold_id: str, by: str, now: datetime) -> Tally:
    """The tally after a person's approval: what was used up is there as much again.

    Saying it twice is saying it once.

    Raises:
        NotHeld: the flow is not held, or by another hold than the person has seen.
    """
    if tally.leave is not None and tally.leave.hold_id == hold_id:
        return tally
    if tally.hold is None or tally.hold.hold_id != hold_id:
        raise NotHeld("The flow is not held, or not by this hold any more.")
    current, allowance = tally.at(now), tally.hold.allowance
    return replace(
        current,
        hour=_cleared(current.hour, allowance.per_hour),
        day=_cleared(current.day, allowance.per_day),
        hold=None,
        leave=Leave(hold_id=hold_id, by=by, at=now),
    )


def _cleared(window: Window, most: int) -> Window:
    return replace(window, cleared=window.count) if window.used >= most else window


def _hour(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _day(now: datetime) -> datetime:
    return _hour(now).replace(hour=0)
