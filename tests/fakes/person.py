"""One person in memory, and Entra's habits about their methods."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from shared.domain.accounts import Account
from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    AuthenticationMethod,
    MethodType,
    PerUserMfaState,
    is_registered,
)
from shared.domain.errors.directory import MethodNotRemovable, MethodStillNeeded, RequestRejected
from shared.domain.ids import UserId, UserPrincipalName

BORN = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When everybody's account was made."""

PREFERENCES = {
    MethodType.MICROSOFT_AUTHENTICATOR: "push",
    MethodType.SOFTWARE_OATH: "oath",
    MethodType.HARDWARE_OATH: "oath",
    MethodType.PHONE: "voiceOffice",
}
"""What can be somebody's default method, and what it is called then."""
MOBILES = {MOBILE: "sms", ALTERNATE_MOBILE: "voiceAlternateMobile"}
"""What phones are called that aren't at the office."""

PASSWORD = AuthenticationMethod("28c10230-6103-485e-b985-444c60001490", MethodType.PASSWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is true of a person."""

    account: Account
    name: UserPrincipalName
    state: PerUserMfaState = PerUserMfaState.DISABLED
    methods: tuple[AuthenticationMethod, ...] = (PASSWORD,)
    default: str | None = None
    sessions_valid_from: datetime = BORN
    manager: UserId | None = None
    created_at: datetime | None = datetime(2026, 3, 1, tzinfo=UTC)
    has_signed_in: bool = False
    password_changed_at: datetime = BORN


def in_state(person: Person, state: PerUserMfaState) -> Person:
    """The person in this per-user state; whoever is registered goes on to enforced at once."""
    if state is PerUserMfaState.ENABLED and is_registered(person.methods):
        state = PerUserMfaState.ENFORCED
    return replace(person, state=state)


def registered(person: Person, method_type: MethodType) -> Person:
    """The person with another method; whoever is enabled may be enforced by it."""
    method = AuthenticationMethod(str(uuid4()), method_type)
    return in_state(replace(person, methods=(*person.methods, method)), person.state)


def without(person: Person, method_type: MethodType, method_id: str) -> Person:
    """The person without a method.

    Raises:
        MethodNotRemovable: it is one that nobody can remove.
        MethodStillNeeded: it is the default, or a mobile with an alternate, and not the last.
    """
    if method_type in {MethodType.PASSWORD, MethodType.UNRECOGNISED}:
        raise MethodNotRemovable("The fake can't remove it.")
    left = tuple(one for one in person.methods if one.method_id != method_id)
    default = person.default
    if method_id == default:
        wanted = MOBILES.get(method_id, PREFERENCES[method_type])
        alike = [one.method_id for one in left if _preference(one) == wanted]
        if not alike and any(map(_preference, left)):
            raise MethodStillNeeded("It is the default.")
        default = alike[0] if alike else None
    if method_id == MOBILE and any(one.method_id == ALTERNATE_MOBILE for one in left):
        raise MethodStillNeeded("There is an alternate one.")
    return replace(person, methods=left, default=default)


def preferring(person: Person, preference: str) -> Person:
    """The person with another default.

    Raises:
        RequestRejected: no method of theirs can be it.
    """
    chosen = next((one for one in person.methods if _preference(one) == preference), None)
    if chosen is None:
        raise RequestRejected("The person has no such method.")
    return replace(person, default=chosen.method_id)


def _preference(method: AuthenticationMethod) -> str | None:
    """What the method is called where it is the default."""
    return MOBILES.get(method.method_id, PREFERENCES.get(method.method_type))
