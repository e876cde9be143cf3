"""App Service Authentication: takes bearer tokens in, puts `X-MS-CLIENT-PRINCIPAL*` headers out.

The header's shape is that of "Work with user identities in Azure App Service authentication"
(learn.microsoft.com/azure/app-service/configure-authentication-user-identities). Set to allow
anonymous requests: a caller whose token is not known passes, without a principal.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

_OWNED_PREFIXES = ("x-ms-client-principal", "x-ms-token-")
_OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
_NAME_TYPE = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
_ROLE_TYPE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"


@dataclass(frozen=True)
class Principal:
    """A person who may sign in on this machine.

    Args:
        name: the user principal name.
        object_id: the object id in the directory.
        roles: the app roles.
    """

    name: str
    object_id: str
    roles: tuple[str, ...]

    def headers(self) -> dict[str, str]:
        """What App Service Authentication tells the app about this person."""
        claims = [
            {"typ": _OBJECT_ID, "val": self.object_id},
            {"typ": "preferred_username", "val": self.name},
            *({"typ": "roles", "val": role} for role in self.roles),
        ]
        document = {
            "auth_typ": "aad",
            "claims": claims,
            "name_typ": _NAME_TYPE,
            "role_typ": _ROLE_TYPE,
        }
        return {
            "x-ms-client-principal": base64.b64encode(json.dumps(document).encode()).decode(),
            "x-ms-client-principal-id": self.object_id,
            "x-ms-client-principal-name": self.name,
            "x-ms-client-principal-idp": "aad",
        }


def authenticated(
    headers: Mapping[str, str], principals: Mapping[str, Principal]
) -> dict[str, str]:
    """The headers as the app sees them: forged ones gone, those of a known token added.

    Args:
        headers: as they came, names in lower case.
        principals: bearer token -> who it belongs to.
    """
    seen = {name: value for name, value in headers.items() if not name.startswith(_OWNED_PREFIXES)}
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and (principal := principals.get(token.strip())) is not None:
        seen |= principal.headers()
    return seen
