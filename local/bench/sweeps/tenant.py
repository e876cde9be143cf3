"""The tenant that is swept: how it answers, how a bare script reads it, what was asked of it."""

import asyncio
import time
from typing import Any, Final

import httpx

from local.bench.sweeps.floor import Floor
from local.bench.sweeps.point import Setup, Taken

LATENCY_MS: Final = 50
UNLIMITED: Final = {"MFA_SWEEP_PACE": "100000"}
"""Times the published limits."""
_REPORTS_AGAIN: Final = 11.0
"""Seconds until nothing that was asked before counts for the limit of the reports."""


class Tenant:
    """The control side of a simulated tenant.

    Args:
        graph: its base URL.
        setup: how it is to be.
    """

    def __init__(self, graph: str, setup: Setup) -> None:
        self._graph, self._setup = graph, setup
        self._control = httpx.Client(base_url=graph, trust_env=False, timeout=60)
        self._sim("POST", "throttling", {"enabled": setup.within_limits})
        self._sim("POST", "switches", setup.way.switches)
        self._sim("POST", "faults", {"match": " /(v1.0|beta)/", "delayMs": LATENCY_MS})

    def close(self) -> None:
        """Let the connection go."""
        self._control.close()

    def floor(self) -> Taken:
        """Have a bare script read it."""
        self.rest()
        setup = self._setup
        token = self._sim("POST", "token")["access_token"]
        script = Floor(self._graph, token, setup.way, setup.within_limits)
        seconds = asyncio.run(script.read())
        return Taken(seconds=seconds, requests=script.requests)

    def rest(self) -> None:
        """Let a night pass, as far as limits know; forget what was asked."""
        if self._setup.within_limits:
            time.sleep(_REPORTS_AGAIN)
        self._sim("DELETE", "requests")

    def asked(self) -> int:
        """How many requests there were for people and for the tenant since the rest."""
        return sum(1 for one in self._sim("GET", "requests") if _counts(one))

    def _sim(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  (any JSON)
        answer = self._control.request(method, f"/_sim/{path}", json=body or {})
        answer.raise_for_status()
        return answer.json() if answer.content else None


def _counts(request: dict[str, Any]) -> bool:
    """Whether a request is for people or the tenant: groups and audit lines are as there are."""
    path = request["path"]
    return not any(other in path for other in ("/groups", "/directoryAudits", "/msi/"))
