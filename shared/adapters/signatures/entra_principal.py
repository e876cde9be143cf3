"""A caller that signs nothing and brings a token of Entra ID: App Service Authentication checks it.

It is for callers that can't sign, such as a Logic App with a managed identity. The token proves who
calls; that the body is the caller's own is TLS's word alone.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.application.ports.sources import Verified
from shared.contracts.principal import PRINCIPAL_HEADER, is_guarded, principal_of
from shared.domain.errors.requests import InvalidSignature, NotSignedIn
from shared.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class EntraPrincipal:
    """The port `SignatureScheme`, by the principal that the platform injects.

    Attributes:
        callers: the object ids of the service principals that may call.
    """

    callers: frozenset[UserId]

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Verified:  # noqa: ARG002  (a token is not about a body)
        """Check who calls.

        Raises:
            InvalidSignature: the platform does not guard this app, or it is nobody who may.
        """
        if not is_guarded(os.environ):
            raise InvalidSignature("App Service Authentication does not guard this app.")
        try:
            caller = principal_of(headers.get(PRINCIPAL_HEADER, "")).object_id
        except NotSignedIn as error:
            raise InvalidSignature("The request names no caller of Entra ID.") from error
        if caller not in self.callers:
            raise InvalidSignature("The caller is none of those that this source names.")
        return Verified(by=f"principal {caller}")
