"""Starts the host as people do, in a process of its own, and ends it by its id."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

FUNCTION_KEY = "function-key-of-the-tests"
MASTER_KEY = "master-key-of-the-tests"
READER_TOKEN = "token-of-the-reader"
READER_ID = "8f2f2f4e-0000-4000-8000-000000000001"

_PATIENCE_SECONDS = 30.0
_CONFIGURATION = {
    "functionKey": FUNCTION_KEY,
    "masterKey": MASTER_KEY,
    "principals": {
        READER_TOKEN: {
            "name": "reader@contoso.example",
            "objectId": READER_ID,
            "roles": ["Reader", "Helpdesk"],
        }
    },
}


@dataclass(frozen=True)
class RunningHost:
    """A host that said it listens."""

    base: str
    process: subprocess.Popen[str]
    log: Path

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def stop(self) -> int:
        """End it with SIGTERM; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_PATIENCE_SECONDS)

    async def call(
        self,
        method: str,
        path: str,
        *,
        key: str = "",
        headers: Mapping[str, str] | None = None,
        data: object = None,
    ) -> tuple[int, bytes, CIMultiDictProxy[str]]:
        """One request; status, body, headers."""
        sent = {**(headers or {}), **({"x-functions-key": key} if key else {})}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.base + path, headers=sent, data=data) as response,
        ):
            return response.status, await response.read(), response.headers

    async def seen(self) -> list[dict[str, Any]]:
        """What the functions of the sample app were given so far."""
        _, body, _ = await self.call("GET", "/api/seen")
        noted: list[dict[str, Any]] = json.loads(body)
        return noted

    async def seen_by(self, function: str, count: int) -> list[dict[str, Any]]:
        """Wait until this function ran so often; its runs."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            runs = [run for run in await self.seen() if run["function"] == function]
            if len(runs) >= count:
                return runs
            assert time.monotonic() < deadline, (
                f"{function} ran {len(runs)} times\n{self.log.read_text()[-2000:]}"
            )
            time.sleep(0.05)  # noqa: ASYNC251 - the host is another process


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until this holds."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def start(
    directory: Path,
    app: str,
    *,
    host_file: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """Start a host with its files in this directory; it may not be ready yet."""
    configuration = directory / "host-configuration.json"
    configuration.write_text(json.dumps(_CONFIGURATION))
    (directory / "host.json").write_text(json.dumps({"version": "2.0", **(host_file or {})}))
    with (directory / "host.log").open("a") as log:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "local.host", "--app", app, "--port", "0"),
                *("--clock", str(directory / "clock"), "--config", str(configuration)),
                *("--root", str(directory)),
            ],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **(environment or {})},
        )


@contextmanager
def running(
    directory: Path,
    app: str,
    *,
    host_file: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[RunningHost]:
    """A host that listens; killed at the end where the test has not stopped it."""
    with start(directory, app, host_file=host_file, environment=environment) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith("listening on 127.0.0.1:"), (directory / "host.log").read_text()
            yield RunningHost(
                base="http://" + said.removeprefix("listening on ").strip(),
                process=process,
                log=directory / "host.log",
            )
        finally:
            if process.poll() is None:
                process.kill()
