"""Which methods a reset removes: by their type and the reason. docs/resets.md has the same table.

What lives in the lost device goes; what is elsewhere stays, so that the person keeps a way to sign
in. For a compromised account everything goes, whoever registered it.
"""

from collections.abc import Iterable
from typing import Final

from shared.domain.authentication import (
    OFFICE,
    AuthenticationMethod,
    MethodType,
    Passkey,
    is_registered,
)
from shared.domain.reset.tickets import ResetReason

Methods = tuple[AuthenticationMethod, ...]

_IN_THE_DEVICE: Final = frozenset(
    {
        MethodType.MICROSOFT_AUTHENTICATOR,
        MethodType.SOFTWARE_OATH,
        # Whoever was given it before the loss may not be the person.
        MethodType.TEMPORARY_ACCESS_PASS,
    }
)
_PREFERENCES: Final = {MethodType.HARDWARE_OATH: "oath"}
_OFFICE_PREFERENCE: Final = "voiceOffice"


def in_scope(method: AuthenticationMethod, reason: ResetReason) -> bool:
    """Whether a reset for this reason removes the method."""
    if method.method_type is MethodType.PASSWORD:
        return False
    if reason is ResetReason.COMPROMISED:
        return True
    match method.method_type:
        case MethodType.PHONE:
            return method.method_id != OFFICE
        case MethodType.FIDO2:
            return method.passkey is Passkey.PHONE
        case MethodType.EMAIL:
            return reason is ResetReason.STOLEN
        case other:
            return other in _IN_THE_DEVICE


def scope(methods: Methods, reason: ResetReason) -> Methods:
    """Those of the methods that a reset for this reason removes."""
    return tuple(one for one in methods if in_scope(one, reason))


def doubtful(methods: Methods, reason: ResetReason) -> Methods:
    """Those that are kept though they may be in the device, or that nobody knows how to remove."""
    if reason is ResetReason.COMPROMISED:
        return ()
    return tuple(
        one
        for one in methods
        if one.method_type is MethodType.UNRECOGNISED
        or (one.method_type is MethodType.FIDO2 and one.passkey is Passkey.UNKNOWN)
    )


def registered_without(methods: Methods, untrusted: Iterable[str]) -> bool:
    """Whether the methods make somebody MFA registered, some of them left out.

    Args:
        methods: what they have.
        untrusted: those that do not count, each by its type and id.
    """
    left_out = frozenset(untrusted)
    return is_registered(tuple(one for one in methods if str(one) not in left_out))


def preference_among(kept: Methods) -> str | None:
    """What can become the default in place of a method that goes; None where nothing can.

    https://learn.microsoft.com/graph/api/resources/signinpreferences
    """
    for one in kept:
        if one.method_type is MethodType.PHONE and one.method_id == OFFICE:
            return _OFFICE_PREFERENCE
        if one.method_type in _PREFERENCES:
            return _PREFERENCES[one.method_type]
    return None
