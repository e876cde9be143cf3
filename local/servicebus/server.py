"""The broker as a server: its turns, its clocks, its socket.

A turn of the event loop takes in what clients sent, hands out what has become receivable, commits,
and only then lets the bytes out: dispositions, responses and messages alike. So one commit covers
everything that arrived together, and nothing is ever acknowledged that is not on disk.
"""

import asyncio
import time

from local.clock import StackClock
from local.servicebus import sending, settling
from local.servicebus.connection import Connection
from local.servicebus.dispatch import Dispatcher
from local.servicebus.journal import note
from local.servicebus.namespace import Namespace
from local.servicebus.peer import Broker, Peer
from local.servicebus.settings import Settings
from local.servicebus.store import Store
from local.servicebus.tokens import Key
from local.servicebus.topology import Topology

HOST = "127.0.0.1"
_LOOK_EVERY = 0.05
"""Seconds of real time between two looks at the clocks: how late a jump is noticed at most."""
_HEARTBEAT_EVERY = 1.0


class Server:
    """Listens on the loopback interface until it is closed.

    Args:
        store: the messages; the server closes it when it ends.
        clock: the stack clock.
        settings: the entities, the limits, the key.
    """

    def __init__(self, store: Store, clock: StackClock, settings: Settings) -> None:
        self._store = store
        self._namespace = Namespace(
            store=self._store,
            topology=Topology(settings),
            limits=settings.limits,
            now=lambda: round(clock.now().timestamp() * 1000),
            real_now=lambda: round(time.time() * 1000),
        )
        self._broker = Broker(
            self._namespace,
            Dispatcher(self._namespace),
            Key(settings.shared_access_key_name, settings.shared_access_key),
        )
        self._connections: set[Connection] = set()
        self._turn_is_due = False

    async def run(self, port: int, *, stopped: asyncio.Event) -> None:
        """Serve until `stopped` is set. Prints one line when it is ready.

        Args:
            port: the port to listen on; 0 picks a free one.
            stopped: ends the server.
        """
        loop = asyncio.get_running_loop()
        for path in self._store.drop_all_but(self._namespace.topology.paths()):
            note("messages of an unknown entity dropped", path=path)
        server = await loop.create_server(self._accept, HOST, port)
        bound = server.sockets[0].getsockname()[1]
        print(f"listening on {HOST}:{bound}", flush=True)  # noqa: T201 - the sign to the parent
        note("started", port=bound)
        upkeep = asyncio.create_task(self._keep_up())
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({upkeep, waiting}, return_when=asyncio.FIRST_COMPLETED)
        server.close()
        if upkeep.done():
            upkeep.result()
        upkeep.cancel()
        self._stop()
        note("stopped")

    def _accept(self) -> Connection:
        connection = Connection(Peer(self._broker), self._call_a_turn, self._connections.discard)
        self._connections.add(connection)
        return connection

    def _call_a_turn(self) -> None:
        if not self._turn_is_due:
            self._turn_is_due = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._turn_is_due = False
        more = self._broker.dispatcher.serve()
        self._store.commit()
        for connection in list(self._connections):
            connection.flush()
        if more:
            self._call_a_turn()

    async def _keep_up(self) -> None:
        heartbeat = time.monotonic()
        while True:
            settling.end_locks(self._namespace)
            sending.enqueue_due(self._namespace)
            settling.drop_expired(self._namespace)
            if time.monotonic() - heartbeat >= _HEARTBEAT_EVERY:
                heartbeat = time.monotonic()
                for connection in self._connections:
                    connection.tick()
            self._turn()
            await asyncio.sleep(_LOOK_EVERY)

    def _stop(self) -> None:
        for connection in self._connections:
            connection.close()
        self._turn()
        self._store.close()
