"""Whom a policy covers.

Source: https://learn.microsoft.com/graph/api/resources/conditionalaccessusers
"""

from typing import Literal

import msgspec

from local.graph.api.policy_schema.model import (
    InvalidPolicyError,
    Known,
    Model,
    check_known,
    is_guid,
    read_flags,
)

_ALONE = frozenset({"All", "None"})
_GUESTS = "GuestsOrExternalUsers"
_KINDS = (
    "internalGuest",
    "b2bCollaborationGuest",
    "b2bCollaborationMember",
    "b2bDirectConnectUser",
    "otherExternalUser",
    "serviceProvider",
)


class AllTenants(
    Model,
    frozen=True,
    tag_field="@odata.type",
    tag="#microsoft.graph.conditionalAccessAllExternalTenants",
):
    """Externals of whichever tenant."""

    membership_kind: Literal["all"] = "all"


class SomeTenants(
    Model,
    frozen=True,
    tag_field="@odata.type",
    tag="#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
):
    """Externals of these tenants."""

    members: tuple[str, ...]
    membership_kind: Literal["enumerated"] = "enumerated"

    def __post_init__(self) -> None:
        if not self.members or not all(map(is_guid, self.members)):
            raise ValueError("the members are the ids of tenants")


class Externals(Model, frozen=True):
    """Guests and externals by their kinds."""

    guest_or_external_user_types: str
    external_tenants: AllTenants | SomeTenants | None = None


class Users(Model, frozen=True):
    """Whom a policy covers."""

    include_users: tuple[str, ...] = ()
    exclude_users: tuple[str, ...] = ()
    include_groups: tuple[str, ...] = ()
    exclude_groups: tuple[str, ...] = ()
    include_roles: tuple[str, ...] = ()
    exclude_roles: tuple[str, ...] = ()
    include_guests_or_external_users: Externals | None = None
    exclude_guests_or_external_users: Externals | None = None


NOBODY = Users(include_users=("None",))


def checked_users(users: Users, known: Known) -> Users:
    """Whom a policy covers, as the service stores it.

    Raises:
        InvalidPolicyError: it contradicts itself, or names who is not there.
        UnmodelledPolicyError: it names the kind `none`.
    """
    included = users.include_users + users.include_groups + users.include_roles
    if not included and users.include_guests_or_external_users is None:
        raise InvalidPolicyError("1011: The policy must include users, groups or roles.")
    if _ALONE & set(users.include_users) and len(users.include_users) > 1:
        raise InvalidPolicyError("1011: 'All' and 'None' stand alone among the included users.")
    check_known(users.include_users, {*_ALONE, _GUESTS}, known.user, "user")
    check_known(users.exclude_users, {_GUESTS}, known.user, "user")
    check_known(users.include_groups + users.exclude_groups, (), known.group, "group")
    check_known(users.include_roles + users.exclude_roles, (), is_guid, "role")
    folded = {
        name: tuple(_folded(value) for value in values)
        for name, values in msgspec.structs.asdict(users).items()
        if isinstance(values, tuple)
    }
    return msgspec.structs.replace(
        users,
        **folded,
        include_guests_or_external_users=_checked(users.include_guests_or_external_users),
        exclude_guests_or_external_users=_checked(users.exclude_guests_or_external_users),
    )


def _checked(externals: Externals | None) -> Externals | None:
    if externals is None:
        return None
    kinds = read_flags(
        externals.guest_or_external_user_types, _KINDS, "conditionalAccessGuestOrExternalUserTypes"
    )
    tenants = externals.external_tenants
    if isinstance(tenants, SomeTenants):
        members = tuple(member.casefold() for member in tenants.members)
        tenants = msgspec.structs.replace(tenants, members=members)
    return Externals(guest_or_external_user_types=kinds, external_tenants=tenants)


def _folded(value: str) -> str:
    return value.casefold() if is_guid(value) else value
