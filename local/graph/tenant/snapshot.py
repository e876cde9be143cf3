"""The tenant on disk, between two runs."""

from pathlib import Path

import msgspec

from local.graph.tenant.audit import AuditEntry
from local.graph.tenant.groups import Group, Role
from local.graph.tenant.person import Person
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


def save(tenant: Tenant, path: Path) -> None:
    """Write the tenant; the old file stays whole until the new one is."""
    snapshot = Snapshot(
        people=list(tenant.people.all_true()),
        groups=list(tenant.groups.values()),
        roles=list(tenant.roles.values()),
        audit=tenant.audit,
        switches=tenant.switches,
        lag=tenant.people.lag,
    )
    partial = path.with_suffix(".partial")
    partial.write_bytes(msgspec.json.encode(snapshot))
    partial.replace(path)


def load(tenant: Tenant, path: Path) -> None:
    """Fill an empty tenant from a file written by `save`."""
    snapshot = msgspec.json.decode(path.read_bytes(), type=Snapshot)
    tenant.people.add_all(snapshot.people)
    tenant.groups.update({group.id: group for group in snapshot.groups})
    tenant.roles.update({role.id: role for role in snapshot.roles})
    tenant.audit.extend(snapshot.audit)
    tenant.switches = snapshot.switches
    tenant.people.lag = snapshot.lag
