"""What timers remember over a restart (`useMonitor`); in Azure it lies in blob storage."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from local.clock import StackClock
from local.host.ncrontab import Schedule

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class ScheduleStatus:
    """Where one schedule stands, in the stack's time.

    Args:
        last: when the timer last fired.
        next: when it is to fire.
        updated: the moment from which `next` was counted.
    """

    last: datetime
    next: datetime
    updated: datetime

    @classmethod
    def first(cls, now: datetime, schedule: Schedule) -> Self:
        """The status of a timer that never fired."""
        return cls(last=_NEVER, next=schedule.next_after(now), updated=now)

    def document(self) -> dict[str, str]:
        """As Azure writes it."""
        return {
            "Last": self.last.isoformat(),
            "Next": self.next.isoformat(),
            "LastUpdated": self.updated.isoformat(),
        }


class StatusFile:
    """The statuses of all timers in one file, replaced as a whole so that a kill can't tear it.

    Args:
        path: where; made when first written.
        clock: a status from the clock's future belongs to a clock that was since reset.
    """

    def __init__(self, path: Path, clock: StackClock) -> None:
        self._path = path
        self._clock = clock

    def read(self, timer: str) -> ScheduleStatus | None:
        """What is known of this timer."""
        entry = self._load().get(timer)
        if entry is None:
            return None
        status = ScheduleStatus(
            last=datetime.fromisoformat(entry["Last"]),
            next=datetime.fromisoformat(entry["Next"]),
            updated=datetime.fromisoformat(entry["LastUpdated"]),
        )
        return status if status.updated <= self._clock.now() else None

    def write(self, timer: str, status: ScheduleStatus) -> None:
        """Remember this."""
        entries = self._load() | {timer: status.document()}
        draft = self._path.with_name(f"{self._path.name}.draft")
        draft.write_text(json.dumps(entries))
        draft.replace(self._path)

    def _load(self) -> dict[str, dict[str, str]]:
        if not self._path.exists():
            return {}
        entries: dict[str, dict[str, str]] = json.loads(self._path.read_text())
        return entries
