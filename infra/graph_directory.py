"""Application roles of Microsoft Graph, over plain HTTP: read, grant, revoke.

The requests are those of https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
and its neighbours, all v1.0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from azure.core import PipelineClient
from azure.core.pipeline.policies import HeadersPolicy, RetryPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest, HttpResponse

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph's own application id, the same in every cloud."""


class GraphError(Exception):
    """Graph refused, or answered what cannot be right; the message says what to do."""


@dataclass(frozen=True)
class Assignment:
    """One application role of Microsoft Graph that an identity holds."""

    id: str
    role_id: str
    role: str


@dataclass(frozen=True)
class ApplicationRoles:
    """The application roles that Microsoft Graph defines in this cloud, by name."""

    resource_id: str
    ids: Mapping[str, str]

    def id_of(self, role: str) -> str:
        """The id of a role.

        Raises:
            GraphError: this cloud's Graph has no such application role.
        """
        if role not in self.ids:
            raise GraphError(f"Microsoft Graph has no application role {role} in this cloud")
        return self.ids[role]

    def name_of(self, role_id: str) -> str:
        """The role's name; its id where Graph no longer defines it."""
        return next((name for name, known in self.ids.items() if known == role_id), role_id)


class GraphDirectory:
    """The service principals of a tenant.

    Throttled and unavailable answers are tried again as Graph asks (`Retry-After`).

    Args:
        root: Microsoft Graph's root, without a path.
        token: an access token for it.
    """

    def __init__(self, root: str, token: str) -> None:
        self._root = root
        self._roles: ApplicationRoles | None = None
        self._client: PipelineClient[Any, Any] = PipelineClient(
            base_url=root,
            policies=[
                UserAgentPolicy("mfa-lifecycle"),
                HeadersPolicy({"Authorization": f"Bearer {token}"}),
                RetryPolicy(),
            ],
        )

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.__exit__(kind, error, traceback)

    def application_roles(self) -> ApplicationRoles:
        """Microsoft Graph's service principal in this tenant, and what it defines; read once."""
        if self._roles is None:
            found = self._get(
                f"/v1.0/servicePrincipals(appId='{GRAPH_APP_ID}')?$select=id,appRoles"
            )
            self._roles = ApplicationRoles(
                resource_id=found["id"],
                ids={
                    role["value"]: role["id"]
                    for role in found["appRoles"]
                    if role["isEnabled"] and "Application" in role["allowedMemberTypes"]
                },
            )
        return self._roles

    def require_managed_identity(self, principal_id: str) -> None:
        """Make sure that roles are granted to a managed identity and to nothing else.

        Raises:
            GraphError: there is no such service principal, or it is of another kind.
        """
        found = self._get(
            f"/v1.0/servicePrincipals/{principal_id}?$select=id,displayName,servicePrincipalType"
        )
        if found["servicePrincipalType"] != "ManagedIdentity":
            raise GraphError(
                f"{principal_id} ({found['displayName']}) is no managed identity: nothing was done"
            )

    def assignments(self, principal_id: str) -> list[Assignment]:
        """The application roles of Microsoft Graph that the identity holds."""
        roles = self.application_roles()
        return [
            Assignment(row["id"], row["appRoleId"], roles.name_of(row["appRoleId"]))
            for row in self._pages(f"/v1.0/servicePrincipals/{principal_id}/appRoleAssignments")
            if row["resourceId"] == roles.resource_id
        ]

    def grant(self, principal_id: str, role_id: str) -> None:
        """Give the identity a role. A role that it holds already is left as it is."""
        resource_id = self.application_roles().resource_id
        body = {"principalId": principal_id, "resourceId": resource_id, "appRoleId": role_id}
        self._send(
            "POST",
            f"/v1.0/servicePrincipals/{resource_id}/appRoleAssignedTo",
            body,
            # A replica that lags behind has shown the role as missing.
            accepted="already exists",
        )

    def revoke(self, assignment: Assignment) -> None:
        """Take the role away."""
        resource_id = self.application_roles().resource_id
        self._send(
            "DELETE", f"/v1.0/servicePrincipals/{resource_id}/appRoleAssignedTo/{assignment.id}"
        )

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        link: str | None = path
        while link:
            page = self._get(link)
            yield from page["value"]
            link = page.get("@odata.nextLink")

    def _get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = self._send("GET", path)
        return answer

    def _send(
        self, method: str, path: str, body: object = None, *, accepted: str | None = None
    ) -> Any:  # noqa: ANN401 - a JSON body
        url = self._root + path if path.startswith("/") else path
        if not url.startswith(f"{self._root}/"):
            raise GraphError(f"Graph sent us to another host, which gets no token: {url}")
        response = self._client.send_request(HttpRequest(method, url, json=body))
        if response.status_code < 300:  # noqa: PLR2004 - success
            return response.json() if response.content else None
        message = _message(response)
        if accepted and accepted in message:
            return None
        raise GraphError(
            f"{method} {path}: {response.status_code} {message}{_advice(response.status_code)}"
        )


def _message(response: HttpResponse) -> str:
    try:
        error = response.json()["error"]
        return f"{error['code']}: {error['message']}"
    except (ValueError, TypeError, KeyError):
        # A proxy on the way answers in its own words.
        return response.text()[:200]


def _advice(status: int) -> str:
    if status in (401, 403):
        return (
            " (sign in with az login as a Privileged Role Administrator of this tenant,"
            " and mind --cloud)"
        )
    return ""
