"""What somebody has registered, as the live list of their methods tells it.

https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from shared.adapters.graph.sweep.answers import MethodAnswer
from shared.domain.authentication import ALTERNATE_MOBILE, MOBILE, OFFICE
from shared.domain.ids import UserId
from shared.domain.posture.means import Means
from shared.domain.sweep.rows import RegistrationRow

_PASSWORD: Final = "password"  # noqa: S105  (a kind of method)
_PHONE: Final = "phone"
_PHONES: Final = {
    MOBILE: Means.MOBILE_PHONE,
    ALTERNATE_MOBILE: Means.ALTERNATE_PHONE,
    OFFICE: Means.OFFICE_PHONE,
}
_KINDS: Final[Mapping[str, Means]] = MappingProxyType(
    {
        "microsoftauthenticator": Means.AUTHENTICATOR_PUSH,
        "passwordlessmicrosoftauthenticator": Means.AUTHENTICATOR_PASSWORDLESS,
        "softwareoath": Means.SOFTWARE_OATH,
        "hardwareoath": Means.HARDWARE_OATH,
        "fido2": Means.PASSKEY,
        "windowshelloforbusiness": Means.WINDOWS_HELLO,
        "platformcredential": Means.PLATFORM_CREDENTIAL,
        "external": Means.EXTERNAL,
        "email": Means.EMAIL,
        "qrcodepin": Means.QR_CODE,
        "temporaryaccesspass": Means.PASS,
    }
)
_PREFIX: Final = "#microsoft.graph."
_SUFFIX: Final = "authenticationmethod"


def registered(user: UserId, methods: Iterable[MethodAnswer]) -> RegistrationRow:
    """What these methods are good for; the policy and password reset are not told here."""
    told = [(_kind(one), one) for one in methods]
    passkeys = [one.aa_guid for kind, one in told if _KINDS.get(kind) is Means.PASSKEY]
    return RegistrationRow(
        user_id=user,
        means=frozenset(_means(kind, one) for kind, one in told if _counts(kind, one)),
        capable=None,
        keys=frozenset(one.lower() for one in passkeys if one) if all(passkeys) else None,
    )


def _kind(method: MethodAnswer) -> str:
    return method.odata_type.lower().removeprefix(_PREFIX).removesuffix(_SUFFIX)


def _counts(kind: str, method: MethodAnswer) -> bool:
    """Everybody has a password; and a pass that is over is still listed for a while."""
    if kind == _PASSWORD:
        return False
    return not (_KINDS.get(kind) is Means.PASS and method.is_usable is False)


def _means(kind: str, method: MethodAnswer) -> Means:
    if kind == _PHONE:
        return _PHONES.get(method.id.lower(), Means.UNRECOGNISED)
    return _KINDS.get(kind, Means.UNRECOGNISED)
