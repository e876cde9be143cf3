"""Groups, directory roles and domains: making them, removing them, the truth about them."""

import uuid
from functools import partial
from typing import Any

import msgspec
from aiohttp import web

from local.graph.control.handling import NoBody, answering
from local.graph.simulation import Simulation
from local.graph.tenant.groups import Group
from local.graph.tenant.organization import Domain
from local.graph.tenant.roles import Role
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.times import graph_time

_GROUP = "/_sim/groups/{group}"


class _New(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    display_name: str
    members: tuple[str, ...] = ()
    eligible_members: tuple[str, ...] = ()
    id: str | None = None


class NewGroup(_New, frozen=True, kw_only=True, rename="camel"):
    """A group; everybody in it by id or sign-in name, groups by id."""

    owners: tuple[str, ...] = ()
    eligible_owners: tuple[str, ...] = ()
    is_assignable_to_role: bool = False
    hidden_membership: bool = False
    public: bool = False
    membership_rule: str | None = None
    on_premises_sync_enabled: bool = False


class NewRole(_New, frozen=True, kw_only=True, rename="camel"):
    """An active directory role; `id` is its template id. A known id gets more holders."""

    is_built_in: bool = True


def routes(simulation: Simulation) -> list[web.RouteDef]:
    """The routes for groups, roles and domains."""
    tenant = simulation.tenant
    return [
        web.post("/_sim/groups", answering(partial(_add_group, tenant), NewGroup)),
        web.get(_GROUP, answering(partial(_truth, tenant), NoBody)),
        web.delete(_GROUP, answering(partial(_delete_group, tenant), NoBody)),
        web.post("/_sim/roles", answering(partial(_add_role, tenant), NewRole)),
        web.post("/_sim/domains", answering(partial(_add_domain, tenant), Domain)),
        web.delete("/_sim/roles/{role}", answering(partial(_delete_role, tenant), NoBody)),
    ]


def _add_group(tenant: Tenant, _: web.Request, body: NewGroup) -> tuple[int, Any]:
    return 201, tenant.add_group(Group(**_identity(tenant, body)))


def _truth(tenant: Tenant, request: web.Request, _: NoBody) -> tuple[int, Any]:
    return 200, tenant.groups.truth(request.match_info["group"])


def _delete_group(tenant: Tenant, request: web.Request, _: NoBody) -> tuple[int, Any]:
    tenant.groups.write(tenant.groups.truth(request.match_info["group"]).id, None)
    return 204, None


def _add_role(tenant: Tenant, _: web.Request, body: NewRole) -> tuple[int, Any]:
    return 201, tenant.add_role(Role(**_identity(tenant, body)))


def _delete_role(tenant: Tenant, request: web.Request, _: NoBody) -> tuple[int, Any]:
    tenant.roles.write(tenant.roles.truth(request.match_info["role"]).id, None)
    return 204, None


def _add_domain(tenant: Tenant, _: web.Request, body: Domain) -> tuple[int, Any]:
    tenant.organization.add(body)
    return 201, body


def _identity(tenant: Tenant, body: _New) -> dict[str, Any]:
    """The fields of a new object: those given, an id and the time of creation."""
    given = msgspec.structs.asdict(body)
    chosen = str(uuid.uuid4()) if body.id is None else body.id.casefold()
    return {**given, "id": chosen, "created": graph_time(tenant.now())}
