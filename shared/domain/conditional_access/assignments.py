"""Whom a Conditional Access policy covers.

Included is who is so now. Excluded is also who could become so by themselves: an eligible role or
group keeps nobody in.

https://learn.microsoft.com/graph/api/resources/conditionalaccessusers
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from shared.domain.authentication import Unknown
from shared.domain.ids import UserId


class Reach(Enum):
    """Whether a policy covers somebody."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class GuestKind(StrEnum):
    """The kinds of guests and external users, by Graph's names in small letters."""

    INTERNAL_GUEST = "internalguest"
    COLLABORATION_GUEST = "b2bcollaborationguest"
    COLLABORATION_MEMBER = "b2bcollaborationmember"
    DIRECT_CONNECT = "b2bdirectconnectuser"
    OTHER_EXTERNAL = "otherexternaluser"
    SERVICE_PROVIDER = "serviceprovider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guests:
    """Guests and external users that a policy names.

    Attributes:
        kinds: which.
        from_anywhere: whether it names them from every organisation. The organisation of an
            external person cannot be read, so that otherwise nobody can tell.
    """

    kinds: frozenset[GuestKind]
    from_anywhere: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom one side of a policy names, all ids in small letters.

    Attributes:
        everybody: whether it names all.
        users: people.
        groups: groups, with all who are in them through other groups.
        roles: directory roles, by template id.
        guests: kinds of guests.
        unrecognised: whether it names somebody in a way that nobody here understands.
    """

    everybody: bool = False
    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    guests: Guests | None = None
    unrecognised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """Whom a policy includes, and whom of them it excludes."""

    included: Named
    excluded: Named = field(default_factory=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """What a person is to the policies; all ids in small letters.

    Attributes:
        user_id: who.
        groups: of the groups that policies name: those to which the person belongs, transitively.
        unread_groups: those of which nobody can tell whether the person belongs to them.
        could_join: those that the person could make themselves a member of.
        unread_joins: those of which nobody can tell whether the person could.
        roles: the directory roles that the person holds, tenant-wide, by template id.
        could_hold: those that the person holds in whatever scope, or could activate.
        guest: which kind of guest they are; None for a member of the organisation.
    """

    user_id: UserId
    groups: frozenset[str] = frozenset()
    unread_groups: frozenset[str] = frozenset()
    could_join: frozenset[str] | Unknown = frozenset()
    unread_joins: frozenset[str] = frozenset()
    roles: frozenset[str] | Unknown = frozenset()
    could_hold: frozenset[str] | Unknown = frozenset()
    guest: GuestKind | Unknown | None = None


def reach(users: Users, person: Belonging) -> Reach:
    """Whether these include the person and exclude them by nothing."""
    included = _names(users.included, person)
    if included is Reach.NO:
        return Reach.NO
    excluded = _either(
        (
            _names(users.excluded, person),
            _meets(users.excluded.groups, person.could_join),
            _may_meet(users.excluded.groups, person.unread_joins),
            _meets(users.excluded.roles, person.could_hold),
        )
    )
    if excluded is Reach.YES:
        return Reach.NO
    return Reach.UNKNOWN if Reach.UNKNOWN in {included, excluded} else Reach.YES


def groups_named(users: Iterable[Users]) -> frozenset[str]:
    """The groups that any of these include or exclude."""
    return frozenset(
        group for one in users for side in (one.included, one.excluded) for group in side.groups
    )


def _names(named: Named, person: Belonging) -> Reach:
    if named.everybody or person.user_id.casefold() in named.users:
        return Reach.YES
    found = [
        _meets(named.groups, person.groups),
        _meets(named.roles, person.roles),
        _is_guest(named.guests, person.guest),
        Reach.UNKNOWN if named.unrecognised else Reach.NO,
        _may_meet(named.groups, person.unread_groups),
    ]
    return _either(found)


def _is_guest(named: Guests | None, guest: GuestKind | Unknown | None) -> Reach:
    if named is None or guest is None:
        return Reach.NO
    if isinstance(guest, Unknown):
        return Reach.UNKNOWN
    if guest not in named.kinds:
        return Reach.NO
    return Reach.YES if named.from_anywhere else Reach.UNKNOWN


def _meets(named: frozenset[str], held: frozenset[str] | Unknown) -> Reach:
    if not named:
        return Reach.NO
    if isinstance(held, Unknown):
        return Reach.UNKNOWN
    return Reach.NO if named.isdisjoint(held) else Reach.YES


def _may_meet(named: frozenset[str], unread: frozenset[str]) -> Reach:
    return Reach.NO if named.isdisjoint(unread) else Reach.UNKNOWN


def _either(found: Iterable[Reach]) -> Reach:
    answers = set(found)
    if Reach.YES in answers:
        return Reach.YES
    return Reach.UNKNOWN if Reach.UNKNOWN in answers else Reach.NO
