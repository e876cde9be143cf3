"""By what people prove who they are, and what each of it is good for.

https://learn.microsoft.com/graph/api/resources/userregistrationdetails
https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_COMBINATIONS: Final = {
    "authenticator-push": ("password,microsoftauthenticatorpush",),
    "authenticator-passwordless": ("devicebasedpush", "password,microsoftauthenticatorpush"),
    "software-oath": ("password,softwareoath",),
    "hardware-oath": ("password,hardwareoath",),
    "passkey": ("fido2",),
    "windows-hello": ("windowshelloforbusiness",),
    "platform-credential": ("windowshelloforbusiness",),
    "mobile-phone": ("password,sms", "password,voice"),
    "alternate-phone": ("password,voice",),
    "office-phone": ("password,voice",),
    "certificate": ("x509certificatemultifactor",),
}


class Means(StrEnum):
    """What a person has registered, told alike by the report and by the live list."""

    AUTHENTICATOR_PUSH = "authenticator-push"
    AUTHENTICATOR_PASSWORDLESS = "authenticator-passwordless"
    SOFTWARE_OATH = "software-oath"
    HARDWARE_OATH = "hardware-oath"
    PASSKEY = "passkey"
    WINDOWS_HELLO = "windows-hello"
    PLATFORM_CREDENTIAL = "platform-credential"
    MOBILE_PHONE = "mobile-phone"
    ALTERNATE_PHONE = "alternate-phone"
    OFFICE_PHONE = "office-phone"
    EXTERNAL = "external"
    CERTIFICATE = "certificate"
    EMAIL = "email"
    SECURITY_QUESTION = "security-question"
    QR_CODE = "qr-code"
    PASS = "temporary-access-pass"  # noqa: S105  (the name of a method)
    UNRECOGNISED = "unrecognised"
    """Something that nobody here knows. It proves nothing, and may be anything."""

    @property
    def combinations(self) -> frozenset[frozenset[str]]:
        """What it makes of the combinations by which authentication strengths are reached.

        Another provider's method reaches none:
        https://learn.microsoft.com/entra/identity/authentication/concept-authentication-external-method-manage
        """
        told = _COMBINATIONS.get(self.value, ())
        return frozenset(frozenset(one.split(",")) for one in told)


TELEPHONY: Final = frozenset({Means.MOBILE_PHONE, Means.ALTERNATE_PHONE, Means.OFFICE_PHONE})
"""SMS and voice, which Microsoft retires on 1 February 2027:
https://learn.microsoft.com/entra/identity/authentication/concept-sms-voice-retirement"""
ONE_MACHINE: Final = frozenset({Means.WINDOWS_HELLO, Means.PLATFORM_CREDENTIAL})
"""What can be used on one machine only."""
PORTABLE: Final = frozenset(
    {
        Means.AUTHENTICATOR_PUSH,
        Means.AUTHENTICATOR_PASSWORDLESS,
        Means.SOFTWARE_OATH,
        Means.HARDWARE_OATH,
        Means.PASSKEY,
        Means.EXTERNAL,
        Means.CERTIFICATE,
    }
)
"""What is good for MFA anywhere, and stays."""
PHISHING_RESISTANT: Final = ONE_MACHINE | {Means.PASSKEY, Means.CERTIFICATE}

REPORTED: Final[Mapping[str, Means]] = MappingProxyType(
    {
        "microsoftauthenticatorpush": Means.AUTHENTICATOR_PUSH,
        "microsoftauthenticatorpasswordless": Means.AUTHENTICATOR_PASSWORDLESS,
        "softwareonetimepasscode": Means.SOFTWARE_OATH,
        "hardwareonetimepasscode": Means.HARDWARE_OATH,
        "fido2": Means.PASSKEY,
        "passkeydevicebound": Means.PASSKEY,
        "passkeydeviceboundauthenticator": Means.PASSKEY,
        "passkeysynced": Means.PASSKEY,
        # A passkey in Windows Hello's store stays on that machine.
        "passkeydeviceboundwindowshello": Means.WINDOWS_HELLO,
        "windowshelloforbusiness": Means.WINDOWS_HELLO,
        "macossecureenclavekey": Means.PLATFORM_CREDENTIAL,
        "mobilephone": Means.MOBILE_PHONE,
        "alternatemobilephone": Means.ALTERNATE_PHONE,
        "officephone": Means.OFFICE_PHONE,
        "externalauthmethod": Means.EXTERNAL,
        "email": Means.EMAIL,
        "securityquestion": Means.SECURITY_QUESTION,
        "qrcode": Means.QR_CODE,
        "temporaryaccesspass": Means.PASS,
    }
)
"""The words of the registration report, in small letters. Any other is unrecognised."""
