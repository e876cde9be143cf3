"""What happened: the requests, the counts, and the directory's audit log."""

from functools import partial
from typing import Any

from aiohttp import web

from local.graph.control.handling import NoBody, answering
from local.graph.simulation import Simulation
from local.graph.tenant.snapshot import encoded


def routes(simulation: Simulation) -> list[web.RouteDef]:
    """The routes for observations."""
    return [
        web.get("/_sim/stats", answering(partial(_stats, simulation), NoBody)),
        web.get("/_sim/requests", answering(partial(_requests, simulation), NoBody)),
        web.delete("/_sim/requests", answering(partial(_forget, simulation), NoBody)),
        web.get("/_sim/audit", answering(partial(_audit, simulation), NoBody)),
        web.get("/_sim/snapshot", partial(_snapshot, simulation)),
    ]


def _stats(simulation: Simulation, _: web.Request, __: NoBody) -> tuple[int, Any]:
    journal = simulation.journal
    return 200, {"requests": dict(journal.counts), "writes": journal.writes}


def _requests(simulation: Simulation, _: web.Request, __: NoBody) -> tuple[int, Any]:
    return 200, list(simulation.journal.entries)


def _forget(simulation: Simulation, _: web.Request, __: NoBody) -> tuple[int, Any]:
    simulation.journal.clear()
    return 204, None


def _audit(simulation: Simulation, _: web.Request, __: NoBody) -> tuple[int, Any]:
    return 200, simulation.tenant.audit.entries


async def _snapshot(simulation: Simulation, _: web.Request) -> web.StreamResponse:
    return web.Response(body=encoded(simulation.tenant), content_type="application/json")
