"""Registered methods in the words of the reports, and which policy allows each.

Source: https://learn.microsoft.com/graph/api/resources/userregistrationdetails, and
`UsageAuthMethod` of the beta schema.
"""

from collections.abc import Iterable

from local.graph.tenant.methods import AUTHENTICATOR_MODELS, FACTS, Kind, Method

_WORDS = {
    Kind.MICROSOFT_AUTHENTICATOR: "microsoftAuthenticatorPush",
    Kind.SOFTWARE_OATH: "softwareOneTimePasscode",
    Kind.HARDWARE_OATH: "hardwareOneTimePasscode",
    Kind.WINDOWS_HELLO: "windowsHelloForBusiness",
    Kind.PLATFORM_CREDENTIAL: "macOsSecureEnclaveKey",
    Kind.MOBILE: "mobilePhone",
    Kind.ALTERNATE_MOBILE: "alternateMobilePhone",
    Kind.OFFICE: "officePhone",
    Kind.EMAIL: "email",
    Kind.EXTERNAL: "externalAuthMethod",
    Kind.QR_CODE_PIN: "qrCode",
    Kind.TEMPORARY_ACCESS_PASS: "temporaryAccessPass",
}

CONFIGURATIONS: dict[Kind, tuple[str, ...]] = {
    Kind.MICROSOFT_AUTHENTICATOR: ("microsoftAuthenticator",),
    Kind.SOFTWARE_OATH: ("softwareOath",),
    Kind.FIDO2: ("fido2",),
    Kind.MOBILE: ("sms", "voice"),
    Kind.ALTERNATE_MOBILE: ("voice",),
    Kind.OFFICE: ("voice",),
    Kind.EMAIL: ("email",),
    Kind.TEMPORARY_ACCESS_PASS: ("temporaryAccessPass",),
}
"""The configurations of which one must allow a kind; the policy says nothing of other kinds."""

PASSWORDLESS = frozenset({Kind.FIDO2, Kind.WINDOWS_HELLO, Kind.PLATFORM_CREDENTIAL})

_APP, _PHONE, _EMAIL = "app", "phone", "email"
_GATES = {
    Kind.MICROSOFT_AUTHENTICATOR: _APP,
    Kind.SOFTWARE_OATH: _APP,
    Kind.HARDWARE_OATH: _APP,
    Kind.MOBILE: _PHONE,
    Kind.OFFICE: _PHONE,
    Kind.EMAIL: _EMAIL,
}
_STRONGEST_FIRST = ("push", "oath", "sms", "voiceAlternateMobile", "voiceOffice")


def words(methods: Iterable[Method]) -> list[str]:
    """What `methodsRegistered` says: each word once; the password is none of them."""
    told = (_word(method) for method in methods if method.kind is not Kind.PASSWORD)
    return list(dict.fromkeys(told))


def gates(methods: Iterable[Method]) -> int:
    """With how many methods a password can be reset; all phones are one, and so are all codes."""
    return len({_GATES[method.kind] for method in methods if method.kind in _GATES})


def strongest(methods: Iterable[Method]) -> list[str]:
    """What the system would ask for first, as far as the report has a word for it."""
    held = {FACTS[method.kind].preference for method in methods}
    return [word for word in _STRONGEST_FIRST if word in held][:1]


def _word(method: Method) -> str:
    if method.kind is not Kind.FIDO2:
        return _WORDS[method.kind]
    if method.fields["passkeyType"] == "synced":
        return "passKeySynced"
    in_authenticator = method.fields["aaGuid"] in AUTHENTICATOR_MODELS
    return "passKeyDeviceBoundAuthenticator" if in_authenticator else "passKeyDeviceBound"
