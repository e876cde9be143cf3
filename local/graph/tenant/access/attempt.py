"""An attempt to sign in, and how it ends."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from local.graph.tenant.mailboxes import Protocol

APP_PASSWORD = "appPassword"  # noqa: S105 - the name of a credential
HOME_MFA = "homeMfa"
"""An external person has done MFA in their home tenant."""
FEDERATED_MFA = "federatedMfa"
"""The identity provider of a federated domain has done MFA."""
USER_ACTION = "urn:user:"
AUTHENTICATION_CONTEXT = "urn:context:"
_MAIL_PROTOCOLS = frozenset({Protocol.SMTP, Protocol.IMAP, Protocol.POP})


class ClientApp(StrEnum):
    """The client types of Conditional Access and the sign-in logs."""

    BROWSER = "browser"
    MODERN = "mobileAppsAndDesktopClients"
    ACTIVE_SYNC = "exchangeActiveSync"
    OTHER = "other"

    @property
    def legacy(self) -> bool:
        """It can send a user name and a password, and nothing more."""
        return self in {ClientApp.ACTIVE_SYNC, ClientApp.OTHER}


class Result(StrEnum):
    """How an attempt ends."""

    ALLOWED = "allowed"
    MFA_REQUIRED = "mfa-required"
    REGISTRATION_REQUIRED = "registration-required"
    BLOCKED = "blocked"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt to sign in: all that Conditional Access looks at, beside the person.

    Attributes:
        credentials: what is presented: kinds of methods, `appPassword`, `homeMfa`, `federatedMfa`.
        app: the application's id, or any application; a user action
            (`urn:user:registersecurityinfo`); an authentication context (`urn:context:c1`).
        app_suites: the suites of which the application is one: `Office365`,
            `MicrosoftAdminPortals`.
        app_matches: the rules of application filters that the application fits.
        platform: as Conditional Access spells it; anything else is an unknown platform.
        location: `trusted`, or anything else.
        locations: the ids of the named locations in which the place lies.
        risk: the sign-in risk, empty for none.
        user_risk: the user's risk, empty for none.
        insider_risk: `minor`, `moderate` or `elevated`, empty for none.
        device_matches: the rules of device filters that the device fits.
        flow: `deviceCodeFlow` or `authenticationTransfer`, empty for every other flow.
        satisfies: the controls other than MFA that are fulfilled, by Graph's names: built-in ones,
            `termsOfUse`, `customAuthenticationFactors`.
        protocol: what a legacy client other than ActiveSync speaks to the mailbox; None = whatever
            is open.
    """

    client: ClientApp
    credentials: Sequence[str]
    app: str = ""
    app_suites: Collection[str] = ()
    app_matches: Collection[str] = ()
    platform: str = ""
    location: str = ""
    locations: Collection[str] = ()
    risk: str = ""
    user_risk: str = ""
    insider_risk: str = ""
    device_matches: Collection[str] = ()
    flow: str = ""
    satisfies: Collection[str] = ()
    protocol: Protocol | None = None

    @property
    def protocols(self) -> frozenset[Protocol]:
        """The protocols by which a legacy client may reach the mailbox."""
        if self.client is ClientApp.ACTIVE_SYNC:
            return frozenset({Protocol.ACTIVE_SYNC})
        return _MAIL_PROTOCOLS if self.protocol is None else frozenset({self.protocol})


@dataclass(frozen=True)
class Outcome:
    """How an attempt ends, and what decided it.

    Attributes:
        by: `perUserMfa`, `securityDefaults`, `conditionalAccess:` and the policy's id,
            `accountDisabled`, `credentials`, `mailbox` (it is closed to the protocol), or what was
            enough.
    """

    result: Result
    by: str
