"""The conditions under which the tenant runs: time, lag, throttling, faults, switches, size."""

import uuid
from functools import partial
from typing import Any

import msgspec
from aiohttp import web

from local.graph.api.routes import ALL_PERMISSIONS
from local.graph.control.handling import NoBody, answering
from local.graph.faults import Fault
from local.graph.identity import MANAGE_AS_APP
from local.graph.simulation import Simulation
from local.graph.tenant.switches import Switches
from local.graph.tenant.times import graph_time
from local.graph.throttling import ThrottlingSettings
from shared.rights import GRAPH_ROLES

_TEST_APP = str(uuid.UUID("7d1f6c1a-0000-4000-8000-00000000feed"))
_EVERY_ROLE = ALL_PERMISSIONS.union({MANAGE_AS_APP}, *GRAPH_ROLES.values())


class TokenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bearer token for Graph, or for another service.

    Attributes:
        roles: the application permissions it holds; left out, all that there are.
        app_id: the application it is for.
        expires_on: unix seconds of real time; a day from now when left out.
        audience: what it is for, when not Graph.
    """

    roles: frozenset[str] | None = None
    app_id: str = msgspec.field(name="appId", default=_TEST_APP)
    expires_on: int | None = msgspec.field(name="expiresOn", default=None)
    audience: str | None = None


class Advance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the stack's time moves on."""

    seconds: float = msgspec.field(name="advanceSeconds")


class Lag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long readers see the old value after a write."""

    seconds: float

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise ValueError("seconds is at least 0")


class Population(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many people, and which."""

    users: int
    seed: int = 1

    def __post_init__(self) -> None:
        if self.users < 0:
            raise ValueError("users is at least 0")


def routes(simulation: Simulation) -> list[web.RouteDef]:
    """The routes for conditions."""
    return [
        web.post("/_sim/token", answering(partial(_token, simulation), TokenRequest)),
        web.get("/_sim/clock", answering(partial(_time, simulation), NoBody)),
        web.post("/_sim/clock", answering(partial(_advance, simulation), Advance)),
        web.post("/_sim/lag", answering(partial(_lag, simulation), Lag)),
        web.post(
            "/_sim/throttling", answering(partial(_throttling, simulation), ThrottlingSettings)
        ),
        web.post("/_sim/switches", answering(partial(_switches, simulation), Switches)),
        web.post("/_sim/report", answering(partial(_report, simulation), NoBody)),
        web.post("/_sim/load", answering(partial(_load, simulation), Population)),
        web.post("/_sim/faults", answering(partial(_add_fault, simulation), Fault)),
        web.get("/_sim/faults", answering(partial(_list_faults, simulation), NoBody)),
        web.delete("/_sim/faults", answering(partial(_clear_faults, simulation), NoBody)),
    ]


def _token(simulation: Simulation, _: web.Request, body: TokenRequest) -> tuple[int, Any]:
    roles = _EVERY_ROLE if body.roles is None else body.roles
    audience = {} if body.audience is None else {"audience": body.audience}
    token = simulation.identities.mint(body.app_id, roles, expires_on=body.expires_on, **audience)
    return 200, {"access_token": token}


def _time(simulation: Simulation, _: web.Request, __: NoBody) -> tuple[int, Any]:
    return 200, {"now": graph_time(simulation.clock.now())}


def _advance(simulation: Simulation, _: web.Request, body: Advance) -> tuple[int, Any]:
    return 200, {"now": graph_time(simulation.clock.advance(body.seconds))}


def _lag(simulation: Simulation, _: web.Request, body: Lag) -> tuple[int, Any]:
    simulation.tenant.people.lag = body.seconds
    return 200, body


def _throttling(
    simulation: Simulation, _: web.Request, body: ThrottlingSettings
) -> tuple[int, Any]:
    simulation.throttling.configure(body)
    return 200, body


def _switches(simulation: Simulation, _: web.Request, body: Switches) -> tuple[int, Any]:
    tenant = simulation.tenant
    tenant.report.keep_up()
    before, tenant.switches = tenant.switches, body
    if body.report_lag_seconds != before.report_lag_seconds:
        tenant.report.make_now()
    return 200, body


def _report(simulation: Simulation, _: web.Request, __: NoBody) -> tuple[int, Any]:
    simulation.tenant.report.make_now()
    return 200, {"lastUpdatedDateTime": graph_time(simulation.clock.now())}


def _load(simulation: Simulation, _: web.Request, body: Population) -> tuple[int, Any]:
    simulation.load_population(body.users, body.seed)
    return 201, {"users": len(simulation.tenant.people)}


def _add_fault(simulation: Simulation, _: web.Request, body: Fault) -> tuple[int, Any]:
    simulation.faults.add(body)
    return 201, list(simulation.faults)


def _list_faults(simulation: Simulation, _: web.Request, __: NoBody) -> tuple[int, Any]:
    return 200, list(simulation.faults)


def _clear_faults(simulation: Simulation, _: web.Request, __: NoBody) -> tuple[int, Any]:
    simulation.faults.clear()
    return 204, None
