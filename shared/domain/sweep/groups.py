"""The groups on which a verdict can depend."""

from collections.abc import Iterator

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import groups_named
from shared.domain.ids import GroupId
from shared.domain.sweep.rows import Link
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import TenantReading


def groups_to_read(reading: TenantReading) -> Iterator[GroupToRead]:
    """Those that policies name, those that hold roles, and those that may use certificates."""
    policies = reading.settings.policies
    known = () if isinstance(policies, Unknown) else policies
    named = groups_named(policy.users for policy in known)
    holders = {
        one.principal_id
        for holdings in (reading.held, reading.eligible)
        if not isinstance(holdings, Unknown)
        for one in holdings
    }
    can_hold = reading.role_groups
    holding = frozenset() if isinstance(can_hold, Unknown) else can_hold & holders
    certificates = reading.certificates
    targeted = groups_named(() if isinstance(certificates, Unknown) else certificates)
    for group in sorted(named | holding | targeted):
        yield GroupToRead(GroupId(group), Link.MEMBER)
    excluded = {one for policy in known for one in policy.users.excluded.groups}
    # Who could join a group that holds a role could come to hold it.
    if any(policy.users.excluded.roles for policy in known):
        excluded |= holding
    for group in sorted(excluded):
        yield GroupToRead(GroupId(group), Link.COULD_JOIN)
