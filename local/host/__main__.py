"""`python -m local.host`: runs a function app on this machine."""

import argparse
import asyncio
import importlib
import logging
import os
import signal
import sys
from pathlib import Path

from local.clock import StackClock
from local.host import logs
from local.host.configuration import (
    ConfigurationError,
    HostFile,
    read_configuration,
    read_host_file,
)
from local.host.index import IndexingError, index
from local.host.schedule_status import StatusFile
from local.host.server import Host
from local.host.standstill import standstill_told

_log = logging.getLogger("host")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--app", required=True, metavar="MODULE:ATTRIBUTE")
    parser.add_argument("--port", required=True, type=int, help="0 takes a free one")
    parser.add_argument("--clock", required=True, type=Path, help="the stack clock's file")
    parser.add_argument("--config", required=True, type=Path, help="keys and principals, JSON")
    parser.add_argument("--root", type=Path, help="the directory of host.json and the module")
    return parser.parse_args()


def _load(reference: str) -> object:
    module, _, attribute = reference.partition(":")
    return getattr(importlib.import_module(module), attribute or "app")


def _say_ready(port: int) -> None:
    sys.stdout.write(f"listening on 127.0.0.1:{port}\n")
    sys.stdout.flush()


async def _run(arguments: argparse.Namespace) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    configuration = read_configuration(arguments.config)
    file = HostFile() if arguments.root is None else read_host_file(arguments.root, os.environ)
    functions = index(_load(arguments.app), os.environ)
    with StackClock(arguments.clock) as clock:
        statuses = StatusFile(arguments.clock.with_suffix(".timers.json"), clock)
        host = Host(functions, file, configuration, clock, statuses)
        async with standstill_told():
            await host.serve(arguments.port, _say_ready, stopping)


def main() -> int:
    """Run until SIGTERM or SIGINT; 1 where the app can't be run, each reason in the log."""
    logs.configure()
    arguments = _arguments()
    # As App Service does where Authentication is on; the app trusts principals only then.
    os.environ["WEBSITE_AUTH_ENABLED"] = "True"
    if arguments.root is not None:
        sys.path.insert(0, str(arguments.root.resolve()))
    try:
        asyncio.run(_run(arguments))
    except IndexingError as error:
        for problem in error.problems:
            _log.critical(problem)
        return 1
    except ConfigurationError as error:
        _log.critical(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
