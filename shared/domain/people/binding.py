"""Whether an account is the person that an event means (safety rule S9's identity rules)."""

from collections.abc import Collection

from shared.domain.accounts import Account
from shared.domain.errors.people import IdentityMismatch
from shared.domain.ids import EmployeeId, UserId


def mismatch(
    expected: EmployeeId | None, account: Account, holders: Collection[UserId]
) -> IdentityMismatch | None:
    """What speaks against the account being that person.

    Args:
        expected: the employee id that the event bears; None where it bears none, and then nothing
            can speak against it.
        account: the account that the event's sign-in name leads to.
        holders: object ids of all accounts that bear `expected`.

    Returns:
        The error to raise, or None where the account's own id is equal and unique.
    """
    if expected is None:
        return None
    if account.employee_id is None:
        return IdentityMismatch("The account bears no employee id to compare with the event's.")
    if account.employee_id != expected:
        return IdentityMismatch("The account bears another employee id than the event.")
    others = {user.casefold() for user in holders} - {account.user_id.casefold()}
    if others:
        return IdentityMismatch("More than one account bears the event's employee id.")
    return None
