"""The host put together: one process, one loop."""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence

from aiohttp import web

from local.clock import StackClock
from local.host.admin import Admin
from local.host.configuration import HostConfiguration, HostFile
from local.host.http_trigger import HttpTriggers
from local.host.index import SERVICE_BUS, TIMER, IndexedFunction
from local.host.invocation import Invoker
from local.host.schedule_status import StatusFile
from local.host.servicebus_trigger import ServiceBusListener
from local.host.settings import connection
from local.host.timers import TimerListener

_LOOPBACK = "127.0.0.1"
# Azure's limit (learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger).
_MAX_BODY_BYTES = 100 * 1024 * 1024
_DRAIN_SECONDS = 60.0

_log = logging.getLogger("host")


class Host:
    """Serves the functions of one app until it is told to stop.

    Args:
        functions: indexed.
        file: host.json.
        configuration: keys and principals.
        clock: the stack's.
        statuses: what timers remember.
    """

    def __init__(
        self,
        functions: Sequence[IndexedFunction],
        file: HostFile,
        configuration: HostConfiguration,
        clock: StackClock,
        statuses: StatusFile,
    ) -> None:
        self._invoker = Invoker()
        enabled = [function for function in functions if function.enabled]
        self._timers = {
            function.name: TimerListener(function, clock, statuses, self._invoker)
            for function in enabled
            if function.kind == TIMER
        }
        self._buses = [
            ServiceBusListener(
                function,
                connection(str(function.trigger["connection"]), os.environ),
                file.service_bus,
                self._invoker,
            )
            for function in enabled
            if function.kind == SERVICE_BUS
        ]
        keys = configuration.keys()
        self._admin = Admin(functions, self._timers, keys, self._invoker)
        triggers = HttpTriggers(
            functions, file.route_prefix, keys, configuration.people(), self._invoker
        )
        self._web = web.Application(client_max_size=_MAX_BODY_BYTES)
        self._web.add_routes(self._admin.routes())
        self._web.router.add_route("*", "/{path:.*}", triggers.handle)

    async def serve(self, port: int, ready: Callable[[int], None], stopping: asyncio.Event) -> None:
        """Listen, call `ready` with the port, run until `stopping` is set, then drain."""
        # A body goes to the function as it came: a signature is over the raw bytes.
        runner = web.AppRunner(
            self._web,
            access_log=None,
            shutdown_timeout=_DRAIN_SECONDS,
            auto_decompress=False,
        )
        await runner.setup()
        site = web.TCPSite(runner, _LOOPBACK, port)
        await site.start()
        listeners: list[TimerListener | ServiceBusListener] = [
            *self._timers.values(),
            *self._buses,
        ]
        tasks = [asyncio.create_task(listener.run()) for listener in listeners]
        try:
            ready(int(runner.addresses[0][1]))
            await self._until(stopping, tasks)
        finally:
            for listener in listeners:
                listener.stop()
            await runner.cleanup()
            await self._drain(tasks)
            self._invoker.close()

    async def _until(self, stopping: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
        """Wait for the word to stop; a listener that ends by itself has a bug, which is raised."""
        stop = asyncio.create_task(stopping.wait())
        done, _ = await asyncio.wait({stop, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        for task in done - {stop}:
            await task

    async def _drain(self, tasks: list[asyncio.Task[None]]) -> None:
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await asyncio.gather(*tasks)
                await self._admin.drain()
        except TimeoutError:
            _log.warning("invocations still running were given up")
