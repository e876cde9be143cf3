"""The words of a month's script: who there is, what happens to whom, and on which day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property


class Account(StrEnum):
    """What there is of a person in the directory."""

    NONE = "none"
    OPEN = "open"
    BLOCKED = "blocked"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as the month begins.

    Attributes:
        key: who, for the script alone.
        story: what the month holds for them.
        name: the sign-in name that they have, or will have.
        number: the HR number; guests have none.
        user: the object id; None where the account is made later.
        account: what there is of them.
        mfa: the per-user MFA state.
        methods: how many methods they have beside the password.
        guest: of another organisation.
        untouchable: break-glass, or excluded by an administrator.
        privileged: holds a directory role.
        manager: somebody reports to them.
    """

    key: str
    story: str
    name: str
    number: str | None
    user: str | None = None
    account: Account = Account.NONE
    mfa: str = "disabled"
    methods: int = 0
    guest: bool = False
    untouchable: bool = False
    privileged: bool = False
    manager: bool = False


@dataclass(frozen=True, kw_only=True)
class Event:
    """What HR says. `number` and `name` are what HR believes; `start` is a calendar day."""

    id: str
    type: str
    occurred: datetime
    name: str | None
    number: str | None
    start: date | None = None
    effective: datetime | None = None

    def says_the_same_as(self, other: "Event") -> bool:
        """It tells of the same person, the same date and the same moment, under whatever id."""
        dated = self.effective if self.type == "leaver" else self.start
        return dated is not None and self == replace(other, id=self.id)

    def body(self) -> dict[str, str]:
        """As it is sent."""
        said = {
            "id": self.id,
            "type": self.type,
            "occurredAt": self.occurred.isoformat(),
            "userPrincipalName": self.name,
            "employeeId": self.number,
            "startDate": self.start and self.start.isoformat(),
            "effectiveAt": self.effective and self.effective.isoformat(),
        }
        return {name: value for name, value in said.items() if value}


class Verb(StrEnum):
    """Everything that anybody does; the order is that of a day."""

    MAKE = "account made"
    BLOCK = "account blocked"
    UNBLOCK = "account unblocked"
    DELETE = "account deleted"
    RENAME = "account renamed"
    TELL = "HR event"
    REGISTER = "registration"
    APPROVE = "approval"


IN_THE_DIRECTORY = (Verb.MAKE, Verb.BLOCK, Verb.UNBLOCK, Verb.DELETE, Verb.RENAME)
BY_PEOPLE = (Verb.REGISTER, Verb.APPROVE)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act about one person.

    Attributes:
        name: the sign-in name that an account is made with, or gets.
        blocked: the account is made with its sign-in blocked.
        event: what HR tells.
    """

    day: int
    key: str
    verb: Verb
    name: str = ""
    blocked: bool = False
    event: Event | None = None


@dataclass(frozen=True)
class Calendar:
    """When the days of the month are.

    Each day's acts come five minutes later than those of the day before, so that what lasts whole
    days never ends in the very minute in which somebody looks.

    Attributes:
        opening: nine in the morning of day 0, UTC.
    """

    opening: datetime

    def morning(self, day: int) -> datetime:
        """When a day's acts begin."""
        return self.opening + day * timedelta(days=1, minutes=5)

    def day_of(self, moment: datetime) -> int:
        """The day among whose acts a moment is."""
        return (moment - self.opening) // timedelta(days=1, minutes=5)

    def date(self, day: int) -> date:
        """Its date."""
        return (self.opening + timedelta(days=day)).date()

    def evening(self, day: int) -> datetime:
        """When people go home."""
        return datetime.combine(self.date(day), time(17), self.opening.tzinfo)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A whole script.

    Attributes:
        last_day: by then all has come to rest.
        suspended: the day on which the HR source is turned away; HR sends again the day after.
        imported: the day of the mass import.
    """

    seed: int
    calendar: Calendar
    last_day: int
    suspended: int
    imported: int
    people: Mapping[str, Person]
    acts: tuple[Act, ...]

    @cached_property
    def days(self) -> list[int]:
        """The days on which the clock stops: all that have acts, and every third."""
        return sorted({*(act.day for act in self.acts), *range(0, self.last_day + 1, 3)})

    def of(self, day: int) -> list[Act]:
        """A day's acts, in order."""
        return [act for act in self.acts if act.day == day]

    def about(self, key: str) -> list[Act]:
        """A person's acts, in order."""
        return self._by_person.get(key, [])

    @cached_property
    def _by_person(self) -> Mapping[str, list[Act]]:
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            found.setdefault(act.key, []).append(act)
        return found

    def sent(self) -> Iterator[Act]:
        """Every delivery of an event."""
        return (act for act in self.acts if act.verb is Verb.TELL)

    def with_repetitions(self) -> "Month":
        """The same month, in which HR sends again what was turned away."""
        again = [
            replace(act, day=self.suspended + 1)
            for act in self.acts
            if act.verb is Verb.TELL and act.day == self.suspended
        ]
        order = list(Verb)
        acts = sorted([*again, *self.acts], key=lambda act: (act.day, order.index(act.verb)))
        return replace(self, acts=tuple(acts))
