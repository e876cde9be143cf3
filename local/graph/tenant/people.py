"""All people of the tenant, as they are and as readers see them."""

from collections.abc import Callable, Iterator, Sequence

from local.graph.tenant.person import Person
from local.graph.tenant.refusals import DuplicateError, UnknownObjectError
from local.graph.tenant.replication import Replicated
from local.graph.tenant.times import Clock


class People:
    """The people, by object id and by sign-in name.

    Args:
        clock: the stack's time.
        before_write: called before each write, to keep what was true until then.

    Attributes:
        lag: how long readers see the old value after a write, in seconds.
    """

    def __init__(self, clock: Clock, before_write: Callable[[], None]) -> None:
        self._clock = clock
        self._before_write = before_write
        self._entries: dict[str, Replicated[Person]] = {}
        self._positions: list[str] = []
        self._place: dict[str, int] = {}
        self._ids_by_upn: dict[str, str] = {}
        self._by_number: dict[str, dict[int, None]] = {}
        self._settled_at = 0.0
        self.lag = 0.0

    def add(self, person: Person, *, lag: float | None = None) -> None:
        """Add a new person, whom readers see after the lag (`lag` overrides it).

        Raises:
            DuplicateError: the id or the sign-in name is taken.
        """
        if person.id in self._entries:
            raise DuplicateError("id")
        upn = person.user_principal_name.casefold()
        if upn in self._ids_by_upn:
            raise DuplicateError("userPrincipalName")
        self._before_write()
        self._entries[person.id] = Replicated()
        self._place[person.id] = len(self._positions)
        self._positions.append(person.id)
        self._ids_by_upn[upn] = person.id
        self._write(person.id, person, lag)

    def add_all(self, people: Sequence[Person]) -> None:
        """Add people whom readers see at once: all of them, or nobody.

        Raises:
            DuplicateError: an id or a sign-in name is taken.
        """
        if any(person.user_principal_name.casefold() in self._ids_by_upn for person in people):
            raise DuplicateError("userPrincipalName")
        if any(person.id in self._entries for person in people):
            raise DuplicateError("id")
        for person in people:
            self.add(person, lag=0)

    def change(self, person: Person) -> None:
        """Replace a person by a new value.

        Raises:
            UnknownObjectError: there is no such person any more.
            DuplicateError: the new sign-in name is taken.
        """
        old_upn = self.truth(person.id).user_principal_name.casefold()
        new_upn = person.user_principal_name.casefold()
        if self._ids_by_upn.get(new_upn, person.id) != person.id:
            raise DuplicateError("userPrincipalName")
        self._before_write()
        del self._ids_by_upn[old_upn]
        self._ids_by_upn[new_upn] = person.id
        self._write(person.id, person)

    def remove(self, person_id: str) -> None:
        """Delete a person; readers see them until the lag has passed."""
        self._before_write()
        del self._ids_by_upn[self.truth(person_id).user_principal_name.casefold()]
        self._write(person_id, None)

    def truth(self, key: str) -> Person:
        """The person as they are now, by id or sign-in name, whatever readers see.

        Raises:
            UnknownObjectError: there is no such person.
        """
        person = self._entry(key).truth
        if person is None:
            raise UnknownObjectError(key)
        return person

    def seen(self, key: str) -> Person:
        """The person as readers see them now, by id or sign-in name.

        Raises:
            UnknownObjectError: no such person, or none that is visible yet.
        """
        person = self.find(key)
        if person is None:
            raise UnknownObjectError(key)
        return person

    def find(self, key: str) -> Person | None:
        """The person as readers see them now; None = none that is visible."""
        entry = self._find_entry(key)
        return None if entry is None else entry.seen(self._now())

    def all_seen(self, start: int = 0) -> Iterator[tuple[int, Person]]:
        """The visible people from a position on, in a stable order, each with its position."""
        now = self._now()
        for position in range(start, len(self._positions)):
            person = self._entries[self._positions[position]].seen(now)
            if person is not None:
                yield position, person

    def seen_with_number(self, number: str, start: int = 0) -> Iterator[tuple[int, Person]]:
        """The same of the people who bear an employee id, or bore it: the only ones who may.

        Graph finds them by an index, too; looking through everybody takes longer the larger the
        tenant is.
        """
        now = self._now()
        for position in sorted(self._by_number.get(number.casefold(), ())):
            person = self._entries[self._positions[position]].seen(now)
            if position >= start and person is not None:
                yield position, person

    def all_true(self) -> Iterator[Person]:
        """Everyone as they are now."""
        for person_id in self._positions:
            person = self._entries[person_id].truth
            if person is not None:
                yield person

    def by_position(self) -> list[Person | None]:
        """Everyone as they are now, each at a position that stays; None = they are gone."""
        return [self._entries[person_id].truth for person_id in self._positions]

    def position_of(self, person_id: str) -> int | None:
        """The position of somebody who is here or was (object id); None = there was nobody."""
        return self._place.get(person_id.casefold())

    def count_seen(self) -> int:
        """How many people readers see."""
        if self._now() >= self._settled_at:
            return len(self)
        return sum(1 for _ in self.all_seen())

    def __len__(self) -> int:
        return len(self._ids_by_upn)

    def _entry(self, key: str) -> Replicated[Person]:
        entry = self._find_entry(key)
        if entry is None:
            raise UnknownObjectError(key)
        return entry

    def _find_entry(self, key: str) -> Replicated[Person] | None:
        folded = key.casefold()
        return self._entries.get(folded) or self._entries.get(self._ids_by_upn.get(folded, ""))

    def _write(self, person_id: str, person: Person | None, lag: float | None = None) -> None:
        now, lag = self._now(), self.lag if lag is None else lag
        self._entries[person_id].write(person, now=now, lag=lag)
        self._settled_at = max(self._settled_at, now + lag)
        number = None if person is None else person.properties.get("employeeId")
        if isinstance(number, str):
            self._by_number.setdefault(number.casefold(), {})[self._place[person_id]] = None

    def _now(self) -> float:
        return self._clock().timestamp()
