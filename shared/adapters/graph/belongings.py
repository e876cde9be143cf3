"""What people are to Conditional Access policies, live."""

from collections.abc import Sequence
from typing import Final

from shared.adapters.graph.sweep.sending import unless_refused
from shared.application.ports.people import Privileges
from shared.application.ports.sweep import Bonds, OnePerson
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging, GuestKind
from shared.domain.conditional_access.policies import Policy
from shared.domain.errors.directory import AccountNotVisible, PrivilegesUnreadable
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.belongings import Belongings
from shared.domain.sweep.groups import groups_to_read
from shared.domain.sweep.tenant import Holding, TenantReading

_NO_BONDS: Final = Bonds(members=(), unread=())


class GraphBelongings:
    """Reads of a person what policies name: groups, roles and guests cost nothing otherwise.

    Args:
        person: reads a single person live.
        privileges: who holds a directory role, or could.
    """

    def __init__(self, person: OnePerson, privileges: Privileges) -> None:
        self._person = person
        self._privileges = privileges

    async def of(self, user: UserId, policies: Sequence[Policy]) -> Belonging:
        """What a person is to these policies.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
            LifecycleError: the directory is in passing trouble.
        """
        user = UserId(user.lower())
        sides = [side for one in policies for side in (one.users.included, one.users.excluded)]
        roles = await self._roles(user) if any(side.roles for side in sides) else ()
        reading = TenantReading(
            settings=Settings(policies=tuple(policies)), held=roles, eligible=roles
        )
        groups = tuple(groups_to_read(reading))
        bonds = await self._person.bonds(user, groups) if groups else _NO_BONDS
        names_guests = any(side.guests is not None for side in sides)
        guest = await unless_refused(self._guest(user)) if names_guests else None
        return Belongings(reading, bonds.members, bonds.unread).of(user, guest)

    async def _guest(self, user: UserId) -> GuestKind | None:
        found = await self._person.person(user)
        if found is None:
            raise AccountNotVisible("The directory does not know the person.")
        return found.guest

    async def _roles(self, user: UserId) -> tuple[Holding, ...] | Unknown:
        """No roles, where they hold none and could hold none. Others' are not looked up."""
        try:
            privilege = await self._privileges.privilege(user)
        except PrivilegesUnreadable as error:
            return Unknown(error.detail)
        if privilege is Privilege.NONE:
            return ()
        if isinstance(privilege, Unknown):
            return privilege
        return Unknown("A policy names roles, and the person holds one or could.")
