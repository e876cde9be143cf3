"""The tenant's last ways in: its Global Administrators and its break-glass accounts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import Unknown
from shared.domain.errors.control import BreakGlassMissing
from shared.domain.errors.people import TooFewAdministrators
from shared.domain.ids import UserId

FEWEST_ADMINISTRATORS: Final = 2
FEWEST_BREAK_GLASS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """A Global Administrator, as far as it is known.

    Attributes:
        user_id: who.
        blocked: whether sign-in is blocked.
        registered: whether they are MFA registered.
    """

    user_id: UserId
    blocked: bool | Unknown
    registered: bool | Unknown

    @property
    def surely_able(self) -> bool:
        """Whether they are known to be able to sign in. What is unknown does not count."""
        return self.blocked is False and self.registered is True

    @property
    def surely_unable(self) -> bool:
        """Whether nothing can be taken from them any more."""
        return self.blocked is True or self.registered is False


def check_administrators_left(
    administrators: Collection[Administrator], target: UserId
) -> TooFewAdministrators | None:
    """Whether enough Global Administrators are left when `target` can't sign in any more.

    Args:
        administrators: all who hold the role now.
        target: whom the action blocks, or takes methods from.

    Returns:
        The error to raise, or None where enough are left or the action takes nobody away.
    """
    person = target.casefold()
    affected = [one for one in administrators if one.user_id.casefold() == person]
    if all(one.surely_unable for one in affected):
        return None
    left = {
        one.user_id.casefold()
        for one in administrators
        if one.surely_able and one.user_id.casefold() != person
    }
    if len(left) >= FEWEST_ADMINISTRATORS:
        return None
    return TooFewAdministrators(
        f"{len(left)} unblocked, registered Global Administrators would be left."
    )


def check_break_glass(found: Iterable[Account | NoAccount]) -> BreakGlassMissing | None:
    """Whether the directory may be changed: two break-glass entries resolve to accounts.

    Args:
        found: what the directory answered for each entry.

    Returns:
        The error to raise, or None where there are enough.
    """
    existing = {one.user_id.casefold() for one in found if isinstance(one, Account)}
    if len(existing) >= FEWEST_BREAK_GLASS:
        return None
    return BreakGlassMissing(f"{len(existing)} break-glass entries resolve to accounts.")
