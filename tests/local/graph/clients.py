"""The unmodified SDK clients, pointed at a simulated tenant."""

import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.credentials_async import AsyncTokenCredential
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from msgraph_beta.graph_request_adapter import GraphRequestAdapter as BetaRequestAdapter
from msgraph_beta.graph_service_client import GraphServiceClient as BetaServiceClient
from msgraph_core import GraphClientFactory

from tests.stands.graph import GraphStand

IDENTITY_HEADER = "test-identity-secret"
LIFECYCLE_CLIENT = "11111111-1111-4111-8111-111111111111"
BARE_CLIENT = "22222222-2222-4222-8222-222222222222"
CONFIG = json.dumps(
    {
        "tenantId": "99999999-9999-4999-8999-999999999999",
        "identityHeader": IDENTITY_HEADER,
        "apps": [
            {"app": "lifecycle", "clientId": LIFECYCLE_CLIENT},
            {"app": "operators", "clientId": BARE_CLIENT, "roles": ["User.ReadBasic.All"]},
        ],
    }
)
_SCOPES = ["https://graph.microsoft.com/.default"]
_HOSTS = ["127.0.0.1"]


class StaticCredential:
    """A credential that always has the same token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *_: str, **__: object) -> AccessToken:
        """The token, said to live for an hour."""
        return AccessToken(self._token, int(time.time()) + 3600)

    def close(self) -> None:
        """Nothing to close."""


@asynccontextmanager
async def v1_client(
    stand: GraphStand,
    roles: Sequence[str] | None = None,
    credential: TokenCredential | AsyncTokenCredential | None = None,
) -> AsyncIterator[GraphServiceClient]:
    """`msgraph-sdk` on v1.0 with these application permissions, or with a credential."""
    async with _http_client() as http:
        adapter = GraphRequestAdapter(_authentication(stand, roles, credential), http)
        adapter.base_url = f"{stand.base_url}/v1.0"
        yield GraphServiceClient(request_adapter=adapter)


@asynccontextmanager
async def beta_client(
    stand: GraphStand, roles: Sequence[str] | None = None
) -> AsyncIterator[BetaServiceClient]:
    """`msgraph-beta-sdk` with these application permissions."""
    async with _http_client() as http:
        adapter = BetaRequestAdapter(_authentication(stand, roles, None), http)
        adapter.base_url = f"{stand.base_url}/beta"
        yield BetaServiceClient(request_adapter=adapter)


@asynccontextmanager
async def _http_client() -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client with the SDK's middleware, whose connections are really closed.

    The middleware hides the transport from the client, which then cannot close it.
    """
    async with httpx.AsyncHTTPTransport() as transport:
        http = httpx.AsyncClient(transport=transport)
        yield GraphClientFactory.create_with_default_middleware(client=http)


def _authentication(
    stand: GraphStand,
    roles: Sequence[str] | None,
    credential: TokenCredential | AsyncTokenCredential | None,
) -> AzureIdentityAuthenticationProvider:
    return AzureIdentityAuthenticationProvider(
        credential or StaticCredential(stand.control.token(roles)),
        scopes=_SCOPES,
        allowed_hosts=_HOSTS,
    )
