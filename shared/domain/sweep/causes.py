"""Why a verdict is another one than before: which change, taken back, would bring it back."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import groups_named
from shared.domain.posture.judging import Judge
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.lines import Cause

NO_REPORT: Final = Unknown("The tenant has no licence for the registration report.")


@dataclass(slots=True)
class Causes:
    """Tells causes.

    Attributes:
        now: judges by what the tenant requires now.
        before: judges by what it required in the run before; None where nobody can tell.
    """

    now: Judge
    before: Judge | None
    _read: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Note which groups were read now."""
        policies = self.now.settings.policies
        known = () if isinstance(policies, Unknown) else policies
        self._read = groups_named(policy.users for policy in known)

    def of(self, person: Person, old: Person, verdict: Verdict) -> Cause:
        """What made the verdict another one.

        Args:
            person: what is true of them now.
            old: what was true of them in the run before.
            verdict: the verdict at that time.
        """
        for cause, reverted, lost in _reverted(person, old):
            if reverted != person and self.now(reverted).verdict is verdict:
                return cause if lost is None else _of_reading(cause, lost)
        if self.before is None:
            return Cause.SEVERAL
        if self.before(self._as_read_before(person, old)).verdict is verdict:
            unread = isinstance(self.now.settings.policies, Unknown)
            unread = unread or isinstance(self.before.settings.policies, Unknown)
            return Cause.READING if unread else Cause.POLICIES
        return Cause.SEVERAL

    def _as_read_before(self, person: Person, old: Person) -> Person:
        """The person, with the groups that nobody read now because no policy names them now."""
        now, was = person.belonging, old.belonging
        could_join = now.could_join
        if not isinstance(could_join, Unknown) and not isinstance(was.could_join, Unknown):
            could_join |= was.could_join - self._read
        belonging = replace(
            now,
            groups=now.groups | (was.groups - self._read),
            unread_groups=now.unread_groups | (was.unread_groups - self._read),
            could_join=could_join,
            unread_joins=now.unread_joins | (was.unread_joins - self._read),
        )
        return replace(person, belonging=belonging)


def _reverted(person: Person, old: Person) -> Iterator[tuple[Cause, Person, object | None]]:
    """The person with one thing as it was, and what could not be read of it, then or now."""
    for cause, name in _OWN.items():
        was, now = getattr(old, name), getattr(person, name)
        unread = next((one for one in (now, was) if isinstance(one, Unknown)), None)
        yield cause, replace(person, **{name: was}), unread
    for cause, names in _BELONGING.items():
        was = {name: getattr(old.belonging, name) for name in names}
        unread = next((one for one in was.values() if isinstance(one, Unknown)), None)
        yield cause, replace(person, belonging=replace(person.belonging, **was)), unread


def _of_reading(cause: Cause, unread: object) -> Cause:
    is_licence = cause is Cause.METHODS and unread == NO_REPORT
    return Cause.LICENCE if is_licence else Cause.READING


_OWN: Final = {
    Cause.STATE: "state",
    Cause.METHODS: "registration",
    Cause.EXEMPTION: "exempt",
    Cause.GRACE: "in_grace",
    Cause.TRUST: "elsewhere",
    Cause.BREAK_GLASS: "break_glass",
}
_BELONGING: Final = {
    Cause.GROUPS: ("groups", "unread_groups", "could_join", "unread_joins"),
    Cause.ROLES: ("roles", "could_hold"),
}
