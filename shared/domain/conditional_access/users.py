"""Whom a policy names, as Graph tells it."""

from typing import Final

from shared.domain.conditional_access.assignments import GuestKind, Guests, Named, Users
from shared.domain.conditional_access.said import Said, Unrecognised

_EVERYBODY: Final = "all"
_NOBODY: Final = "none"
_GUESTS: Final = "guestsorexternalusers"
_SIDES: Final = frozenset(
    f"{verb}{what}"
    for verb in ("include", "exclude")
    for what in ("Users", "Groups", "Roles", "GuestsOrExternalUsers")
)


def read_users(said: Said) -> Users:
    """Whom a policy includes and excludes."""
    strange = said.names - _SIDES
    return Users(included=_side(said, "include", strange), excluded=_side(said, "exclude", strange))


def _side(said: Said, verb: str, strange: set[str]) -> Named:
    try:
        users = said.texts(f"{verb}Users")
        return Named(
            everybody=_EVERYBODY in users,
            users=users - {_EVERYBODY, _NOBODY, _GUESTS},
            groups=said.texts(f"{verb}Groups"),
            roles=said.texts(f"{verb}Roles"),
            guests=_guests(said, f"{verb}GuestsOrExternalUsers", all_kinds=_GUESTS in users),
            unrecognised=any(name.startswith(verb) for name in strange)
            or any(not name.startswith(("include", "exclude")) for name in strange),
        )
    except Unrecognised:
        return Named(unrecognised=True)


def _guests(said: Said, name: str, *, all_kinds: bool) -> Guests | None:
    if all_kinds:
        return Guests(kinds=frozenset(GuestKind))
    inner = said.inner(name, {"guestOrExternalUserTypes", "externalTenants"})
    if inner is None:
        return None
    kinds = inner.texts("guestOrExternalUserTypes") - {_NOBODY}
    if not kinds <= set(GuestKind):
        raise Unrecognised
    tenants = Said.of(inner.get("externalTenants"))
    membership = str(tenants.get("membershipKind")).casefold()
    return Guests(
        kinds=frozenset(map(GuestKind, kinds)),
        from_anywhere=not tenants.names or membership == _EVERYBODY,
    )
