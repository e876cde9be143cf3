"""Managed identities: the tokens of the applications, and who may ask for them.

The endpoint is that of App Service (`IDENTITY_ENDPOINT`, `IDENTITY_HEADER`, API version
2019-08-01), which is what azure-identity's `ManagedIdentityCredential` asks. Tokens are signed and
checked; they expire in real time, because clients cache them in real time.
"""

import secrets
import time
import uuid
from pathlib import Path

import jwt
import msgspec

from local.graph.api.errors import GraphError
from local.graph.api.messages import Caller
from local.graph.tenant.service_principals import NAMESPACE, service_principal_id
from shared.names import App
from shared.rights import GRAPH_ROLES

GRAPH = "https://graph.microsoft.com"
_GRAPH_AUDIENCES = (GRAPH, "00000003-0000-0000-c000-000000000000")
EXCHANGE_AUDIENCES = ("https://outlook.office365.com", "00000002-0000-0ff1-ce00-000000000000")
MANAGE_AS_APP = "Exchange.ManageAsApp"
"""The one permission of Exchange Online that is known here."""
EXCHANGE_ROLES = {App.RESET: frozenset({MANAGE_AS_APP})}
"""What administrators grant by hand, for the app that shuts mailboxes where it is told to."""
_API_VERSION = "2019-08-01"
_LIFETIME_SECONDS = 24 * 3600
SYSTEM_ASSIGNED = str(uuid.uuid5(NAMESPACE, "system-assigned"))
"""The client id of the one identity of a host that runs all apps."""


def default_client_id(app: App) -> str:
    """The client id of an app's identity where no configuration names one."""
    return str(uuid.uuid5(NAMESPACE, app))


def principal_ids() -> tuple[str, ...]:
    """The object ids of all identities where no configuration names others."""
    apps = (*map(default_client_id, App), SYSTEM_ASSIGNED)
    return tuple(map(service_principal_id, apps))


class AppIdentity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The user-assigned identity of one app.

    Attributes:
        roles: its application permissions in Graph; None = those of `shared.names`.
        exchange_roles: those in Exchange Online; None = those of `EXCHANGE_ROLES`.
    """

    app: App
    client_id: str = msgspec.field(name="clientId")
    roles: frozenset[str] | None = None
    exchange_roles: frozenset[str] | None = msgspec.field(name="exchangeRoles", default=None)

    @property
    def granted(self) -> frozenset[str]:
        """The application permissions that its tokens hold, each token those of its service."""
        roles = GRAPH_ROLES[self.app] if self.roles is None else self.roles
        exchange = self.exchange_roles
        return roles | (EXCHANGE_ROLES.get(self.app, frozenset()) if exchange is None else exchange)


def _default_identities() -> tuple[AppIdentity, ...]:
    return tuple(AppIdentity(app=app, client_id=default_client_id(app)) for app in App)


class IdentityConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The configuration file (`--config`).

    Attributes:
        identity_header: the secret that the endpoint wants in `X-IDENTITY-HEADER`.
    """

    tenant_id: str = msgspec.field(name="tenantId", default="5f3a7c1e-2b64-4d0e-9a51-7c0d6c0f4e21")
    identity_header: str = msgspec.field(name="identityHeader", default="local-identity")
    apps: tuple[AppIdentity, ...] = msgspec.field(default_factory=_default_identities)


