"""Somebody else than the app who changes people, through Graph."""

from typing import Any, Final

import httpx

ADMINISTRATORS_APP: Final = "00000003-0000-4000-8000-0000000000ad"
"""By which the tenant tells their requests from those of the app."""


class Administrator:
    """An administrator of the simulated tenant.

    Args:
        graph: the tenant, with the control side that issues tokens.
        app: with whose token; a thief has that of another app.
    """

    def __init__(self, graph: httpx.AsyncClient, app: str = ADMINISTRATORS_APP) -> None:
        self._graph = graph
        self._app = app

    async def writes(self, user: str, state: str) -> None:
        """Somebody else than the app sets a person's per-user MFA state, through Graph."""
        await self._patch(
            f"/beta/users/{user}/authentication/requirements", {"perUserMfaState": state}
        )

    async def corrects(self, user: str, **fields: object) -> None:
        """Somebody else than the app changes properties of an account, through Graph."""
        await self._patch(f"/v1.0/users/{user}", fields)

    async def deletes(self, user: str) -> None:
        """Somebody else than the app deletes an account, through Graph."""
        headers = await self.headers()
        answer = await self._graph.delete(f"/v1.0/users/{user}", headers=headers)
        assert answer.is_success, answer.text

    async def adds(self, user: str, group: str) -> None:
        """Somebody else than the app adds a person to a group, through Graph."""
        member = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user}"}
        headers, path = await self.headers(), f"/v1.0/groups/{group}/members/$ref"
        answer = await self._graph.post(path, json=member, headers=headers)
        assert answer.is_success, answer.text

    async def prefers(self, user: str, preference: str) -> None:
        """Somebody else than the app chooses a person's default method."""
        await self._patch(
            f"/beta/users/{user}/authentication/signInPreferences",
            {"userPreferredMethodForSecondaryAuthentication": preference},
        )

    async def gives_pass(self, user: str) -> str:
        """Somebody else than the app gives a person a pass; its id."""
        path = f"/v1.0/users/{user}/authentication/temporaryAccessPassMethods"
        headers = await self.headers()
        answer = await self._graph.post(path, json={"lifetimeInMinutes": 480}, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def blocks_old_clients(self, user: str) -> None:
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
        await self._demand(policy)

    async def requires_mfa(self, users: dict[str, list[str]]) -> None:
        """An administrator requires MFA of these people, everywhere."""
        policy = {
            "displayName": "Require MFA",
            "state": "enabled",
            "conditions": {
                "clientAppTypes": ["all"],
                "applications": {"includeApplications": ["All"]},
                "users": users,
            },
            "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
        }
        await self._demand(policy)

    async def headers(self) -> dict[str, str]:
        """The headers to send as the administrator."""
        answer = await self._graph.post("/_sim/token", json={"appId": self._app})
        assert answer.is_success, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def _demand(self, policy: dict[str, Any]) -> None:
        path = "/v1.0/identity/conditionalAccess/policies"
        answer = await self._graph.post(path, json=policy, headers=await self.headers())
        assert answer.status_code == 201, answer.text

    async def _patch(self, path: str, body: dict[str, Any]) -> None:
        answer = await self._graph.patch(path, json=body, headers=await self.headers())
        assert answer.is_success, answer.text
