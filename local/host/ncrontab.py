"""NCRONTAB, the schedule language of timer triggers, in UTC.

Follows the NCrontab library that the Functions host uses (`CrontabFieldImpl.cs`,
`CrontabSchedule.cs`): six fields, seconds first, or five; names by any prefix; a reversed range
is turned round; day of month and day of week must *both* match, unlike Unix cron. Of the Python
libraries, croniter takes 7 for Sunday and wraps reversed ranges, and cronsim knows no seconds.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")

# The longest gap of any schedule that ever fires: 29 February on one day of the week, over 2100.
_HORIZON = timedelta(days=366 * 41)


class ScheduleError(ValueError):
    """The text is no NCRONTAB schedule that ever fires."""


@dataclass(frozen=True)
class _Field:
    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()

    def parse(self, text: str) -> tuple[int, ...]:
        values: set[int] = set()
        for element in text.split(","):
            values.update(self._element(element))
        return tuple(sorted(values))

    def _element(self, text: str) -> range:
        body, slash, step_text = text.partition("/")
        step = self._number(step_text, "step") if slash else 1
        if step < 1:
            raise ScheduleError(f"{self.name}: a step of {step} goes nowhere")
        if body == "*":
            return range(self.low, self.high + 1, step)
        first_text, dash, last_text = body.partition("-")
        first = self._value(first_text)
        if dash:
            first, last = sorted((first, self._value(last_text)))
        else:
            last = self.high if slash else first
        return range(first, last + 1, step)

    def _value(self, text: str) -> int:
        if text[:1].isdigit():
            value = self._number(text, "value")
            if not self.low <= value <= self.high:
                raise ScheduleError(f"{self.name}: {value} is not in {self.low}-{self.high}")
            return value
        if text:
            for index, word in enumerate(self.words):
                if word.startswith(text.lower()):
                    return self.low + index
        raise ScheduleError(f"{self.name}: {text!r} means nothing")

    def _number(self, text: str, what: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise ScheduleError(f"{self.name}: {text!r} is no {what}")
        return int(text)


_FIELDS = (
    _Field("seconds", 0, 59),
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 6, _DAYS),
)


@dataclass(frozen=True)
class Schedule:
    """When a timer fires, as the sorted values of each field."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a schedule of six fields, or of five (seconds are then 0).

        Raises:
            ScheduleError: the text is not NCRONTAB, or never fires (30 February).
        """
        tokens = [token for token in text.split(" ") if token]
        if len(tokens) == len(_FIELDS) - 1:
            tokens.insert(0, "0")
        if len(tokens) != len(_FIELDS):
            raise ScheduleError(f"{text!r} has {len(tokens)} fields; a schedule has 6, or 5")
        schedule = cls(*(field.parse(token) for field, token in zip(_FIELDS, tokens, strict=True)))
        schedule.next_after(datetime(2000, 1, 1, tzinfo=UTC))
        return schedule

    def next_after(self, moment: datetime) -> datetime:
        """The first occurrence later than `moment`, in UTC.

        Raises:
            ScheduleError: there is none.
        """
        start = moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        day = start.date()
        if self._on(day) and (found := self._first_time(start.time())) is not None:
            return datetime.combine(day, found, UTC)
        last_day = day + _HORIZON
        while day < last_day:
            day = self._following(day)
            if self._on(day):
                return datetime.combine(day, self._midnight_on(), UTC)
        raise ScheduleError("the schedule never fires")

    def subminute(self) -> bool:
        """Whether it can fire twice within a minute; Azure does not monitor such schedules."""
        return len(self.seconds) > 1

    def _on(self, day: date) -> bool:
        return (
            day.month in self.months
            and day.day in self.days
            and day.isoweekday() % 7 in self.weekdays
        )

    def _following(self, day: date) -> date:
        if day.month in self.months:
            return day + timedelta(days=1)
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)

    def _midnight_on(self) -> time:
        return time(self.hours[0], self.minutes[0], self.seconds[0])

    def _first_time(self, start: time) -> time | None:
        """The first time of day at or after `start`."""
        for hour in self.hours[bisect_left(self.hours, start.hour) :]:
            if hour > start.hour:
                return time(hour, self.minutes[0], self.seconds[0])
            for minute in self.minutes[bisect_left(self.minutes, start.minute) :]:
                if minute > start.minute:
                    return time(hour, minute, self.seconds[0])
                for second in self.seconds[bisect_left(self.seconds, start.second) :]:
                    return time(hour, minute, second)
        return None
