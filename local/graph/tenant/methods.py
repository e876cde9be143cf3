"""Authentication methods: the kinds, their fixed ids, and what Graph shows of each.

Types, ids and fields are those of the published schemas; a kind is what the control side calls it
(`/_sim/users/{id}/register {"method": kind}`).
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec

FieldValue = str | bool | int | list[str] | dict[str, str | None] | None


class Kind(StrEnum):
    """The kinds of authentication method."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind
    MICROSOFT_AUTHENTICATOR = "microsoftAuthenticator"
    SOFTWARE_OATH = "softwareOath"
    HARDWARE_OATH = "hardwareOath"
    FIDO2 = "fido2"
    WINDOWS_HELLO = "windowsHelloForBusiness"
    PLATFORM_CREDENTIAL = "platformCredential"
    MOBILE = "mobile"
    ALTERNATE_MOBILE = "alternateMobile"
    OFFICE = "office"
    EMAIL = "email"
    EXTERNAL = "external"
    QR_CODE_PIN = "qrCodePin"
    TEMPORARY_ACCESS_PASS = "temporaryAccessPass"  # noqa: S105 - the name of a kind


class Passkey(StrEnum):
    """Where a FIDO2 passkey is kept, as its fields tell it."""

    SECURITY_KEY = "securityKey"
    AUTHENTICATOR = "authenticator"
    """Microsoft Authenticator on Android."""
    AUTHENTICATOR_ON_IPHONE = "authenticatorOnIphone"
    SYNCED = "synced"
    """With a provider that copies it to all devices of the person."""
    UNKNOWN = "unknown"
    """Not attested: the fields do not tell."""


@dataclass(frozen=True)
class KindFacts:
    """What is true of every method of a kind.

    Attributes:
        odata_type: the name of the Graph type, without `#microsoft.graph.`.
        fixed_id: the id that every person's method of this kind has; such a kind exists once.
        strong: it satisfies per-user MFA, so that registering it moves `enabled` to `enforced`.
            E-mail is for password reset only; Windows Hello and platform credentials live in one
            machine; a QR code with a PIN is a first factor.
        preference: its value in `userPreferredMethodForSecondaryAuthentication`, if it can be one.
        in_v1: v1.0 declares the type; a list of v1.0 leaves out what it does not declare.
        fields: the fields of a newly registered one, in v1.0 and beta.
        beta_fields: the fields that only beta has.
    """

    odata_type: str
    fixed_id: str | None = None
    strong: bool = False
    preference: str | None = None
    in_v1: bool = True
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    beta_fields: Mapping[str, FieldValue] = field(default_factory=dict)

    @property
    def preferences(self) -> frozenset[str]:
        """All values of the preference that mean this kind: a mobile is texted or called."""
        called = {"voiceMobile"} if self.preference == "sms" else set()
        return frozenset({self.preference, *called} if self.preference else set())


def _phone(
    phone_type: str, fixed_id: str, preference: str, number: str, sms_state: str | None = None
) -> KindFacts:
    return KindFacts(
        "phoneAuthenticationMethod",
        fixed_id=fixed_id,
        strong=True,
        preference=preference,
        fields={"phoneNumber": number, "phoneType": phone_type, "smsSignInState": sms_state},
    )


