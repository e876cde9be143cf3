"""One company around a running stack: its HR system, its directory, its people and operators."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self
from uuid import uuid4

import httpx
import msgspec
from standardwebhooks import Webhook

from local.stack.environment import HR_SOURCE, TICKET_SOURCE
from local.stack.parts import HOST
from local.stack.stack import Stack
from shared.domain.cases import ENDED, CaseState

Json = dict[str, Any]

_OVER: Final = ENDED | {CaseState.PARKED}
PATIENCE_SECONDS: Final = 90.0
_POLL_SECONDS: Final = 0.05
_ADMINISTRATORS_APP: Final = "00000003-0000-4000-8000-0000000000ad"


class BenchError(Exception):
    """What is to be measured did not happen."""


class Company:
    """Everybody but the app.

    Args:
        stack: a running one.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        description = stack.description
        self._people = description.principals
        self._secret = description.hr_sources[HR_SOURCE].secret
        self._ticket_secret = description.reset_sources[TICKET_SOURCE].secret
        self._app = httpx.Client(
            base_url=description.http,
            headers={"x-functions-key": description.function_key},
            trust_env=False,
            timeout=30,
            # The host is restarted; connections to the one before are dead.
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._tenant = httpx.Client(base_url=description.graph, trust_env=False, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._app.close()
        self._tenant.close()

    def sim(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  (any JSON)
        """One request to the tenant's control side."""
        return _json(self._tenant.request(method, f"/_sim/{path}", json=body or {}))

    def employ(self, **fields: object) -> Json:
        """An account is made; the truth about it."""
        name = f"p{uuid4().hex[:12]}"
        account = {
            "userPrincipalName": f"{name}@contoso.example",
            "displayName": name,
            "employeeId": name,
            **fields,
        }
        created: Json = self.sim("POST", "users", account)
        return created

    def register(self, person: Json, method: str = "microsoftAuthenticator") -> None:
        """The person registers a method."""
        self.sim("POST", f"users/{person['id']}/register", {"method": method})

    def correct(self, person: Json, **fields: object) -> None:
        """Somebody else than the app changes an account, through Graph."""
        self._administrate(f"/v1.0/users/{person['id']}", fields)

    def enforce(self, person: Json) -> None:
        """Somebody else than the app sets a person's per-user MFA to `enforced`, through Graph."""
        path = f"/beta/users/{person['id']}/authentication/requirements"
        self._administrate(path, {"perUserMfaState": "enforced"})

    def _administrate(self, path: str, fields: Json) -> None:
        token = self.sim("POST", "token", {"appId": _ADMINISTRATORS_APP})["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        _json(self._tenant.patch(path, json=fields, headers=headers))

    def now(self) -> datetime:
        """The stack's time."""
        return datetime.fromisoformat(self.sim("GET", "clock")["now"])

    def skip(self, wait: timedelta) -> None:
        """Time goes by, in which the app's processes go on."""
        self.sim("POST", "clock", {"advanceSeconds": wait.total_seconds()})

    def later(self, wait: timedelta) -> None:
        """Time goes by: so long that no process remembers what it read before.

        What the app remembers it remembers by real time, of which a jump of the stack clock takes
        none. So the host is started anew, as Azure does to one that has nothing to do.
        """
        self._stack.kill(HOST, signal.SIGTERM)
        self.skip(wait)
        self._stack.restart(HOST)

    def tell(self, kind: str, person: Json, **fields: object) -> str:
        """The HR system posts a signed webhook; the id of the case that it opens."""
        event = {
            "type": kind,
            "userPrincipalName": person["userPrincipalName"],
            "employeeId": person["employeeId"],
            **fields,
        }
        return self._post(f"onboarding/{HR_SOURCE}", event, self._secret)

    def file(self, ticket: Json) -> str:
        """The ticketing system posts a signed ticket; the id of the case that it opens."""
        return self._post(f"resets/{TICKET_SOURCE}", ticket, self._ticket_secret)

    def _post(self, path: str, document: Json, secret: str) -> str:
        body = msgspec.json.encode(document)
        message, now = f"msg_{uuid4().hex}", datetime.now(UTC)
        headers = {
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(message, now, body.decode()),
            "content-type": "application/json",
        }
        answer = self._app.post(f"/api/{path}", content=body, headers=headers)
        return str(_json(answer)["caseId"])

    def ask(self, role: str, method: str, path: str, body: object = None) -> Json:
        """A signed-in person asks the app for something."""
        headers = self._people[role]
        answer: Json = _json(self._app.request(method, f"/api/{path}", json=body, headers=headers))
        return answer

    def agree(self, role: str, case_id: str, how: str) -> None:
        """A signed-in person agrees to what a case would do: `approve`, or `confirm`."""
        seen = _json(self._app.get(f"/api/cases/{case_id}"))["planHash"]
        self.ask(role, "POST", f"cases/{case_id}/{how}", {"planHash": seen})

    def reaches(self, case_id: str, state: str) -> None:
        """Wait until a case is in a state.

        Raises:
            BenchError: it takes too long, or the case ends elsewhere.
        """
        self._awaits(case_id, state, lambda case: bool(case["state"] == state))

    def tells(self, case_id: str, action: str, times: int = 1) -> None:
        """Wait until a case has done something so many times.

        Raises:
            BenchError: it takes too long, or the case ends without.
        """

        def done(case: Json) -> bool:
            steps = [step for step in case["steps"] if step["action"] == action]
            return len([step for step in steps if step["outcome"] != "begun"]) >= times

        self._awaits(case_id, f"done with {action}", done)

    def opens(self, person: Json) -> None:
        """Wait until somebody's account is not blocked any more.

        Raises:
            BenchError: it takes too long.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.sim("GET", f"users/{person['id']}")["accountEnabled"]:
            if time.monotonic() > deadline:
                raise BenchError("The account is still blocked.")
            time.sleep(_POLL_SECONDS)

    def _awaits(self, case_id: str, what: str, is_so: Callable[[Json], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so(case := _json(self._app.get(f"/api/cases/{case_id}"))):
            if case["state"] in _OVER:
                raise BenchError(f"The case is {case['state']}, not {what}: {case['steps'][-1]}")
            if time.monotonic() > deadline:
                raise BenchError(f"The case is still {case['state']}, not {what}.")
            time.sleep(_POLL_SECONDS)

    @contextmanager
    def noting(self, found: list[Json]) -> Iterator[None]:
        """Put the app's requests that reach Graph meanwhile into a list."""
        self.sim("DELETE", "requests")
        yield
        requests = self.sim("GET", "requests")
        found += [one for one in requests if one["appId"] != _ADMINISTRATORS_APP]


def _json(answer: httpx.Response) -> Any:  # noqa: ANN401  (any JSON)
    if answer.is_error:
        request = f"{answer.request.method} {answer.request.url.path}"
        raise BenchError(f"{request}: {answer.status_code} {answer.text}")
    return answer.json() if answer.content else None