class IdentityRefusedError(Exception):
    """The endpoint refuses a request for a token.

    Attributes:
        status: the HTTP status.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Identities:
    """Makes tokens and checks them.

    Args:
        config: the identities.
        key_path: holds the signing key, made where it is missing, so that tokens outlive a
            restart.
    """

    def __init__(self, config: IdentityConfig, key_path: Path) -> None:
        self._config = config
        if not key_path.exists():
            key_path.touch(mode=0o600)
            key_path.write_bytes(secrets.token_bytes(64))
        self._key = key_path.read_bytes()

    def managed_identity_answer(
        self,
        header: str | None,
        api_version: str | None,
        resource: str | None,
        client_id: str | None,
    ) -> dict[str, str]:
        """What the endpoint answers to a request for a token.

        Raises:
            IdentityRefusedError: wrong secret or API version, no resource, or no such identity.
        """
        if header is None or not secrets.compare_digest(header, self._config.identity_header):
            raise IdentityRefusedError(401, "The X-IDENTITY-HEADER does not match.")
        if api_version != _API_VERSION:
            raise IdentityRefusedError(400, f"The API version {api_version} is not supported.")
        if not resource:
            raise IdentityRefusedError(400, "The parameter resource is missing.")
        app_id, roles = self._identity(client_id)
        audience = resource.removesuffix("/")
        expires_on = int(time.time()) + _LIFETIME_SECONDS
        return {
            "access_token": self.mint(app_id, roles, audience=audience, expires_on=expires_on),
            "expires_on": str(expires_on),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": app_id,
        }

    def mint(
        self,
        app_id: str,
        roles: frozenset[str],
        *,
        audience: str = GRAPH,
        expires_on: int | None = None,
    ) -> str:
        """A signed token. It holds the permissions of the service that it is for, and no others.

        Args:
            expires_on: unix seconds of real time; a day from now when left out.
        """
        now = int(time.time())
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self._config.tenant_id}/",
            "iat": now,
            "nbf": now,
            "exp": now + _LIFETIME_SECONDS if expires_on is None else expires_on,
            "appid": app_id,
            "idtyp": "app",
            "oid": service_principal_id(app_id),
            "roles": sorted(_of_service(roles, audience)),
            "tid": self._config.tenant_id,
            "ver": "1.0",
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def caller(
        self, authorization: str | None, audience: tuple[str, ...] = _GRAPH_AUDIENCES
    ) -> Caller:
        """Who sends a request, from its `Authorization` header.

        Args:
            audience: the names of the service that is asked.

        Raises:
            GraphError: 401 in Graph's words.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _unauthenticated("Access token is empty.")
        try:
            claims = jwt.decode(
                token.strip(),
                self._key,
                algorithms=["HS256"],
                audience=audience,
                options={"require": ["exp", "aud", "appid", "tid"]},
            )
        except jwt.ExpiredSignatureError as error:
            message = "Lifetime validation failed, the token is expired."
            raise _unauthenticated(message) from error
        except jwt.InvalidAudienceError as error:
            message = "Access token validation failure. Invalid audience."
            raise _unauthenticated(message) from error
        except jwt.DecodeError as error:
            message = (
                "Signing key is invalid."
                if isinstance(error, jwt.InvalidSignatureError)
                else "IDX14100: JWT is not well formed, there are no dots (.)."
            )
            raise _unauthenticated(message) from error
        except jwt.InvalidTokenError as error:
            raise _unauthenticated("Access token validation failure.") from error
        if claims["tid"] != self._config.tenant_id:
            raise _unauthenticated("Access token validation failure. Invalid tenant.")
        return Caller(str(claims["appid"]), frozenset(claims.get("roles", ())))

    def _identity(self, client_id: str | None) -> tuple[str, frozenset[str]]:
        if client_id is None:
            every = frozenset[str]().union(*(app.granted for app in self._config.apps))
            return SYSTEM_ASSIGNED, every
        for identity in self._config.apps:
            if identity.client_id.casefold() == client_id.casefold():
                return identity.client_id, identity.granted
        raise IdentityRefusedError(
            400,
            "No User Assigned or Delegated Managed Identity found for specified"
            " ClientId/ResourceId/PrincipalId.",
        )


def _of_service(roles: frozenset[str], audience: str) -> frozenset[str]:
    if audience in _GRAPH_AUDIENCES:
        return roles - {MANAGE_AS_APP}
    return roles & {MANAGE_AS_APP} if audience in EXCHANGE_AUDIENCES else frozenset()


def _unauthenticated(message: str) -> GraphError:
    return GraphError(
        401,
        "InvalidAuthenticationToken",
        message,
        headers={"WWW-Authenticate": 'Bearer realm="", authorization_uri="", client_id=""'},
    )
