"""The least that containing a lost device can take: its necessary requests, one after the other."""

from dataclasses import dataclass
from typing import Final

import httpx

from local.bench.company import BenchError, Json

_ACCOUNT: Final = "id,accountEnabled,userType,userPrincipalName,signInSessionsValidFromDateTime"
_PATHS: Final = {
    "#microsoft.graph.phoneAuthenticationMethod": "phoneMethods",
    "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod": "microsoftAuthenticatorMethods",
}
"""Where the methods of a lost device are removed, in an order that works."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A bare script on one connection; no queue, no store, no lease, no guard, no audit.

    Attributes:
        graph: a client of the simulated tenant, with a token.
    """

    graph: httpx.Client

    def contain(self, person: Json) -> None:
        """What takes a person from the ticket to `contained`.

        Raises:
            BenchError: something is not as it has to be.
        """
        account = f"/v1.0/users/{person['id']}"
        before = self._send("GET", f"{account}?$select={_ACCOUNT}")
        listed = f"/beta/users/{person['id']}/authentication/methods"
        methods = {one["@odata.type"]: one["id"] for one in self._send("GET", listed)["value"]}
        for kind, name in _PATHS.items():
            self._send("DELETE", f"{account}/authentication/{name}/{methods[kind]}")
        left = [one["@odata.type"] for one in self._send("GET", listed)["value"]]
        if set(left) & set(_PATHS):
            raise BenchError(f"The floor still reads {left}.")
        self._send("POST", f"{account}/revokeSignInSessions")
        after = self._send("GET", f"{account}?$select=id,signInSessionsValidFromDateTime")
        since = "signInSessionsValidFromDateTime"
        if after[since] <= before[since]:
            raise BenchError("The floor reads no revocation.")

    def _send(self, method: str, path: str) -> Json:
        answer = self.graph.request(method, path)
        if answer.is_error:
            raise BenchError(f"{method} {path}: {answer.status_code} {answer.text}")
        found: Json = answer.json() if answer.content else {}
        return found
