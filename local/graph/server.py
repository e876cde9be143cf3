"""Starting and stopping: one process, one address, one snapshot."""

import asyncio
import signal

from aiohttp import web

from local.graph.control import control_routes
from local.graph.front import front_routes
from local.graph.simulation import Simulation

HOST = "127.0.0.1"
_LARGEST_BODY = 4 * 1024 * 1024
_SHUTDOWN_SECONDS = 1.0


async def serve(simulation: Simulation, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then write the snapshot.

    Args:
        port: 0 takes a free one. The address is printed when requests are answered.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        build_app(simulation), access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        bound = runner.addresses[0][1]
        print(f"listening on {HOST}:{bound}", flush=True)  # noqa: T201 - what the caller waits for
        await stop.wait()
    finally:
        await runner.cleanup()
    simulation.save()


def build_app(simulation: Simulation) -> web.Application:
    """The web application over a simulation."""
    app = web.Application(client_max_size=_LARGEST_BODY)
    app.add_routes(control_routes(simulation))
    app.add_routes(front_routes(simulation))
    return app
