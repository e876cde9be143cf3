"""The managed-identity endpoint, asked by the real credential of azure-identity."""

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ManagedIdentityCredential
from msgraph.generated.models.o_data_errors.o_data_error import ODataError

from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.local.graph.clients import (
    BARE_CLIENT,
    IDENTITY_HEADER,
    LIFECYCLE_CLIENT,
    v1_client,
)
from tests.stands.graph import GraphControl, GraphStand

_SCOPE = "https://graph.microsoft.com/.default"


@pytest.fixture
def environment(stand: GraphStand, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment that App Service gives to an app with an identity."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", stand.identity_endpoint)
    monkeypatch.setenv("IDENTITY_HEADER", IDENTITY_HEADER)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return monkeypatch


@pytest.mark.usefixtures("environment")
async def test_a_token_of_the_real_credential_opens_graph(
    stand: GraphStand, control: GraphControl
) -> None:
    """`ManagedIdentityCredential` and the SDK work together, with the app's roles."""
    user = control.create_user()["id"]
    with ManagedIdentityCredential(client_id=LIFECYCLE_CLIENT) as credential:
        async with v1_client(stand, credential=credential) as client:
            person = client.users.by_user_id(user)
            found = await person.get()
            methods = await person.authentication.methods.get()
    assert found is not None
    assert methods is not None
    assert control.requests()[-1]["appId"] == LIFECYCLE_CLIENT


@pytest.mark.usefixtures("environment")
async def test_each_app_has_its_own_roles(stand: GraphStand, control: GraphControl) -> None:
    """An app without a permission is refused what it lacks."""
    user = control.create_user()["id"]
    with ManagedIdentityCredential(client_id=BARE_CLIENT) as credential:
        async with v1_client(stand, credential=credential) as client:
            with pytest.raises(ODataError) as caught:
                await client.users.by_user_id(user).authentication.methods.get()
    assert caught.value.response_status_code == 403


@pytest.mark.usefixtures("environment")
def test_the_token_says_who_and_what() -> None:
    """The claims name the app, the tenant, the audience and the roles."""
    with ManagedIdentityCredential(client_id=LIFECYCLE_CLIENT) as credential:
        token = credential.get_token(_SCOPE)
    claims = jwt.decode(token.token, options={"verify_signature": False})
    assert claims["appid"] == LIFECYCLE_CLIENT
    assert claims["tid"] == "99999999-9999-4999-8999-999999999999"
    assert claims["aud"] == "https://graph.microsoft.com"
    assert set(claims["roles"]) == GRAPH_ROLES[App.LIFECYCLE]
    assert abs(claims["exp"] - token.expires_on) <= 5


@pytest.mark.usefixtures("environment")
def test_without_a_client_id_the_token_has_all_roles_of_all_apps() -> None:
    """One process that runs every app gets what they have together."""
    with ManagedIdentityCredential() as credential:
        token = credential.get_token(_SCOPE)
    claims = jwt.decode(token.token, options={"verify_signature": False})
    assert set(claims["roles"]) == GRAPH_ROLES[App.LIFECYCLE] | {"User.ReadBasic.All"}


@pytest.mark.usefixtures("environment")
def test_a_token_for_another_service_holds_no_graph_roles() -> None:
    """Graph's permissions are in tokens for Graph only."""
    with ManagedIdentityCredential(client_id=LIFECYCLE_CLIENT) as credential:
        token = credential.get_token("https://vault.azure.net/.default")
    assert jwt.decode(token.token, options={"verify_signature": False})["roles"] == []


def test_a_wrong_secret_gets_no_token(environment: pytest.MonkeyPatch) -> None:
    """The real credential fails where `IDENTITY_HEADER` is not the tenant's."""
    environment.setenv("IDENTITY_HEADER", "wrong")
    with (
        ManagedIdentityCredential(client_id=LIFECYCLE_CLIENT) as credential,
        pytest.raises(ClientAuthenticationError),
    ):
        credential.get_token(_SCOPE)


@pytest.mark.parametrize(
    ("query", "header", "status"),
    [
        ({"api-version": "2019-08-01"}, IDENTITY_HEADER, 400),
        ({"api-version": "2017-09-01", "resource": "https://x"}, IDENTITY_HEADER, 400),
        ({"api-version": "2019-08-01", "resource": "https://x"}, None, 401),
        (
            {"api-version": "2019-08-01", "resource": "https://x", "client_id": "nobody"},
            IDENTITY_HEADER,
            400,
        ),
    ],
)
def test_bad_requests_for_a_token_are_refused(
    stand: GraphStand, query: dict[str, str], header: str | None, status: int
) -> None:
    """No resource, an old API version, no secret, an unknown identity."""
    headers = {} if header is None else {"X-IDENTITY-HEADER": header}
    answer = httpx.get(stand.identity_endpoint, params=query, headers=headers, trust_env=False)
    assert answer.status_code == status