FACTS: dict[Kind, KindFacts] = {
    Kind.PASSWORD: KindFacts(
        "passwordAuthenticationMethod",
        fixed_id="28c10230-6103-485e-b985-444c60001490",
        fields={"password": None},
    ),
    Kind.MICROSOFT_AUTHENTICATOR: KindFacts(
        "microsoftAuthenticatorAuthenticationMethod",
        strong=True,
        preference="push",
        fields={
            "displayName": "Pixel 9",
            "deviceTag": "SoftwareTokenActivated",
            "phoneAppVersion": "6.2511.0",
        },
        beta_fields={"clientAppName": "microsoftAuthenticator"},
    ),
    Kind.SOFTWARE_OATH: KindFacts(
        "softwareOathAuthenticationMethod",
        strong=True,
        preference="oath",
        fields={"secretKey": None},
    ),
    Kind.HARDWARE_OATH: KindFacts(
        "hardwareOathAuthenticationMethod",
        strong=True,
        preference="oath",
        in_v1=False,
        fields={"device": {"displayName": "Token 1", "serialNumber": "TOTP-0001"}},
    ),
    Kind.FIDO2: KindFacts(
        "fido2AuthenticationMethod",
        strong=True,
        fields={
            "displayName": "Security key",
            "aaGuid": "cb69481e-8ff7-4039-93ec-0a2729a154a8",
            "model": "YubiKey 5",
            "attestationCertificates": [],
            "attestationLevel": "attested",
            "passkeyType": "deviceBound",
        },
    ),
    Kind.WINDOWS_HELLO: KindFacts(
        "windowsHelloForBusinessAuthenticationMethod",
        fields={"displayName": "LAPTOP-01", "keyStrength": "normal"},
    ),
    Kind.PLATFORM_CREDENTIAL: KindFacts(
        "platformCredentialAuthenticationMethod",
        fields={"displayName": "MacBook", "keyStrength": "normal", "platform": "macOS"},
    ),
    Kind.MOBILE: _phone(
        "mobile", "3179e48a-750b-4051-897c-87b9720928f7", "sms", "+1 2065550100", "notEnabled"
    ),
    Kind.ALTERNATE_MOBILE: _phone(
        "alternateMobile",
        "b6332ec1-7057-4abe-9331-3d72feddfe41",
        "voiceAlternateMobile",
        "+1 2065550101",
        "notSupported",
    ),
    Kind.OFFICE: _phone(
        "office",
        "e37fc753-ff3b-4958-9484-eaa9425c82bc",
        "voiceOffice",
        "+1 2065550102x42",
        "notSupported",
    ),
    Kind.EMAIL: KindFacts(
        "emailAuthenticationMethod",
        fixed_id="3ddfcfc8-9383-446f-83cc-3ab9be4be18f",
        fields={"emailAddress": "person@example.com"},
    ),
    Kind.EXTERNAL: KindFacts(
        "externalAuthenticationMethod",
        strong=True,
        fields={
            "displayName": "External provider",
            "configurationId": "2f1dcbcc-3a4a-4a0c-9c9b-5a0a2f3f0b1e",
        },
    ),
    Kind.QR_CODE_PIN: KindFacts("qrCodePinAuthenticationMethod"),
    Kind.TEMPORARY_ACCESS_PASS: KindFacts("temporaryAccessPassAuthenticationMethod"),
}

PASSKEY_FIELDS: dict[Passkey, dict[str, FieldValue]] = {
    Passkey.SECURITY_KEY: {},
    Passkey.AUTHENTICATOR: {
        "displayName": "Authenticator - Android",
        "aaGuid": "de1e552d-db1d-4423-a619-566b625cdc84",
        "model": "Microsoft Authenticator",
    },
    Passkey.AUTHENTICATOR_ON_IPHONE: {
        "displayName": "Authenticator - iOS",
        "aaGuid": "90a3ccdf-635c-4729-a248-9b709135078f",
        "model": "Microsoft Authenticator",
    },
    Passkey.SYNCED: {
        "displayName": "Passwords",
        "aaGuid": "fbfc3007-154e-4ecc-8c0b-6e020557d7bd",
        "model": "iCloud Keychain",
        "attestationLevel": "notAttested",
        "passkeyType": "synced",
    },
    Passkey.UNKNOWN: {
        "displayName": "Passkey",
        "aaGuid": "00000000-0000-0000-0000-000000000000",
        "model": None,
        "attestationLevel": "notAttested",
    },
}
"""What the fields of a passkey are, other than those of a security key.

Source: the models' ids are those of https://learn.microsoft.com/entra/identity/authentication/
how-to-enable-authenticator-passkey and of the FIDO Alliance's metadata.
"""

AUTHENTICATOR_MODELS = frozenset(
    str(PASSKEY_FIELDS[kept]["aaGuid"])
    for kept in (Passkey.AUTHENTICATOR, Passkey.AUTHENTICATOR_ON_IPHONE)
)
"""The `aaGuid` of passkeys that Microsoft Authenticator keeps."""

REGISTRABLE = frozenset(Kind) - {Kind.PASSWORD, Kind.TEMPORARY_ACCESS_PASS}
PHONES = frozenset({Kind.MOBILE, Kind.ALTERNATE_MOBILE, Kind.OFFICE})


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """One method that a person has registered.

    Attributes:
        id: Graph's id of it: fixed for the kinds that exist once.
        fields: its fields in v1.0 and beta, by Graph's names.
        beta_fields: the fields that only beta shows.
        created: when it was registered.
        last_used: when it was used last (shown in beta); None if never.
    """

    id: str
    kind: Kind
    fields: dict[str, FieldValue]
    beta_fields: dict[str, FieldValue]
    created: datetime
    last_used: datetime | None = None

    @property
    def strong(self) -> bool:
        """It satisfies per-user MFA."""
        return FACTS[self.kind].strong


def new_method(kind: Kind, created: datetime, new_id: str | None = None) -> Method:
    """A newly registered method with plausible fields.

    Args:
        new_id: the id for kinds without a fixed one; a random one when left out.
    """
    facts = FACTS[kind]
    return Method(
        id=facts.fixed_id or new_id or str(uuid.uuid4()),
        kind=kind,
        fields=dict(facts.fields),
        beta_fields=dict(facts.beta_fields),
        created=created,
    )
