"""What people are to the policies, put together from what was read of groups and roles."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging, GuestKind
from shared.domain.ids import UserId
from shared.domain.sweep.rows import Link, MemberRow
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import Holding, TenantReading

_NOBODY: Final[frozenset[str]] = frozenset()
_WHO_COULD_HOLD: Final = Unknown("Nobody can tell who could join a group that holds roles.")


class Belongings:
    """Tells what people are to the policies.

    Args:
        reading: what was read of the tenant.
        members: who is bound to which groups.
        unread: groups of which nobody can tell that.
    """

    def __init__(
        self, reading: TenantReading, members: Iterable[MemberRow], unread: Iterable[GroupToRead]
    ) -> None:
        self._groups: dict[Link, dict[UserId, set[str]]] = {link: defaultdict(set) for link in Link}
        for row in members:
            self._groups[row.link][row.user_id].add(row.group_id)
        doubtful = tuple(unread)
        self._unread = {
            link: frozenset(str(one.group_id) for one in doubtful if one.link is link)
            for link in Link
        }
        self._roles = self._by_holder(reading, reading.held, tenant_wide=True)
        could = (reading.held, reading.eligible)
        self._could_hold = self._by_holder(reading, *could, tenant_wide=False)
        self._alike: dict[frozenset[str], frozenset[str]] = {}

    def of(self, user: UserId, guest: GuestKind | Unknown | None) -> Belonging:
        """What a person is.

        Args:
            user: who.
            guest: which kind of guest they are; None for a member of the organisation.
        """
        groups = self._frozen(self._groups[Link.MEMBER].get(user))
        could_join = self._frozen(self._groups[Link.COULD_JOIN].get(user))
        unread = self._unread[Link.COULD_JOIN]
        could_hold = self._held(self._could_hold, user, groups | could_join)
        if not isinstance(self._could_hold, Unknown) and self._could_hold.keys() & unread:
            could_hold = _WHO_COULD_HOLD
        return Belonging(
            user_id=user,
            groups=groups,
            unread_groups=self._frozen(self._unread[Link.MEMBER] - groups),
            could_join=could_join,
            unread_joins=self._frozen(unread - could_join),
            roles=self._held(self._roles, user, groups),
            could_hold=could_hold,
            guest=guest,
        )

    def _by_holder(
        self,
        reading: TenantReading,
        *lists: tuple[Holding, ...] | Unknown,
        tenant_wide: bool,
    ) -> Mapping[str, set[str]] | Unknown:
        """The roles of each person and group that holds any."""
        found: dict[str, set[str]] = defaultdict(set)
        # Who can't be told apart from a group may be one, and stand for people.
        if isinstance(reading.role_groups, Unknown):
            return reading.role_groups
        for holdings in lists:
            if isinstance(holdings, Unknown):
                return holdings
            for one in holdings:
                if one.tenant_wide or not tenant_wide:
                    found[one.principal_id].add(one.role)
        if found.keys() & self._unread[Link.MEMBER]:
            return Unknown("Nobody can tell who belongs to a group that holds roles.")
        return found

    def _held(
        self, roles: Mapping[str, set[str]] | Unknown, user: UserId, groups: frozenset[str]
    ) -> frozenset[str] | Unknown:
        if isinstance(roles, Unknown):
            return roles
        holders = roles.keys() & {user, *groups}
        return self._frozen({role for holder in holders for role in roles[holder]})

    def _frozen(self, found: AbstractSet[str] | None) -> frozenset[str]:
        """The same object for the same groups: so many people share them."""
        if not found:
            return _NOBODY
        frozen = frozenset(found)
        return self._alike.setdefault(frozen, frozen)
