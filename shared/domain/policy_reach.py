"""Whom a Conditional Access policy surely covers. What it does not prove, nobody assumes.

https://learn.microsoft.com/graph/api/resources/conditionalaccessusers
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access import SignInPolicy
from shared.domain.ids import UserId

EVERYBODY: Final = "All"
_GUESTS: Final = "GuestsOrExternalUsers"
_KNOWN_USERS: Final = frozenset(
    f"{verb}{kind}" for verb in ("include", "exclude") for kind in ("Users", "Groups", "Roles")
)


class Reach(Enum):
    """Whether a policy covers somebody."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """What a person is to the policies.

    Attributes:
        user_id: who.
        groups: of the groups that policies name, in small letters: whether the person belongs to
            each, transitively; False also for a group that does not exist.
        could_join: those of them that the person could make themselves a member of.
        roles: the directory roles that the person holds, tenant-wide, by template id.
        could_hold: those that the person holds in whatever scope, or could activate.
    """

    user_id: UserId
    groups: Mapping[str, bool | Unknown] = field(default_factory=dict, hash=False)
    could_join: frozenset[str] | Unknown = frozenset()
    roles: frozenset[str] | Unknown = frozenset()
    could_hold: frozenset[str] | Unknown = frozenset()


def groups_named(policies: Iterable[SignInPolicy]) -> frozenset[str]:
    """The groups that policies include or exclude, in small letters."""
    named: set[str] = set()
    for policy in policies:
        users = _users(policy)
        named |= texts(users, "includeGroups") | texts(users, "excludeGroups")
    return frozenset(named)


def groups_excluded(policies: Iterable[SignInPolicy]) -> frozenset[str]:
    """The groups that policies exclude, in small letters."""
    return frozenset(one for policy in policies for one in texts(_users(policy), "excludeGroups"))


def names_roles(policies: Iterable[SignInPolicy]) -> bool:
    """Whether any of them includes or excludes a directory role."""
    return any({"includeRoles", "excludeRoles"} & set(_users(policy)) for policy in policies)


def reach(policy: SignInPolicy, person: Belonging) -> Reach:
    """Whether the policy includes the person and excludes them by nothing.

    Included is who is so now; excluded is also who could become so.
    """
    users = _users(policy)
    included = _included(users, person)
    if included is Reach.NO:
        return Reach.NO
    excluded = _excluded(users, person)
    if excluded is Reach.YES:
        return Reach.NO
    if Reach.UNKNOWN in {included, excluded} or not set(users) <= _KNOWN_USERS:
        return Reach.UNKNOWN
    return Reach.YES


def texts(said: Mapping[str, object], name: str) -> frozenset[str]:
    """What is listed under a name, in small letters; nothing where no texts are."""
    value = said.get(name)
    if not isinstance(value, list | tuple):
        return frozenset()
    return frozenset(one.casefold() for one in value if isinstance(one, str))


def _users(policy: SignInPolicy) -> Mapping[str, object]:
    users = policy.conditions.get("users")
    return users if isinstance(users, Mapping) else {}


def _included(users: Mapping[str, object], person: Belonging) -> Reach:
    named = texts(users, "includeUsers")
    if EVERYBODY.casefold() in named or person.user_id.casefold() in named:
        return Reach.YES
    found = [_member(group, person) for group in texts(users, "includeGroups")]
    found.append(_meets(texts(users, "includeRoles"), person.roles))
    if Reach.YES in found:
        return Reach.YES
    # Kinds of guest may be meant, too. Nobody is proven to be included by what is not known.
    strange = {name for name in users if name.startswith("include")} - _KNOWN_USERS
    return Reach.UNKNOWN if Reach.UNKNOWN in found or strange else Reach.NO


def _excluded(users: Mapping[str, object], person: Belonging) -> Reach:
    named = texts(users, "excludeUsers")
    if person.user_id.casefold() in named:
        return Reach.YES
    groups = texts(users, "excludeGroups")
    found = [_member(group, person) for group in groups]
    found.append(_meets(groups, person.could_join))
    roles = texts(users, "excludeRoles")
    found += [_meets(roles, person.roles), _meets(roles, person.could_hold)]
    if Reach.YES in found:
        return Reach.YES
    if Reach.UNKNOWN in found or _GUESTS.casefold() in named:
        return Reach.UNKNOWN
    return Reach.NO


def _member(group: str, person: Belonging) -> Reach:
    match person.groups.get(group):
        case True:
            return Reach.YES
        case False:
            return Reach.NO
        case _:
            return Reach.UNKNOWN


def _meets(named: frozenset[str], held: frozenset[str] | Unknown) -> Reach:
    if not named:
        return Reach.NO
    if isinstance(held, Unknown):
        return Reach.UNKNOWN
    return Reach.YES if named & {one.casefold() for one in held} else Reach.NO
