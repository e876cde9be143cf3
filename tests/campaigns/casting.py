"""Who plays in a month: people of the tenant's own population, and newcomers; and what they do."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from local.graph.tenant.methods import Kind
from local.graph.tenant.person import Person as InTenant
from local.graph.tenant.population import populate
from local.graph.tenant.population_groups import organise
from tests.campaigns.script import Account, Act, Calendar, Event, Person, Verb

UNTOUCHED = "nothing happens to them"


class Cast:
    """Gives people their stories, and writes the acts down.

    Args:
        calendar: when the days are.
        size: how many people the company has.
        seed: who they are, and every later choice.
    """

    def __init__(self, calendar: Calendar, size: int, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - it makes test data
        self.calendar = calendar
        self.acts: list[Act] = []
        people = populate(size, seed)
        self.people = {one.key: one for one in map(_as_they_are, people)}
        administrators = organise(people, seed, "").administrators
        self._free = [_as_they_are(one).key for one in people if _is_plain(one, administrators)]
        self.random.shuffle(self._free)
        self._newcomers = self._events = 0

    # --- Who --------------------------------------------------------------------------------------

    def anybody(
        self,
        story: str,
        suits: Callable[[Person], bool] | None = None,
        *,
        privileged: bool = False,
        manager: bool = False,
        untouchable: bool = False,
    ) -> str:
        """Somebody who works here already and has no story yet; an employee, unless said else."""
        fits = suits or (lambda one: not one.guest and one.account is Account.OPEN)
        key = next(key for key in self._free if fits(self.people[key]))
        self._free.remove(key)
        self.people[key] = replace(
            self.people[key],
            story=story,
            privileged=privileged,
            manager=manager,
            untouchable=untouchable,
        )
        return key

    def newcomer(self, story: str, *, privileged: bool = False, untouchable: bool = False) -> str:
        """Somebody whose account is made in the month."""
        self._newcomers += 1
        key = f"N{self._newcomers:05}"
        self.people[key] = Person(
            key=key,
            story=story,
            name=f"new.{self._newcomers}@contoso.example",
            number=key,
            privileged=privileged,
            untouchable=untouchable,
        )
        return key

    # --- What the directory and the people do -----------------------------------------------------

    def acts_on(self, key: str, verb: Verb, day: int, *, name: str = "") -> None:
        """Something that needs no more words."""
        self.acts.append(Act(day=day, key=key, verb=verb, name=name))

    def make(self, key: str, day: int, *, blocked: bool = False, name: str = "") -> None:
        """The account is there from this day on."""
        name = name or self.people[key].name
        self.acts.append(Act(day=day, key=key, verb=Verb.MAKE, name=name, blocked=blocked))

    def maybe_register(self, key: str, earliest: int, latest: int, never: float = 0.1) -> None:
        """The person registers on one of these days, rather soon; or never."""
        if self.random.random() >= never:
            day = round(self.random.triangular(earliest, latest, earliest))
            self.acts_on(key, Verb.REGISTER, day)

    # --- What HR tells ----------------------------------------------------------------------------

    def tell(self, key: str, day: int, event: Event) -> Event:
        """HR sends an event."""
        self.acts.append(Act(day=day, key=key, verb=Verb.TELL, event=event))
        return event

    def joins(
        self,
        key: str,
        day: int,
        start: int | None,
        type_: str = "joiner",
        *,
        name: str | None = None,
    ) -> Event:
        """HR tells that somebody joins, to start on a day; without one they have started."""
        date_ = None if start is None else self.calendar.date(start)
        return self.tell(key, day, replace(self._event(key, day, type_, name), start=date_))

    def leaves(
        self,
        key: str,
        day: int,
        effective: int,
        *,
        name: str | None = None,
        number: str | None = None,
    ) -> Event:
        """HR tells that somebody leaves on the evening of a day."""
        event = self._event(key, day, "leaver", name)
        evening = self.calendar.evening(effective)
        number = number or event.number
        return self.tell(key, day, replace(event, effective=evening, number=number))

    def _event(self, key: str, day: int, type_: str, name: str | None) -> Event:
        self._events += 1
        person = self.people[key]
        return Event(
            id=f"hr-{self._events:06}",
            type=type_,
            occurred=self._that_morning(day),
            name=name or person.name,
            number=person.number,
        )

    def _that_morning(self, day: int) -> datetime:
        minutes = self.random.randint(10, 120)
        return self.calendar.morning(day) - timedelta(minutes=minutes)


def earlier(event: Event, days: int) -> datetime:
    """A moment some days before that of an event."""
    return event.occurred - timedelta(days=days)


def _is_plain(person: InTenant, administrators: Collection[str]) -> bool:
    """A story can be told of them: no administrator, and what they registered satisfies MFA."""
    return person.id not in administrators and (person.registered or not person.methods[1:])


def _as_they_are(person: InTenant) -> Person:
    number = person.value("employeeId")
    return Person(
        key=str(number or person.id),
        story=UNTOUCHED,
        name=person.user_principal_name,
        number=None if number is None else str(number),
        user=person.id,
        account=Account.OPEN if person.value("accountEnabled") else Account.BLOCKED,
        mfa=person.per_user_mfa_state,
        methods=sum(method.kind is not Kind.PASSWORD for method in person.methods),
        guest=person.value("userType") == "Guest",
    )
