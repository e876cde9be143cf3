"""A loopback TCP proxy that can cut connections and swallow answers."""

import asyncio
from contextlib import suppress
from typing import Final, Self

_CHUNK: Final = 65536
_Pair = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


class CuttingProxy:
    """Passes bytes on between clients and a server, until it is told not to.

    Args:
        port: the server's port on the loopback address.
    """

    def __init__(self, port: int) -> None:
        self._upstream_port = port
        self._server: asyncio.Server | None = None
        self._pairs: set[_Pair] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._answers_to_swallow = 0
        self._questions = b""
        self.swallowed = 0

    @property
    def port(self) -> int:
        """The port that clients connect to."""
        if self._server is None:
            raise RuntimeError("The proxy is not running.")
        return int(self._server.sockets[0].getsockname()[1])

    def swallow_answers(self, count: int, *, to: bytes) -> None:
        """Cut the connection in place of the next `count` answers to some kind of question.

        The server has worked the question off by then; the client never learns.

        Args:
            count: how many answers.
            to: what the bytes of such a question begin with.
        """
        self._answers_to_swallow = count
        self._questions = to

    def cut(self) -> None:
        """Cut every connection there is now."""
        for pair in self._pairs:
            _abort(*pair)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            self.cut()
            await asyncio.gather(*self._serving)
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.current_task()
        if serving is not None:
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(
                "127.0.0.1", self._upstream_port
            )
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, upstream_writer)
        asked = asyncio.Event()
        self._pairs.add(pair)
        try:
            await asyncio.gather(
                self._ask(reader, upstream_writer, asked, pair),
                self._answer(upstream_reader, writer, asked, pair),
            )
        finally:
            _abort(*pair)
            self._pairs.discard(pair)

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        asked: asyncio.Event,
        pair: _Pair,
    ) -> None:
        """Pass questions on; `asked` says that the answer to the last one is to be swallowed."""
        # A side that breaks off is what this proxy is for.
        with suppress(ConnectionError):
            while data := await reader.read(_CHUNK):
                if self._answers_to_swallow and data.startswith(self._questions):
                    self._answers_to_swallow -= 1
                    asked.set()
                writer.write(data)
                await writer.drain()
        _abort(*pair)

    async def _answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        asked: asyncio.Event,
        pair: _Pair,
    ) -> None:
        """Pass answers on, but for the one that is to be swallowed."""
        with suppress(ConnectionError):
            while data := await reader.read(_CHUNK):
                if asked.is_set():
                    self.swallowed += 1
                    break
                writer.write(data)
                await writer.drain()
        _abort(*pair)


def _abort(*writers: asyncio.StreamWriter) -> None:
    for writer in writers:
        writer.transport.abort()
