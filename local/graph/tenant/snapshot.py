"""The tenant on disk, between two runs."""

from pathlib import Path

import msgspec

from local.graph.tenant.audit import AuditEntry
from local.graph.tenant.groups import Group
from local.graph.tenant.organization import Organization
from local.graph.tenant.person import Person
from local.graph.tenant.policies import Policies
from local.graph.tenant.roles import Role
from local.graph.tenant.switches import Switches
from local.graph.tenant.tenant import Tenant


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """All of a tenant's truth. Whatever was still replicating counts as replicated."""

    people: list[Person]
    groups: list[Group]
    roles: list[Role]
    audit: list[AuditEntry]
    switches: Switches
    lag: float
    organization: Organization
    policies: Policies


def encoded(tenant: Tenant) -> bytes:
    """All of the tenant's truth."""
    snapshot = Snapshot(
        people=list(tenant.people.all_true()),
        groups=list(tenant.groups.all_true()),
        roles=list(tenant.roles.all_true()),
        audit=tenant.audit.entries,
        switches=tenant.switches,
        lag=tenant.people.lag,
        organization=tenant.organization,
        policies=tenant.policies,
    )
    return msgspec.json.encode(snapshot)


def save(tenant: Tenant, path: Path) -> None:
    """Write the tenant; the old file stays whole until the new one is."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(encoded(tenant))
    partial.replace(path)


def load(tenant: Tenant, path: Path) -> None:
    """Fill an empty tenant from a file written by `save`."""
    restore(tenant, path.read_bytes())


def restore(tenant: Tenant, raw: bytes) -> None:
    """Fill an empty tenant with what `encoded` told of another."""
    snapshot = msgspec.json.decode(raw, type=Snapshot)
    tenant.people.add_all(snapshot.people)
    for group in snapshot.groups:
        tenant.groups.write(group.id, group, lag=0)
    for role in snapshot.roles:
        tenant.roles.write(role.id, role, lag=0)
    for entry in snapshot.audit:
        tenant.audit.add(entry)
    tenant.switches = snapshot.switches
    tenant.people.lag = snapshot.lag
    tenant.organization = snapshot.organization
    tenant.policies = snapshot.policies
