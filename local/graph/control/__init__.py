"""The control side, under `/_sim/`: what a test does to the tenant, and what it may ask.

It needs no token (the server listens on loopback only), sees the truth whatever readers of Graph
see, and is a contract: outside checks drive it. A bad request is answered with
`{"error": reason}` and 400, 404 or 409.
"""

from aiohttp import web

from local.graph.control import accounts, conditions, directory, observations, people
from local.graph.simulation import Simulation


def control_routes(simulation: Simulation) -> list[web.RouteDef]:
    """All routes of the control side."""
    return [
        *people.routes(simulation),
        *accounts.routes(simulation),
        *directory.routes(simulation),
        *conditions.routes(simulation),
        *observations.routes(simulation),
        web.route("*", "/_sim/{rest:.*}", _unknown),
    ]


async def _unknown(request: web.Request) -> web.StreamResponse:
    return web.json_response({"error": f"no control {request.method} {request.path}"}, status=404)
