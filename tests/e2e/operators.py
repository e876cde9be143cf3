"""The people who operate the app, and whoever reads a case."""

from collections.abc import Iterable, Mapping

import httpx

from tests.e2e.app_caller import AppCaller
from tests.e2e.side_by_side import side_by_side
from tests.e2e.tenant import Json
from tests.e2e.waiting import eventually


class Operators(AppCaller):
    """Readers, approvers and administrators of the app."""

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
