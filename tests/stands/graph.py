"""The simulated tenant as a process, for tests: start, stop, kill, and control it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

_READY = "listening on "
_ROOT = Path(__file__).resolve().parents[2]


class GraphControl:
    """The control side (`/_sim/`) of a running tenant.

    Args:
        base_url: the tenant's address without a path.
    """

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=base_url, trust_env=False, timeout=30)

    def request(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Send one control request, whatever it answers."""
        return self._http.request(method, f"/_sim/{path}", json={} if body is None else body)

    def do(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
        """Send one control request that must succeed; returns its JSON."""
        response = self.request(method, path, body)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def token(self, roles: Sequence[str] | None = None) -> str:
        """A bearer token with these application permissions; all of them when left out."""
        body = {} if roles is None else {"roles": list(roles)}
        token: str = self.do("POST", "token", body)["access_token"]
        return token

    def create_user(self, **fields: object) -> dict[str, Any]:
        """Make a person and return the truth about them."""
        created: dict[str, Any] = self.do("POST", "users", fields)
        return created

    def truth(self, user: str) -> dict[str, Any]:
        """What is true of a person, whatever readers of Graph see."""
        found: dict[str, Any] = self.do("GET", f"users/{quote(user)}")
        return found

    def register(self, user: str, method: str) -> dict[str, Any]:
        """The person registers a method."""
        made: dict[str, Any] = self.do("POST", f"users/{quote(user)}/register", {"method": method})
        return made

    def fault(self, match: str, **what: object) -> None:
        """Script a fault on requests whose `METHOD /path` matches."""
        self.do("POST", "faults", {"match": match, **what})

    def clear_faults(self) -> None:
        """Forget all scripted faults."""
        self.do("DELETE", "faults")

    def advance(self, seconds: float) -> None:
        """Move the stack's time on."""
        self.do("POST", "clock", {"advanceSeconds": seconds})

    def lag(self, seconds: float) -> None:
        """From now on readers see the old value for so long after a write."""
        self.do("POST", "lag", {"seconds": seconds})

    def requests(self) -> list[dict[str, Any]]:
        """The log of requests to Graph, oldest first."""
        entries: list[dict[str, Any]] = self.do("GET", "requests")
        return entries

    def stats(self) -> dict[str, Any]:
        """The counts of requests by route, and of writes."""
        counts: dict[str, Any] = self.do("GET", "stats")
        return counts

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()


class GraphStand:
    """One simulated tenant in a process of its own; a context manager that starts and stops it.

    Args:
        directory: where its data and, unless `clock` names another, its clock file live.
        clock: the clock file of a stack that it shares.
        arguments: further command line arguments, such as `--users 500`.

    Attributes:
        port: the port, kept over a restart; 0 before the first start.
        control: the control side.
    """

    def __init__(
        self, directory: Path, clock: Path | None = None, arguments: Sequence[str] = ()
    ) -> None:
        self._data = directory / "graph"
        self._clock = clock or directory / "clock"
        self._arguments = tuple(arguments)
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self.control: GraphControl

    @property
    def base_url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def identity_endpoint(self) -> str:
        """The value for `IDENTITY_ENDPOINT`."""
        return f"{self.base_url}/msi/token"

    def start(self) -> None:
        """Start the process and wait until it answers; a restart keeps the port.

        Raises:
            RuntimeError: it ended before it was ready.
        """
        command = [sys.executable, "-m", "local.graph", "--port", str(self.port)]
        command += ["--data", str(self._data), "--clock", str(self._clock), *self._arguments]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        if not ready.startswith(_READY):
            self._process.stdout.close()
            raise RuntimeError(f"the tenant ended with {self._process.wait()}: {ready!r}")
        self.port = int(ready.rpartition(":")[2])
        self.control = GraphControl(self.base_url)

    def stop(self) -> int:
        """End the process with SIGTERM and return its exit status."""
        return self._end("terminate")

    def kill(self) -> None:
        """End the process with SIGKILL: what it did not save is lost."""
        self._end("kill")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self.stop()

    def _end(self, how: str) -> int:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        self._process = None
        self.control.close()
        process.terminate() if how == "terminate" else process.kill()
        process.stdout.close()
        return process.wait(timeout=30)
