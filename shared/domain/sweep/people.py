"""From the rows that were read of a person to what the verdict needs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging, GuestKind, Reach, reach
from shared.domain.ids import UserId
from shared.domain.posture.person import Person
from shared.domain.posture.registration import Registration
from shared.domain.sweep.rows import Link, MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import Holding, TenantReading

_NOBODY: Final[frozenset[str]] = frozenset()
_NOT_TOLD: Final = Unknown("The directory did not tell the per-user MFA state.")
_WHO_COULD_HOLD: Final = Unknown("Nobody can tell who could join a group that holds roles.")
_AT_HOME: Final = Unknown("Whether they do MFA in their own organisation, nobody here can tell.")
_UNREAD_EXEMPTION: Final = Unknown("The case of their exemption can't be read.")
_CERTIFICATES: Final = Unknown(
    "The tenant lets them sign in with certificates, and nobody can tell whether they have one."
)


class People:
    """Puts together what is known of people.

    Args:
        reading: what was read of the tenant.
        members: who is bound to which groups.
        registrations: what people have registered.
        unread: groups of which nobody can tell that.
        missing: what not to be among the registrations means.
        now: when the run began.
    """

    def __init__(
        self,
        reading: TenantReading,
        members: Iterable[MemberRow],
        registrations: Iterable[RegistrationRow],
        *,
        unread: Iterable[GroupToRead],
        missing: Unknown,
        now: datetime,
    ) -> None:
        self._reading = reading
        self._groups: dict[Link, dict[UserId, set[str]]] = {link: defaultdict(set) for link in Link}
        for row in members:
            self._groups[row.link][row.user_id].add(row.group_id)
        self._unread = {
            link: frozenset(str(one.group_id) for one in unread if one.link is link)
            for link in Link
        }
        self._registrations = {row.user_id: row for row in registrations}
        self._missing = missing
        self._records = reading.records
        self._now = now
        self._roles = self._by_holder(reading.held, tenant_wide=True)
        could = (reading.held, reading.eligible)
        self._could_hold = self._by_holder(*could, tenant_wide=False)
        self._alike: dict[frozenset[str], frozenset[str]] = {}

    def registration_row(self, user: UserId) -> RegistrationRow | None:
        """What was read of what somebody has registered."""
        return self._registrations.get(user)

    def person(self, row: PersonRow) -> Person:
        """What is known of a person."""
        user = row.user_id
        belonging = self._belonging(row)
        return Person(
            belonging=belonging,
            state=_NOT_TOLD if row.state is None else row.state,
            registration=self._registration(user),
            elsewhere=self._elsewhere(row, belonging),
            exempt=_UNREAD_EXEMPTION
            if user in self._records.unreadable
            else user in self._records.exempt,
            break_glass=user in self._records.break_glass,
            in_grace=self._in_grace(row),
        )

    def _registration(self, user: UserId) -> Registration | Unknown:
        row = self._registrations.get(user)
        if row is None:
            return self._missing
        return Registration(means=row.means, capable=row.capable, keys=row.keys)

    def _belonging(self, row: PersonRow) -> Belonging:
        user = row.user_id
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
            guest=row.guest,
        )

    def _elsewhere(self, row: PersonRow, belonging: Belonging) -> bool | Unknown:
        reading = self._reading
        if row.guest is not None and row.guest is not GuestKind.INTERNAL_GUEST:
            # That it is believed where it was done does not say that it was.
            return _AT_HOME if reading.home_mfa_trusted is True else reading.home_mfa_trusted
        if isinstance(reading.trusted_domains, Unknown):
            return reading.trusted_domains
        domain = row.sign_in_name.rpartition("@")[2].casefold()
        if domain in reading.trusted_domains:
            return True
        if domain in reading.doubtful_domains:
            return reading.doubtful_domains[domain]
        if isinstance(reading.certificates, Unknown):
            return reading.certificates
        # Who could come to be left out is not, as long as they don't.
        now = replace(belonging, could_join=_NOBODY, unread_joins=_NOBODY, could_hold=_NOBODY)
        targeted = any(reach(users, now) is not Reach.NO for users in reading.certificates)
        return _CERTIFICATES if targeted else False

    def _in_grace(self, row: PersonRow) -> bool:
        deadline = self._records.deadlines.get(row.user_id)
        if deadline is not None:
            return self._now < deadline
        return row.since is not None and self._now - row.since < self._records.grace

    def _by_holder(
        self, *lists: tuple[Holding, ...] | Unknown, tenant_wide: bool
    ) -> Mapping[str, set[str]] | Unknown:
        """The roles of each person and group that holds any."""
        found: dict[str, set[str]] = defaultdict(set)
        # Who can't be told apart from a group may be one, and stand for people.
        if isinstance(self._reading.role_groups, Unknown):
            return self._reading.role_groups
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
