"""One client's connection: the bytes between a socket and the AMQP engine."""

import asyncio
import time
from collections.abc import Callable
from typing import cast

import proton
from proton import Collector, Transport

from local.servicebus.conditions import condition
from local.servicebus.journal import note
from local.servicebus.peer import Peer

_MAX_FRAME_SIZE = 64 * 1024


class Connection(asyncio.Protocol):
    """Feeds the engine with what comes in; lets out what the engine has when told to.

    Nothing leaves on its own, so that what the engine says can be committed first.

    Args:
        peer: answers the events of the engine.
        on_activity: called when something came in that may need an answer.
        on_lost: called when the connection is over.
    """

    def __init__(
        self,
        peer: Peer,
        on_activity: Callable[[], None],
        on_lost: Callable[["Connection"], None],
    ) -> None:
        self.peer = peer
        self._on_activity = on_activity
        self._on_lost = on_lost
        self._socket: asyncio.Transport | None = None
        self._collector = Collector()
        self._amqp = proton.Connection()
        self._amqp.collect(self._collector)
        self._engine = Transport(Transport.SERVER)
        self._engine.max_frame_size = _MAX_FRAME_SIZE
        sasl = self._engine.sasl()
        # The client authenticates by the tokens it puts; the SASL layer is only passed through.
        sasl.allowed_mechs("ANONYMOUS")
        self._engine.bind(self._amqp)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            capacity = self._engine.capacity()
            if capacity <= 0:
                break
            self._engine.push(bytes(rest[:capacity]))
            rest = rest[capacity:]
            self._dispatch()
        self._on_activity()

    def connection_lost(self, exc: Exception | None) -> None:
        self.peer.forget()
        self._on_lost(self)
        note("connection closed", reason=str(exc) if exc else None)

    def flush(self) -> None:
        """Let out what the engine has to say; what it says is committed by now."""
        if self._socket is None or self._socket.is_closing():
            return
        while (pending := self._engine.pending()) > 0:
            self._socket.write(self._engine.peek(pending) or b"")
            self._engine.pop(pending)
            self._dispatch()
        if pending < 0:
            self._socket.close()

    def tick(self) -> None:
        """Keep the heartbeat that the client asked for, and close links that lost their right."""
        self._engine.tick(time.monotonic())
        self.peer.close_expired()

    def close(self) -> None:
        """Say goodbye, as a broker does that is about to stop."""
        self._amqp.condition = condition("amqp:connection:forced", "The broker is stopping.")
        self._amqp.close()

    def _dispatch(self) -> None:
        while (event := self._collector.peek()) is not None:
            try:
                event.dispatch(self.peer)
            except UnicodeDecodeError:
                # proton decodes names and addresses only when they are looked at.
                self._amqp.condition = condition("amqp:decode-error", "A string is no UTF-8.")
                self._amqp.close()
            self._collector.pop()
