"""Run the broker: `python -m local.servicebus --port P --data DIR --clock FILE --config FILE`."""

import argparse
import asyncio
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from local.clock import StackClock
from local.servicebus.journal import note
from local.servicebus.server import Server
from local.servicebus.settings import read_settings
from local.servicebus.store import Store

_DATABASE = "servicebus.sqlite"


def main() -> None:
    """Read the command line and serve until SIGTERM or SIGINT."""
    arguments = _parser().parse_args()
    settings = read_settings(arguments.config)
    arguments.data.mkdir(parents=True, exist_ok=True)
    with StackClock(arguments.clock) as clock:
        server = Server(Store(arguments.data / _DATABASE), clock, settings)
        asyncio.run(_serve(server, arguments.port))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local.servicebus",
        description="A stand-in for Azure Service Bus on the loopback interface.",
    )
    parser.add_argument("--port", type=int, required=True, help="0 picks a free port")
    parser.add_argument("--data", type=Path, required=True, help="directory for the messages")
    parser.add_argument("--clock", type=Path, required=True, help="file of the stack clock")
    parser.add_argument("--config", type=Path, required=True, help="entities, limits, key (JSON)")
    return parser


async def _serve(server: Server, port: int) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    loop.set_exception_handler(_crash)
    await server.run(port, stopped=stopped)


def _crash(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """End at once on a fault of our own: what is not committed was not acknowledged either."""
    error = context.get("exception")
    note("crashed", message=context["message"], error=repr(error))
    if error is not None:
        traceback.print_exception(error, file=sys.stderr)
    sys.stderr.flush()
    signal.raise_signal(signal.SIGKILL)


if __name__ == "__main__":
    main()
