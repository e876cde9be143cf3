"""Everybody around the app: the HR system, the directory, its people and the operators."""

import asyncio
import json
import re
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Self

import httpx
from standardwebhooks.webhooks import Webhook

from local.stack.description import Description
from local.stack.environment import HR_SOURCE, TICKET_SOURCE
from tests.builders import ROOMY_SETTINGS
from tests.e2e.waiting import PATIENCE, eventually

Json = dict[str, Any]

QUICK: Final = {
    **ROOMY_SETTINGS,
    "MFA_READ_BACK_SECONDS": "0,0.2,0.5",
    "MFA_CHECK_FIRST_SECONDS": "20",
    "MFA_RETRY_FIRST_SECONDS": "0.5",
    "MFA_LEASE_SECONDS": "2",
    "MFA_MINIMUM_GRACE_HOURS": "1",
}
"""The app's intervals, scaled down."""

ENDED: Final = frozenset({"completed", "ended", "parked", "refused", "cancelled"})
_ADMINISTRATORS_APP: Final = "00000003-0000-4000-8000-0000000000ad"
_STRIDE: Final = 10.0
"""Seconds that the stack clock moves at each look while cases have to go on."""
ANSWER_SECONDS: Final = 3.0
"""A webhook is answered within this time, whatever is down."""
SLACK_SECONDS: Final = 4.0
"""For a test machine that is busy with everything else."""


