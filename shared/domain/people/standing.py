"""What makes a person special: protected, excluded, a guest, privileged and so on."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.accounts import Account
from shared.domain.authentication import Unknown


class Privilege(StrEnum):
    """By what a person holds a directory role, or could come to hold one."""

    NONE = "none"
    """Every read succeeded, and there is none."""
    ROLE = "role"
    """A role is assigned to them."""
    GROUP = "group"
    """They are a member, directly or not, of a group that holds one."""
    ELIGIBLE = "eligible"
    """They may activate one, directly or through groups (Privileged Identity Management)."""
    OWNER = "owner"
    """They own a group by way of which one is reached, so they may add themselves to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a person is to the guards.

    Attributes:
        protected: True for a break-glass account.
        excluded: True where an exclusion in force names the person.
        guest: True for a guest of another organisation.
        service: True for an account that directory synchronisation made for itself.
        disabled: True where sign-in is blocked.
        privilege: by what they hold a directory role. `Unknown` counts as privileged.
    """

    protected: bool
    excluded: bool
    guest: bool
    service: bool
    disabled: bool
    privilege: Privilege | Unknown


NOT_ASKED: Final = Unknown("Nobody asked: the effect does not depend on it.")


def standing_of(
    account: Account, *, protected: bool, excluded: bool, privilege: Privilege | Unknown
) -> Standing:
    """The standing of an account, with what the registries and the roles say about it."""
    return Standing(
        protected=protected,
        excluded=excluded,
        guest=account.guest,
        service=account.service,
        disabled=not account.enabled,
        privilege=privilege,
    )


def is_synchronisation_account(sign_in_name: str, display_name: str) -> bool:
    """Whether directory synchronisation made the account for itself.

    Entra Connect makes `Sync_<server>_<id>@<tenant>.onmicrosoft.com`, named "On-Premises Directory
    Synchronization Service Account"; cloud sync makes `ADToAADSyncServiceAccount@...`. Either sign
    is enough: somebody who is wrongly left alone is a smaller harm than a synchronisation that
    stops for the whole organisation.
    """
    local = sign_in_name.partition("@")[0].casefold()
    return (
        local.startswith("sync_")
        or local == "adtoaadsyncserviceaccount"
        or display_name.strip().casefold()
        == "on-premises directory synchronization service account"
    )
