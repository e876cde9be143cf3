"""The table of docs/resets.md, made of what the policy decides."""

from typing import Final

from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    OFFICE,
    AuthenticationMethod,
    MethodType,
    Passkey,
)
from shared.domain.reset.scope import doubtful, in_scope
from shared.domain.reset.tickets import ResetReason

REASONS: Final = (
    ResetReason.REPLACED,
    ResetReason.LOST,
    ResetReason.STOLEN,
    ResetReason.COMPROMISED,
)
PHONES: Final = {
    MOBILE: "mobile phone",
    ALTERNATE_MOBILE: "alternate mobile phone",
    OFFICE: "office phone",
}
PASSKEYS: Final = {
    Passkey.PHONE: "passkey in Microsoft Authenticator",
    Passkey.SECURITY_KEY: "security key",
    Passkey.UNKNOWN: "passkey of an unknown or synchronised kind",
}


def rows() -> list[tuple[str, AuthenticationMethod]]:
    """Each kind of method, with what it is called."""
    found: list[tuple[str, AuthenticationMethod]] = []
    for kind in MethodType:
        match kind:
            case MethodType.PHONE:
                found += [(name, AuthenticationMethod(id_, kind)) for id_, name in PHONES.items()]
            case MethodType.FIDO2:
                found += [(n, AuthenticationMethod("k", kind, key)) for key, n in PASSKEYS.items()]
            case _:
                found.append((f"`{kind.value}`", AuthenticationMethod("m", kind)))
    return found


def verdict(method: AuthenticationMethod, reason: ResetReason) -> str:
    """What a reset for this reason does with the method."""
    if in_scope(method, reason):
        return "goes"
    return "kept in doubt" if doubtful((method,), reason) else "stays"


def table() -> str:
    """The lines of the table."""
    return "\n".join(
        f"| {name} | " + " | ".join(verdict(method, reason) for reason in REASONS) + " |"
        for name, method in rows()
    )