class Company:
    """One company whose HR system and directory are connected to a running stack.

    Args:
        stack: where everything is; addresses outlive the restart of any part.
        on_answer: given every answer of the app.
    """

    def __init__(
        self,
        stack: Description,
        *,
        on_answer: Callable[[httpx.Response], Awaitable[None]] | None = None,
    ) -> None:
        self.stack = stack
        self._app = httpx.AsyncClient(
            base_url=stack.http,
            headers={"x-functions-key": stack.function_key},
            trust_env=False,
            timeout=30,
            event_hooks={"response": [] if on_answer is None else [on_answer]},
            # A host that was killed leaves dead connections behind.
            transport=httpx.AsyncHTTPTransport(
                retries=1, limits=httpx.Limits(max_keepalive_connections=0)
            ),
        )
        self._tenant = httpx.AsyncClient(base_url=stack.graph, trust_env=False, timeout=30)
        self._secret = stack.hr_sources[HR_SOURCE].secret

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._app.aclose()
        await self._tenant.aclose()

    # --- The directory ---------------------------------------------------------------------------

    async def sim(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
        """One request to the tenant's control side, which must succeed."""
        answer = await self._tenant.request(method, f"/_sim/{path}", json=body or {})
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def employ(self, **fields: object) -> Json:
        """Make an account; the truth about it."""
        name = f"p{uuid.uuid4().hex[:12]}"
        account = {
            "userPrincipalName": f"{name}@contoso.example",
            "displayName": name,
            "employeeId": name,
            **fields,
        }
        created: Json = await self.sim("POST", "users", account)
        return created

    async def truth(self, user: str) -> Json:
        """What is true of a person."""
        found: Json = await self.sim("GET", f"users/{user}")
        return found

    async def register(self, user: str, method: str = "microsoftAuthenticator") -> None:
        """The person registers a method."""
        await self.sim("POST", f"users/{user}/register", {"method": method})

    async def whole_truth(self) -> dict[str, Json]:
        """What is true of everybody in the tenant, by object id."""
        headers, path, ids = await self._administrator(), "/v1.0/users?$top=999&$select=id", []
        while path:
            page = (await self._tenant.get(path, headers=headers)).json()
            ids += [user["id"] for user in page["value"]]
            path = page.get("@odata.nextLink", "")
        return dict(zip(ids, await side_by_side(*map(self.truth, ids)), strict=True))

    async def administrator_writes(self, user: str, state: str) -> None:
        """Somebody else than the app sets a person's per-user MFA state, through Graph."""
        await self._administrator_patches(
            f"/beta/users/{user}/authentication/requirements", {"perUserMfaState": state}
        )

    async def administrator_corrects(self, user: str, **fields: object) -> None:
        """Somebody else than the app changes properties of an account, through Graph."""
        await self._administrator_patches(f"/v1.0/users/{user}", fields)

    async def administrator_deletes(self, user: str) -> None:
        """Somebody else than the app deletes an account, through Graph."""
        headers = await self._administrator()
        answer = await self._tenant.delete(f"/v1.0/users/{user}", headers=headers)
        assert answer.is_success, answer.text

    async def administrator_adds(self, user: str, group: str) -> None:
        """Somebody else than the app adds a person to a group, through Graph."""
        member = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user}"}
        headers, path = await self._administrator(), f"/v1.0/groups/{group}/members/$ref"
        answer = await self._tenant.post(path, json=member, headers=headers)
        assert answer.is_success, answer.text

    async def administrator_prefers(self, user: str, preference: str) -> None:
        """Somebody else than the app chooses a person's default method."""
        await self._administrator_patches(
            f"/beta/users/{user}/authentication/signInPreferences",
            {"userPreferredMethodForSecondaryAuthentication": preference},
        )

    async def administrator_gives_pass(self, user: str) -> str:
        """Somebody else than the app gives a person a pass; its id."""
        path = f"/v1.0/users/{user}/authentication/temporaryAccessPassMethods"
        headers = await self._administrator()
        answer = await self._tenant.post(path, json={"lifetimeInMinutes": 480}, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def administrator_blocks_old_clients(self, user: str) -> None:
        """An administrator blocks legacy authentication for a person, everywhere."""
        policy = {
            "displayName": "Block legacy authentication",
            "state": "enabled",
            "conditions": {
                "clientAppTypes": ["exchangeActiveSync", "other"],
                "applications": {"includeApplications": ["All"]},
                "users": {"includeUsers": [user]},
            },
            "grantControls": {"operator": "OR", "builtInControls": ["block"]},
        }
        path = "/v1.0/identity/conditionalAccess/policies"
        answer = await self._tenant.post(path, json=policy, headers=await self._administrator())
        assert answer.status_code == 201, answer.text

    async def _administrator_patches(self, path: str, body: Json) -> None:
        answer = await self._tenant.patch(path, json=body, headers=await self._administrator())
        assert answer.is_success, answer.text

    async def _administrator(self) -> dict[str, str]:
        token = (await self.sim("POST", "token", {"appId": _ADMINISTRATORS_APP}))["access_token"]
        return {"Authorization": f"Bearer {token}"}

    async def advance(self, seconds: float) -> None:
        """Move the stack's time on."""
        await self.sim("POST", "clock", {"advanceSeconds": seconds})

    async def now(self) -> datetime:
        """The stack's time."""
        return datetime.fromisoformat((await self.sim("GET", "clock"))["now"])

    async def fault(self, match: str, **what: object) -> None:
        """Script a fault of Graph."""
        await self.sim("POST", "faults", {"match": match, **what})

    async def writes(self) -> dict[str, list[Json]]:
        """The app's writes that reached Graph, by person; those that others made are left out."""
        found: dict[str, list[Json]] = {}
        for entry in await self.requests():
            if entry["method"] == "PATCH":
                found.setdefault(entry["path"].split("/")[3], []).append(entry)
        return found

    async def requests(self) -> list[Json]:
        """All requests of the app to Graph, oldest first; those of others are left out."""
        entries = await self.sim("GET", "requests")
        return [entry for entry in entries if entry["appId"] != _ADMINISTRATORS_APP]

    async def audit(self) -> list[Json]:
        """What the app did, by the directory's own audit log."""
        others = {_ADMINISTRATORS_APP, "person", "portal"}
        return [entry for entry in await self.sim("GET", "audit") if entry["by"] not in others]

    async def changes(self) -> dict[str, list[str]]:
        """What the app asked Graph to change of each person, and Graph did not refuse."""
        found: dict[str, list[str]] = {}
        for entry in await self.requests():
            whose = re.search("/users/([^/]+)/", entry["path"])
            taken = (entry["status"] or 0) < 400
            read = entry["method"] == "GET" or entry["route"].endswith("/checkMemberGroups")
            if whose and taken and not read:
                found.setdefault(whose[1], []).append(f"{entry['method']} {entry['route']}")
        return found

    # --- The HR system ---------------------------------------------------------------------------

    def joiner(self, person: Json, **fields: object) -> Json:
        """The event that announces a person."""
        return {
            "id": f"evt-{uuid.uuid4().hex}",
            "type": "joiner",
            "userPrincipalName": person["userPrincipalName"],
            "employeeId": person["employeeId"],
            **fields,
        }

    def leaver(self, person: Json, effective_at: datetime, **fields: object) -> Json:
        """The event that says when a person leaves."""
        event = self.joiner(person, **fields)
        return {**event, "type": "leaver", "effectiveAt": effective_at.isoformat()}

    async def post(
        self,
        event: Json,
        *,
        answered_within: float = ANSWER_SECONDS + SLACK_SECONDS,
        signed_with: str | None = None,
    ) -> httpx.Response:
        """Deliver an event once, signed with the source's secret unless another is given.

        Raises:
            httpx.TimeoutException: there was no answer in the time that was promised.
        """
        body, now = json.dumps(event), datetime.now(UTC)
        message_id = f"msg_{uuid.uuid4().hex}"
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(signed_with or self._secret).sign(message_id, now, body),
            "content-type": "application/json",
        }
        return await self._app.post(
            f"/api/onboarding/{HR_SOURCE}",
            content=body,
            headers=headers,
            timeout=answered_within,
        )

    async def report(self, ticket: Json) -> str:
        """Deliver a ticket until it is taken; the id of its case."""

        async def taken() -> str | None:
            body, now = json.dumps(ticket), datetime.now(UTC)
            desk = self.stack.reset_sources[TICKET_SOURCE]
            headers = {
                "webhook-id": "msg_1",
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": Webhook(desk.secret).sign("msg_1", now, body),
            }
            address = f"/api/resets/{TICKET_SOURCE}"
            try:
                answer = await self._app.post(address, content=body, headers=headers, timeout=60)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                return None
            assert answer.status_code in {202, 503}, answer.text
            return str(answer.json()["caseId"]) if answer.status_code == 202 else None

        return await eventually(taken, f"ticket {ticket['ticketId']} is taken")

    async def announce(self, event: Json) -> str:
        """Deliver an event that must be taken at once; the id of its case."""
        answer = await self.post(event)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["caseId"])

    async def insist(
        self, event: Json, *, answered_within: float = ANSWER_SECONDS + SLACK_SECONDS
    ) -> str:
        """Deliver an event as HR systems do: again and again, until it is taken.

        Every answer must come in time, and a refusal must say when to come back. A connection that
        breaks is no answer: the app, or the way to it, is gone.
        """

        async def taken() -> str | None:
            try:
                answer = await self.post(event, answered_within=answered_within)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                return None
            if answer.status_code == 503:
                assert int(answer.headers["Retry-After"]) > 0
                return None
            assert answer.status_code == 202, answer.text
            return str(answer.json()["caseId"])

        return await eventually(taken, f"event {event['id']} is taken")

    # --- Operators and machines ------------------------------------------------------------------

    async def as_person(
        self, role: str, method: str, path: str, body: object = None
    ) -> httpx.Response:
        """A request by a signed-in person."""
        headers = self.stack.principals[role]
        return await self._app.request(method, f"/api/{path}", json=body, headers=headers)

    async def set_mode(self, mode: str) -> None:
        """Set the mode of onboarding; to act, two administrators agree."""
        for role in ("Admin", "Admin2") if mode == "act" else ("Approver",):
            answer = await self.as_person(role, "PUT", "control", {"onboarding": mode})
            assert answer.is_success, answer.text
        assert answer.json()["onboarding"]["mode"] == mode

    async def parked(self) -> list[Json]:
        """Everything that waits for a human."""
        found: list[Json] = []
        path = "parked"
        while path:
            page = await self._read(path, self.stack.principals["Admin"])
            found += page["value"]
            path = (page["nextLink"] or "").rpartition("/api/")[2]
        return found

    async def replay(self, case_id: str) -> None:
        """Take a parked case up again."""
        entry = next(entry for entry in await self.parked() if entry["caseId"] == case_id)
        answer = await self.as_person("Admin", "POST", f"parked/{entry['id']}/replay")
        assert answer.status_code == 202, answer.text

    async def case(self, case_id: str) -> Json:
        """The case, as whoever knows its id reads it."""
        return await self._read(f"cases/{case_id}")

    async def all_cases(self, case_ids: Iterable[str]) -> dict[str, Json]:
        """Cases, by id."""
        ids = list(case_ids)
        return dict(zip(ids, await side_by_side(*map(self.case, ids)), strict=True))

    async def _read(self, path: str, headers: Mapping[str, str] | None = None) -> Json:
        """A document of the app; where the store is away just now, asked for again."""

        async def there() -> Json | None:
            answer = await self._app.get(f"/api/{path}", headers=headers)
            if answer.status_code == 503:
                assert int(answer.headers["Retry-After"]) > 0
                return None
            assert answer.status_code == 200, answer.text
            document: Json = answer.json()
            return document

        return await eventually(there, f"GET {path}")

    async def reach(
        self,
        case_ids: Iterable[str],
        *states: str,
        stride: float = _STRIDE,
        within: float = PATIENCE,
    ) -> dict[str, Json]:
        """Wait until every case is in one of these states.

        Args:
            case_ids: the cases.
            states: where they should get.
            stride: how far the stack clock moves at each look, so that no wait is sat out.
            within: seconds.
        """
        reached: dict[str, Json] = {}
        for case_id in case_ids:

            async def there(case_id: str = case_id) -> Json | None:
                case = await self.case(case_id)
                if case["state"] in states:
                    return case
                assert case["state"] not in ENDED, f"not {states}: {case}"
                if stride:
                    await self.advance(stride)
                return None

            reached[case_id] = await eventually(
                there, f"case {case_id} is {' or '.join(states)}", within=within
            )
        return reached


async def side_by_side(*work: Any, most: int = 10) -> list[Any]:  # noqa: ANN401 - as gather
    """Do all of it, so many at a time, and return the results in order."""
    turns = asyncio.Semaphore(most)

    async def one(task: Any) -> Any:  # noqa: ANN401
        async with turns:
            return await task

    return list(await asyncio.gather(*map(one, work)))
