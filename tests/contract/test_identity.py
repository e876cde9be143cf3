"""Who the app is: the real azure-identity against the simulated managed-identity endpoint."""

import base64
import json

import pytest

from local.graph.identity import IdentityConfig, default_client_id
from shared.adapters.graph.clouds import CLOUDS
from shared.adapters.graph.directory import GraphDirectory
from shared.adapters.identity import IdentityKind, held_roles, open_credential
from shared.domain.accounts import NoAccount
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.ids import UserPrincipalName
from shared.names import App, CloudName
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import SCOPE, GivenTokens, graph_client
from tests.stands.graph import GraphControl, GraphStand

AUTHORITY = CLOUDS[CloudName.GLOBAL].authority


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, graph_stand: GraphStand) -> GraphStand:
    """The variables that App Service sets, pointing at the simulated tenant."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", graph_stand.identity_endpoint)
    monkeypatch.setenv("IDENTITY_HEADER", IdentityConfig().identity_header)
    return graph_stand


def token_with(claims: object) -> str:
    """An unsigned token with these claims."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.x"


@pytest.mark.parametrize("app", App)
async def test_managed_identity_holds_its_apps_roles(endpoint: GraphStand, app: App) -> None:
    """The token of an app's identity holds exactly the roles granted to that app."""
    assert endpoint.port
    credential = open_credential(
        IdentityKind.MANAGED, client_id=default_client_id(app), authority=AUTHORITY
    )
    async with credential:
        assert await held_roles(credential, SCOPE) == GRAPH_ROLES[app]


async def test_managed_identity_reads_the_directory(
    endpoint: GraphStand, tenant: GraphControl
) -> None:
    """The deployed credential and the deployed client work together; one token serves all calls."""
    credential = open_credential(
        IdentityKind.MANAGED, client_id=default_client_id(App.LIFECYCLE), authority=AUTHORITY
    )
    nobody = UserPrincipalName("nobody@contoso.example")
    async with credential, graph_client(endpoint.base_url, credential) as client:
        for _ in range(3):
            assert await GraphDirectory(client).find_account(nobody) == NoAccount()
    asked = [entry["path"] for entry in tenant.requests() if entry["path"].startswith("/msi/")]
    assert len(asked) == 1


async def test_rejected_token_is_asked_for_anew(endpoint: GraphStand, tenant: GraphControl) -> None:
    """After a 401 the credential's cache is passed over, and the call succeeds."""
    credential = open_credential(
        IdentityKind.MANAGED, client_id=default_client_id(App.LIFECYCLE), authority=AUTHORITY
    )
    tenant.fault("/v1.0/users", status=401, times=1)
    async with credential, graph_client(endpoint.base_url, credential) as client:
        nobody = UserPrincipalName("nobody@contoso.example")
        assert await GraphDirectory(client).find_account(nobody) == NoAccount()
    asked = [entry["path"] for entry in tenant.requests() if entry["path"].startswith("/msi/")]
    assert len(asked) == 2


async def test_missing_identity_is_unavailability(endpoint: GraphStand) -> None:
    """Where the endpoint gives no token, the call is deferred, and the roles are unknown."""
    credential = open_credential(
        IdentityKind.MANAGED, client_id="00000000-0000-0000-0000-000000000000", authority=AUTHORITY
    )
    async with credential, graph_client(endpoint.base_url, credential) as client:
        with pytest.raises(DirectoryUnavailable):
            await GraphDirectory(client).find_account(UserPrincipalName("kim@contoso.example"))
        assert isinstance(await held_roles(credential, SCOPE), Unknown)


@pytest.mark.parametrize(
    "token",
    ["", "opaque", "a.b", "a.%%%.c", "a.YQ.c", token_with([]), token_with({"roles": "x"}), "a.é.c"],
)
async def test_unreadable_token_is_unknown(token: str) -> None:
    """A token that can't be read says nothing about roles: unknown, and not "none"."""
    assert isinstance(await held_roles(GivenTokens([token]), SCOPE), Unknown)


async def test_token_of_a_person_is_unknown() -> None:
    """A developer's own token holds scopes; they are no application roles."""
    token = token_with({"scp": "User.Read", "roles": []})
    assert isinstance(await held_roles(GivenTokens([token]), SCOPE), Unknown)


async def test_token_without_roles_holds_none() -> None:
    """Entra leaves the claim out where no role is granted."""
    assert await held_roles(GivenTokens([token_with({"idtyp": "app"})]), SCOPE) == frozenset()
