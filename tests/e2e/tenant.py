"""The simulated tenant, as its control side shows and moves it."""

import re
import uuid
from datetime import datetime
from typing import Any

import httpx

from tests.e2e.administrator import ADMINISTRATORS_APP, Administrator
from tests.e2e.side_by_side import side_by_side

Json = dict[str, Any]


class SimulatedTenant:
    """A company's directory: its people, its time, its faults, and what the app asked of it.

    Args:
        graph: its base URL, without a path.

    Attributes:
        administrator: somebody else than the app who changes people.
    """

    def __init__(self, graph: str) -> None:
        self._graph = httpx.AsyncClient(base_url=graph, trust_env=False, timeout=30)
        self.administrator = Administrator(self._graph)

    async def sim(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
        """One request to the tenant's control side, which must succeed."""
        answer = await self._graph.request(method, f"/_sim/{path}", json=body or {})
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
        headers, ids = await self.administrator.headers(), []
        path = "/v1.0/users?$top=999&$select=id"
        while path:
            page = (await self._graph.get(path, headers=headers)).json()
            ids += [user["id"] for user in page["value"]]
            path = page.get("@odata.nextLink", "")
        return dict(zip(ids, await side_by_side(*map(self.truth, ids)), strict=True))

    async def turn_clock(self, seconds: float) -> None:
        """Move the stack's time on, whatever the app is doing."""
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
        return [entry for entry in entries if entry["appId"] != ADMINISTRATORS_APP]

    async def audit(self) -> list[Json]:
        """What the app did, by the directory's own audit log."""
        others = {ADMINISTRATORS_APP, "person", "portal"}
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
