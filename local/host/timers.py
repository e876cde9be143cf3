"""Timer triggers on the stack clock, after `TimerListener.cs` of the WebJobs extensions.

A jump of the clock stands for a time in which the host was down: however many occurrences it
passes, the timer fires once, past due. A run that outlasts its own schedule makes the next one
start at once, not past due. One timer never runs twice at the same time by its schedule; a run
that an administrator asks for does not wait for a scheduled one, in Azure neither.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from azure.functions.meta import Datum

from local.clock import StackClock
from local.host.index import IndexedFunction
from local.host.invocation import Invoker
from local.host.ncrontab import Schedule
from local.host.schedule_status import ScheduleStatus, StatusFile

# How soon a jump of the clock is seen.
_GLANCE_SECONDS = 0.1
_ON_TIME = timedelta(seconds=1)


@dataclass(frozen=True)
class _Plan:
    status: ScheduleStatus
    clock_offset: float


class TimerListener:
    """Fires one function by its schedule, which counts from here on."""

    def __init__(
        self, function: IndexedFunction, clock: StackClock, statuses: StatusFile, invoker: Invoker
    ) -> None:
        self._function = function
        self._schedule = Schedule.parse(str(function.trigger["schedule"]))
        self._clock = clock
        self._invoker = invoker
        self._stopping = False
        monitored = function.trigger.get("useMonitor") is not False
        self._statuses = statuses if monitored and not self._schedule.subminute() else None
        self._plan, self._missed = self._resume()

    async def run(self) -> None:
        """Fire until stopped."""
        plan = self._plan
        if self._missed or self._function.trigger.get("runOnStartup"):
            plan = await self._fire(plan, past_due=self._missed)
        while await self._due(plan.status.next):
            late = self._clock.now() - plan.status.next > _ON_TIME
            jumped = self._clock.offset() != plan.clock_offset
            plan = await self._fire(plan, past_due=late and jumped)

    def stop(self) -> None:
        """Fire no more; a run under way goes on."""
        self._stopping = True

    def request(self, *, past_due: bool = False, status: ScheduleStatus | None = None) -> Datum:
        """What the worker is told when the timer fires."""
        document = {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": None if status is None else status.document(),
            "IsPastDue": past_due,
        }
        return Datum(json.dumps(document), "json")

    def _resume(self) -> tuple[_Plan, bool]:
        """Where the schedule stands, and whether an occurrence was missed while we were down."""
        now = self._clock.now()
        status = self._statuses.read(self._function.name) if self._statuses else None
        if status is None or status.next != self._schedule.next_after(status.updated):
            # New, or of another schedule: nothing was missed.
            status = ScheduleStatus.first(now, self._schedule)
            self._keep(status)
        return _Plan(status, self._clock.offset()), status.next < now

    async def _due(self, moment: datetime) -> bool:
        """Wait for this moment; False where we were stopped instead."""
        while not self._stopping:
            left = (moment - self._clock.now()).total_seconds()
            if left <= 0:
                return True
            await asyncio.sleep(min(left, _GLANCE_SECONDS))
        return False

    async def _fire(self, plan: _Plan, *, past_due: bool) -> _Plan:
        offset, now = self._clock.offset(), self._clock.now()
        shown = plan.status if self._statuses else None
        data = self.request(past_due=past_due, status=shown)
        await self._invoker.invoke(self._function, data, {})
        status = ScheduleStatus(last=now, next=self._schedule.next_after(now), updated=now)
        self._keep(status)
        return _Plan(status, offset)

    def _keep(self, status: ScheduleStatus) -> None:
        if self._statuses:
            self._statuses.write(self._function.name, status)
