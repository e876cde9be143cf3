"""What the people of a population authenticate with: every kind, in shares that are likely."""

from collections.abc import Callable
from datetime import datetime
from random import Random

import msgspec

from local.graph.tenant.methods import PASSKEY_FIELDS, Kind, Method, Passkey, new_method
from local.graph.tenant.per_user_mfa import PerUserMfaState

Held = tuple[Kind | Passkey, ...]

_STRONG: dict[Held, int] = {
    (Kind.MICROSOFT_AUTHENTICATOR,): 25,
    (Kind.MICROSOFT_AUTHENTICATOR, Kind.MOBILE): 20,
    (Kind.MICROSOFT_AUTHENTICATOR, Kind.WINDOWS_HELLO): 10,
    (Kind.MICROSOFT_AUTHENTICATOR, Kind.MOBILE, Kind.EMAIL): 4,
    (Kind.MICROSOFT_AUTHENTICATOR, Passkey.AUTHENTICATOR, Kind.WINDOWS_HELLO): 4,
    (Kind.MICROSOFT_AUTHENTICATOR, Passkey.AUTHENTICATOR_ON_IPHONE): 3,
    (Kind.MICROSOFT_AUTHENTICATOR, Kind.PLATFORM_CREDENTIAL): 2,
    (Kind.MOBILE,): 9,
    (Kind.MOBILE, Kind.ALTERNATE_MOBILE, Kind.OFFICE): 2,
    (Kind.OFFICE,): 2,
    (Kind.SOFTWARE_OATH, Kind.EMAIL): 4,
    (Kind.HARDWARE_OATH,): 2,
    (Passkey.SECURITY_KEY, Kind.WINDOWS_HELLO): 5,
    (Passkey.SYNCED, Kind.MOBILE): 3,
    (Passkey.UNKNOWN,): 1,
    (Kind.QR_CODE_PIN, Kind.MOBILE): 2,
    (Kind.EXTERNAL,): 2,
}
_WEAK: dict[Held, int] = {
    (Kind.WINDOWS_HELLO,): 6,
    (Kind.EMAIL,): 2,
    (Kind.PLATFORM_CREDENTIAL,): 1,
    (Kind.QR_CODE_PIN,): 1,
}
"""What satisfies no MFA."""
_SHARES: dict[PerUserMfaState, tuple[float, float]] = {
    PerUserMfaState.DISABLED: (0.4, 0.05),
    PerUserMfaState.ENABLED: (0.0, 0.1),
    PerUserMfaState.ENFORCED: (0.9, 0.03),
}
"""How many have strong methods, and how many weak ones alone; the others have their password."""


def methods_of(
    random: Random, state: PerUserMfaState, created: datetime, new_id: Callable[[], str]
) -> tuple[Method, ...]:
    """The password, and what somebody in a state may have registered."""
    strong, weak = _SHARES[state]
    drawn = random.random()
    held: Held = ()
    if drawn < strong + weak:
        table = _STRONG if drawn < strong else _WEAK
        held = random.choices(list(table), list(table.values()))[0]
    password = new_method(Kind.PASSWORD, created)
    return (password, *(_made(kind, created, new_id()) for kind in held))


def _made(kind: Kind | Passkey, created: datetime, new_id: str) -> Method:
    if isinstance(kind, Kind):
        return new_method(kind, created, new_id)
    blank = new_method(Kind.FIDO2, created, new_id)
    return msgspec.structs.replace(blank, fields={**blank.fields, **PASSKEY_FIELDS[kind]})
