"""What happens to accounts beside Graph: passwords change, administrators block people."""

from functools import partial
from typing import Any

import msgspec
from aiohttp import web

from local.graph.control.handling import answering
from local.graph.simulation import Simulation
from local.graph.tenant.accounts import change_password
from local.graph.tenant.audit import PERSON, PORTAL
from local.graph.tenant.tenant import Tenant

_PERSON = "/_sim/users/{user}"


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another password.

    Attributes:
        by: `person`, `portal`, or the administrator who resets it, by id or sign-in name.
    """

    by: str = PERSON


class Blocking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An administrator blocks a person, or lets them in again.

    Attributes:
        by: `portal`, or the administrator, by id or sign-in name.
    """

    blocked: bool
    by: str = PORTAL


def routes(simulation: Simulation) -> list[web.RouteDef]:
    """The routes for accounts."""
    tenant = simulation.tenant
    return [
        web.post(f"{_PERSON}/password", answering(partial(_change_password, tenant), NewPassword)),
        web.post(f"{_PERSON}/block", answering(partial(_block, tenant), Blocking)),
    ]


def _change_password(tenant: Tenant, request: web.Request, body: NewPassword) -> tuple[int, Any]:
    user = request.match_info["user"]
    by = body.by if body.by == PERSON else _administrator(tenant, body.by)
    change_password(tenant, user, by)
    changed_at = tenant.people.truth(user).value("lastPasswordChangeDateTime")
    return 200, {"lastPasswordChangeDateTime": changed_at}


def _block(tenant: Tenant, request: web.Request, body: Blocking) -> tuple[int, Any]:
    user = request.match_info["user"]
    enabled = {"accountEnabled": not body.blocked}
    tenant.update_person(user, enabled, by=_administrator(tenant, body.by))
    return 200, enabled


def _administrator(tenant: Tenant, key: str) -> str:
    return key if key == PORTAL else tenant.people.truth(key).id
