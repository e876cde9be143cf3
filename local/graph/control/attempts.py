"""An attempt to sign in, as a test tells it."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from local.graph.tenant.access.attempt import (
    APP_PASSWORD,
    FEDERATED_MFA,
    HOME_MFA,
    Attempt,
    ClientApp,
)
from local.graph.tenant.mailboxes import Protocol
from local.graph.tenant.methods import Kind
from local.graph.tenant.refusals import RefusedError
from local.graph.tenant.tenant import Tenant

_CREDENTIALS = frozenset({*Kind, APP_PASSWORD, HOME_MFA, FEDERATED_MFA})
_Risk = Literal["", "none", "low", "medium", "high", "hidden"]
_Control = Literal[
    "compliantDevice",
    "domainJoinedDevice",
    "approvedApplication",
    "compliantApplication",
    "passwordChange",
    "riskRemediation",
    "termsOfUse",
    "customAuthenticationFactors",
]


class SignInRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """A sign-in; `local.graph.tenant.access.attempt.Attempt` says what its parts mean.

    Attributes:
        credentials: a password when left out.
        protocol: what a legacy client speaks; left out, any that is open.
    """

    app: str = ""
    app_suites: tuple[Literal["Office365", "MicrosoftAdminPortals"], ...] = ()
    app_matches: tuple[str, ...] = ()
    client_app: ClientApp = ClientApp.BROWSER
    platform: str = ""
    location: str = ""
    locations: tuple[str, ...] = ()
    risk: _Risk = ""
    user_risk: _Risk = ""
    insider_risk: Literal["", "minor", "moderate", "elevated"] = ""
    device_matches: tuple[str, ...] = ()
    flow: Literal["", "deviceCodeFlow", "authenticationTransfer"] = ""
    satisfies: tuple[_Control, ...] = ()
    credentials: tuple[str, ...] = (Kind.PASSWORD,)
    protocol: Literal["smtp", "imap", "pop"] | None = None


def attempt_of(tenant: Tenant, body: SignInRequest) -> Attempt:
    """The attempt that is told.

    Raises:
        RefusedError: there is no such credential, or no such named location.
    """
    check_credentials(body.credentials)
    places = tuple(place.casefold() for place in body.locations)
    for place in places:
        if place not in tenant.policies.named_locations:
            raise RefusedError(f"There is no named location '{place}'.")
    return Attempt(
        client=body.client_app,
        credentials=body.credentials,
        app=body.app,
        app_suites=body.app_suites,
        app_matches=body.app_matches,
        platform=body.platform,
        location=body.location,
        locations=places,
        risk=body.risk,
        user_risk=body.user_risk,
        insider_risk=body.insider_risk,
        device_matches=body.device_matches,
        flow=body.flow,
        satisfies=body.satisfies,
        protocol=None if body.protocol is None else Protocol(body.protocol),
    )


def check_credentials(credentials: Iterable[str]) -> None:
    """Refuse what nobody could present.

    Raises:
        RefusedError: there is no such credential.
    """
    for credential in credentials:
        if credential not in _CREDENTIALS:
            raise RefusedError(f"There is no credential '{credential}'.")
