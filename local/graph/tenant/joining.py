"""Joining and leaving groups through Graph, and which groups cannot be written."""

from collections.abc import Sequence

import msgspec

from local.graph.tenant.groups import Group, check_nesting
from local.graph.tenant.refusals import RefusedError, UnknownObjectError
from local.graph.tenant.tenant import Tenant

_MASTERED_ON_PREMISES = (
    "Unable to update the specified properties for on-premises mastered Directory Sync objects or"
    " objects currently undergoing migration."
)


def join(tenant: Tenant, group_id: str, members: Sequence[str], by: str) -> None:
    """Add members (object ids) to a group: all of them, or nobody.

    Raises:
        RefusedError: one is a member already, or the group takes no such members.
        UnknownObjectError: readers see no such group or member yet.
    """
    group = _writable(tenant, group_id)
    ids = [_seen_id(tenant, member) for member in members]
    if len(set(ids)) < len(ids) or not set(ids).isdisjoint(group.members):
        raise RefusedError(
            "One or more added object references already exist for the following modified"
            " properties: 'members'."
        )
    check_nesting(group, (tenant.groups.truth(one) for one in ids if tenant.is_group(one)))
    tenant.groups.write(group.id, msgspec.structs.replace(group, members=(*group.members, *ids)))
    for member in ids:
        tenant.record("Add member to group", member, by, group=group.id)


def leave(tenant: Tenant, group_id: str, member: str, by: str) -> None:
    """Remove a member (object id) from a group.

    Raises:
        RefusedError: nobody writes the members of this group.
        UnknownObjectError: there is no such group, or the object is no direct member.
    """
    group = _writable(tenant, group_id)
    key = member.casefold()
    if key not in group.members:
        raise UnknownObjectError(member)
    kept = tuple(other for other in group.members if other != key)
    tenant.groups.write(group.id, msgspec.structs.replace(group, members=kept))
    tenant.record("Remove member from group", key, by, group=group.id)


def _writable(tenant: Tenant, group_id: str) -> Group:
    tenant.groups.seen(group_id)
    group = tenant.groups.truth(group_id)
    if group.membership_rule is not None:
        raise RefusedError("The members of a group with dynamic membership cannot be changed.")
    if group.on_premises_sync_enabled:
        raise RefusedError(_MASTERED_ON_PREMISES)
    return group


def _seen_id(tenant: Tenant, key: str) -> str:
    return tenant.groups.seen(key).id if tenant.is_group(key) else tenant.people.seen(key).id
