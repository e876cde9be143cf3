"""A small Microsoft Graph over real HTTP: service principals and their application roles.

It is strict where Graph is: no token, no answer; a role granted twice is refused; pages are short.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

GRAPH_ID = "9f7c0000-0000-4000-8000-000000000001"
TOKEN = "operator-token"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PAGE = 2


@dataclass
class Tenant:
    """What the directory holds; tests write it and read it back."""

    roles: dict[str, str]
    """Application role name -> id."""
    principals: dict[str, str]
    """Object id -> kind of service principal."""
    grants: list[dict[str, str]] = field(default_factory=list)
    refusals: list[web.Response] = field(default_factory=list)
    """Answers to give, first to last, in place of the real ones."""
    requests: list[str] = field(default_factory=list)
    foreign_next_link: bool = False
    root: str = ""

    def grant(self, principal_id: str, role_id: str, resource_id: str = GRAPH_ID) -> None:
        """Assign a role, as an administrator did before."""
        self.grants.append(
            {
                "id": f"assignment-{len(self.grants)}-{role_id}",
                "principalId": principal_id,
                "resourceId": resource_id,
                "appRoleId": role_id,
            }
        )

    def held(self, principal_id: str) -> list[str]:
        """The names of the roles that a principal holds, sorted, doubles and strangers included."""
        names = {role_id: name for name, role_id in self.roles.items()}
        return sorted(
            names.get(grant["appRoleId"], grant["appRoleId"])
            for grant in self.grants
            if grant["principalId"] == principal_id
        )


def problem(status: int, code: str, message: str, **headers: str) -> web.Response:
    """An error in Graph's shape."""
    body = {"error": {"code": code, "message": message}}
    return web.json_response(body, status=status, headers=headers)


def application(tenant: Tenant) -> web.Application:
    """The routes of one tenant's Graph."""

    @web.middleware
    async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        tenant.requests.append(f"{request.method} {request.path}")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return problem(401, "InvalidAuthenticationToken", "Access token is empty.")
        if tenant.refusals:
            return tenant.refusals.pop(0)
        return await handler(request)

    async def graph_principal(_: web.Request) -> web.Response:
        roles = [
            {"id": role_id, "value": name, "isEnabled": True, "allowedMemberTypes": ["Application"]}
            for name, role_id in tenant.roles.items()
        ]
        return web.json_response({"id": GRAPH_ID, "appRoles": roles})

    async def principal(request: web.Request) -> web.Response:
        object_id = request.match_info["id"]
        if object_id not in tenant.principals:
            return problem(404, "Request_ResourceNotFound", f"Resource '{object_id}' not found.")
        kind = tenant.principals[object_id]
        return web.json_response(
            {"id": object_id, "displayName": "func", "servicePrincipalType": kind}
        )

    async def assignments(request: web.Request) -> web.Response:
        principal_id = request.match_info["id"]
        rows = [grant for grant in tenant.grants if grant["principalId"] == principal_id]
        start = int(request.query.get("$skiptoken", "0"))
        body: dict[str, object] = {"value": rows[start : start + PAGE]}
        if start + PAGE < len(rows):
            root = "https://elsewhere.example" if tenant.foreign_next_link else tenant.root
            body["@odata.nextLink"] = f"{root}{request.path}?$skiptoken={start + PAGE}"
        return web.json_response(body)

    async def assign(request: web.Request) -> web.Response:
        body = await request.json()
        if any(body.items() <= grant.items() for grant in tenant.grants):
            text = "Permission being assigned already exists on the object"
            return problem(400, "Request_BadRequest", text)
        tenant.grant(body["principalId"], body["appRoleId"], body["resourceId"])
        return web.json_response(tenant.grants[-1], status=201)

    async def unassign(request: web.Request) -> web.Response:
        found = [g for g in tenant.grants if g["id"] == request.match_info["assignment"]]
        if not found:
            return problem(404, "Request_ResourceNotFound", "No such assignment.")
        tenant.grants.remove(found[0])
        return web.Response(status=204)

    app = web.Application(middlewares=[gate])
    base = "/v1.0/servicePrincipals"
    app.router.add_get(base + "(appId='00000003-0000-0000-c000-000000000000')", graph_principal)
    app.router.add_get(base + "/{id}", principal)
    app.router.add_get(base + "/{id}/appRoleAssignments", assignments)
    app.router.add_post(f"{base}/{GRAPH_ID}/appRoleAssignedTo", assign)
    app.router.add_delete(f"{base}/{GRAPH_ID}/appRoleAssignedTo/{{assignment}}", unassign)
    return app


@asynccontextmanager
async def serving(tenant: Tenant) -> AsyncIterator[Tenant]:
    """Serve the tenant's Graph on a free port of the loopback address."""
    server = TestServer(application(tenant))
    await server.start_server()
    tenant.root = f"http://{server.host}:{server.port}"
    try:
        yield tenant
    finally:
        await server.close()
