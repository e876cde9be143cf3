"""In which order a person's authentication methods go.

Graph keeps an alternate mobile number's mobile number, and the default method, until the last; it
says which is the default only by refusing:
https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview
"""

from typing import Final

from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    AuthenticationMethod,
    MethodType,
)

_ORDER: Final = (
    MethodType.TEMPORARY_ACCESS_PASS,
    MethodType.EMAIL,
    MethodType.QR_CODE_PIN,
    MethodType.EXTERNAL,
    MethodType.FIDO2,
    MethodType.WINDOWS_HELLO,
    MethodType.PLATFORM_CREDENTIAL,
    MethodType.HARDWARE_OATH,
    MethodType.SOFTWARE_OATH,
    MethodType.PHONE,
    # Mostly the default.
    MethodType.MICROSOFT_AUTHENTICATOR,
)
_PHONES: Final = {ALTERNATE_MOBILE: 0, MOBILE: 2}
_OTHER_PHONE: Final = 1


def removable(methods: tuple[AuthenticationMethod, ...]) -> tuple[AuthenticationMethod, ...]:
    """Those that a known call removes, in a safe order. A password can't be removed."""
    known = [method for method in methods if method.method_type in _ORDER]
    return tuple(sorted(known, key=_place))


def unremovable(methods: tuple[AuthenticationMethod, ...]) -> tuple[AuthenticationMethod, ...]:
    """Those of a type that we don't know: it is not known how to remove them."""
    return tuple(one for one in methods if one.method_type is MethodType.UNRECOGNISED)


def next_removal(
    left: tuple[AuthenticationMethod, ...], refused: frozenset[tuple[str, int]], count: int
) -> AuthenticationMethod | None:
    """Which one to remove next; None where each one was refused as things stand.

    Args:
        left: what can be removed, in order.
        refused: what was refused in this round, with the number of methods there were then.
        count: how many methods there are now. What was refused is tried again when others are gone.
    """
    before = {method_id for method_id, _ in refused}
    fresh = [method for method in left if method.method_id not in before]
    again = [method for method in left if (method.method_id, count) not in refused]
    return next(iter(fresh or again), None)


def _place(method: AuthenticationMethod) -> tuple[int, int, str]:
    phone = _PHONES.get(method.method_id, _OTHER_PHONE)
    return _ORDER.index(method.method_type), phone, method.method_id
