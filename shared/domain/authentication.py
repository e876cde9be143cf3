"""Per-user MFA state and authentication methods, in Microsoft Graph's meaning of the words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PerUserMfaState(StrEnum):
    """The per-user MFA state of an account (Graph: `perUserMfaState`)."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    ENFORCED = "enforced"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A read that does not say what is true. It is neither 'yes' nor 'no'.

    Attributes:
        reason: why it is unknown, for the operator.
    """

    reason: str


class MethodType(StrEnum):
    """The kinds of authentication method that Graph lists for a user."""

    PASSWORD = "password"  # noqa: S105  (Graph's name for the method, not a password)
    MICROSOFT_AUTHENTICATOR = "microsoftAuthenticator"
    SOFTWARE_OATH = "softwareOath"
    HARDWARE_OATH = "hardwareOath"
    FIDO2 = "fido2"
    WINDOWS_HELLO = "windowsHelloForBusiness"
    PLATFORM_CREDENTIAL = "platformCredential"
    PHONE = "phone"
    EMAIL = "email"
    TEMPORARY_ACCESS_PASS = "temporaryAccessPass"  # noqa: S105  (Graph's name for the method)
    EXTERNAL = "external"
    QR_CODE_PIN = "qrCodePin"
    UNRECOGNISED = "unrecognised"


MFA_METHODS = frozenset(
    {
        MethodType.MICROSOFT_AUTHENTICATOR,
        MethodType.SOFTWARE_OATH,
        MethodType.HARDWARE_OATH,
        MethodType.FIDO2,
        MethodType.PHONE,
        MethodType.EXTERNAL,
    }
)
"""Methods that make a person MFA registered anywhere.

A password, an e-mail address (self-service password reset only) and a Temporary Access Pass do not
count. Windows Hello and platform credentials count on one machine only, so alone they do not.
A type we don't recognise proves nothing.
"""


class Passkey(StrEnum):
    """Where a passkey is held."""

    PHONE = "phone"
    """In Microsoft Authenticator."""
    SECURITY_KEY = "security-key"
    UNKNOWN = "unknown"
    """Of an unknown model, or synchronised between devices: it may be on a phone."""


@dataclass(frozen=True, slots=True)
class AuthenticationMethod:
    """One authentication method of a person.

    Attributes:
        method_id: Graph's id of the method.
        method_type: its kind.
        passkey: where it is held, for a passkey.
    """

    method_id: str
    method_type: MethodType
    passkey: Passkey | None = None

    def __str__(self) -> str:
        """Its type and id, for audit entries."""
        return f"{self.method_type} {self.method_id}"


MOBILE: Final = "3179e48a-750b-4051-897c-87b9720928f7"
ALTERNATE_MOBILE: Final = "b6332ec1-7057-4abe-9331-3d72feddfe41"
OFFICE: Final = "e37fc753-ff3b-4958-9484-eaa9425c82bc"
"""The ids that these phones have with everybody:
https://learn.microsoft.com/graph/api/resources/phoneauthenticationmethod"""


def is_registered(methods: tuple[AuthenticationMethod, ...]) -> bool:
    """Whether a person with these methods is MFA registered."""
    return any(method.method_type in MFA_METHODS for method in methods)
