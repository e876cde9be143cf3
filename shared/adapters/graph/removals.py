"""The calls that remove authentication methods: each type has a path of its own.

An explicit table, because no rule makes the path from the type: `externalAuthenticationMethod` and
`qrCodePinMethod` break every one. https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview
"""

from collections.abc import Mapping
from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call
from shared.domain.authentication import MethodType


def _removal(path: str, *, version: str = "v1.0") -> Call:
    return Call(
        operation="method.remove",
        method=Method.DELETE,
        template=f"{{+baseurl}}/{version}/users/{{user}}/authentication/{path}",
        role="UserAuthenticationMethod.ReadWrite.All",
        # 204 is documented; Graph warns that success codes may change within the 2xx.
        success=frozenset({200, 204}),
        writes=True,
    )


REMOVALS: Final[Mapping[MethodType, Call]] = {
    MethodType.MICROSOFT_AUTHENTICATOR: _removal("microsoftAuthenticatorMethods/{method}"),
    MethodType.SOFTWARE_OATH: _removal("softwareOathMethods/{method}"),
    # To v1.0 when it knows them, as the list.
    MethodType.HARDWARE_OATH: _removal("hardwareOathMethods/{method}", version="beta"),
    MethodType.FIDO2: _removal("fido2Methods/{method}"),
    MethodType.WINDOWS_HELLO: _removal("windowsHelloForBusinessMethods/{method}"),
    MethodType.PLATFORM_CREDENTIAL: _removal("platformCredentialMethods/{method}"),
    MethodType.PHONE: _removal("phoneMethods/{method}"),
    MethodType.EMAIL: _removal("emailMethods/{method}"),
    MethodType.TEMPORARY_ACCESS_PASS: _removal("temporaryAccessPassMethods/{method}"),
    MethodType.EXTERNAL: _removal("externalAuthenticationMethods/{method}"),
    MethodType.QR_CODE_PIN: _removal("qrCodePinMethod", version="beta"),
}
"""What can be removed. A password can't be, nor can a type that we don't know."""
