"""Groups: their members, owners and kinds, and what of them can be changed."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from local.graph.tenant.refusals import RefusedError

PropertyValue = str | bool | list[str] | None


class Access(StrEnum):
    """As what somebody belongs to a group."""

    MEMBER = "member"
    OWNER = "owner"


class Group(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A group. People and groups stand in it by object id.

    Attributes:
        created: RFC 3339.
        eligible_members: who can become a member through PIM for Groups.
        eligible_owners: who can become an owner through PIM for Groups.
        is_assignable_to_role: it can hold a directory role.
        hidden_membership: reading its members takes `Member.Read.Hidden`.
        public: anybody in the organisation can join it.
        membership_rule: the rule of a dynamic group, whose members nobody writes.
        on_premises_sync_enabled: it is mastered on premises; Graph does not write it.
    """

    id: str
    display_name: str
    created: str
    members: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    eligible_members: tuple[str, ...] = ()
    eligible_owners: tuple[str, ...] = ()
    is_assignable_to_role: bool = False
    hidden_membership: bool = False
    public: bool = False
    membership_rule: str | None = None
    on_premises_sync_enabled: bool = False

    @property
    def is_unified(self) -> bool:
        """Whether it is a Microsoft 365 group: no other is public or hides its members."""
        return self.public or self.hidden_membership

    def eligible(self, access: Access) -> tuple[str, ...]:
        """Who can become a member or an owner."""
        return self.eligible_members if access is Access.MEMBER else self.eligible_owners

    def active(self, access: Access) -> tuple[str, ...]:
        """Who is a member or an owner."""
        return self.members if access is Access.MEMBER else self.owners

    def properties(self) -> dict[str, PropertyValue]:
        """Its Graph properties, as a GET without `$select` shows them."""
        dynamic = self.membership_rule is not None
        visibility = "Public" if self.public else None
        kinds = ["Unified"] * self.is_unified + ["DynamicMembership"] * dynamic
        return {
            "id": self.id,
            "createdDateTime": self.created,
            "description": None,
            "displayName": self.display_name,
            "groupTypes": kinds,
            "isAssignableToRole": True if self.is_assignable_to_role else None,
            "mail": None,
            "mailEnabled": self.is_unified,
            "mailNickname": self.id[:8],
            "membershipRule": self.membership_rule,
            "membershipRuleProcessingState": "On" if dynamic else None,
            "onPremisesSyncEnabled": True if self.on_premises_sync_enabled else None,
            "securityEnabled": True,
            "visibility": "HiddenMembership" if self.hidden_membership else visibility,
        }


GROUP_PROPERTIES = tuple(Group(id="", display_name="", created="").properties())


def check_kind(group: Group) -> None:
    """Refuse a group that the directory does not make.

    Raises:
        RefusedError: a role-assignable group is neither dynamic, hidden, public nor synchronised;
            a synchronised group is neither dynamic, hidden nor public; no group is both of these;
            nobody is eligible for a dynamic or synchronised one.
    """
    if group.public and group.hidden_membership:
        raise RefusedError("A group that hides its members is not public.")
    special = group.membership_rule is not None or group.is_unified
    if group.is_assignable_to_role and (special or group.on_premises_sync_enabled):
        raise RefusedError(
            "A role-assignable group is assigned, visible, private and of the cloud."
        )
    if group.on_premises_sync_enabled and special:
        raise RefusedError("A synchronised group is neither dynamic, hidden nor public.")
    writable = group.membership_rule is None and not group.on_premises_sync_enabled
    if (group.eligible_members or group.eligible_owners) and not writable:
        # https://learn.microsoft.com/entra/id-governance/privileged-identity-management/concept-pim-for-groups
        raise RefusedError("PIM for Groups takes no dynamic or synchronised group.")


def check_nesting(group: Group, inner: Iterable[Group]) -> None:
    """Refuse groups inside a group that Entra ID does not nest.

    https://learn.microsoft.com/entra/fundamentals/how-to-manage-groups

    Raises:
        RefusedError: only security groups whose members are assigned, and that hold no roles, have
            groups in them, and only security groups.
    """
    for one in inner:
        if group.is_assignable_to_role:
            raise RefusedError("Nested groups are not supported in role-assignable groups.")
        if group.is_unified or one.is_unified:
            raise RefusedError("Microsoft 365 groups neither hold groups nor are held by them.")
        if group.membership_rule is not None:
            raise RefusedError("The rule of a dynamic group finds people and devices alone.")
