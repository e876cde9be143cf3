"""The last ways in: two able Global Administrators, two break-glass accounts."""

import pytest

from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import Unknown
from shared.domain.errors.control import BreakGlassMissing
from shared.domain.errors.people import TooFewAdministrators
from shared.domain.ids import UserId
from shared.domain.people.administrators import (
    Administrator,
    check_administrators_left,
    check_break_glass,
)
from tests.builders import an_account

ANN, BEA, CEM, DAN = (UserId(f"aaaa-{number}") for number in range(4))
MAYBE = Unknown("The read failed.")


def able(
    user: UserId, *, blocked: bool | Unknown = False, registered: bool | Unknown = True
) -> Administrator:
    """A Global Administrator."""
    return Administrator(user_id=user, blocked=blocked, registered=registered)


REFUSED = {
    "one other": [able(ANN), able(BEA)],
    "no other": [able(ANN)],
    "another is blocked": [able(ANN), able(BEA), able(CEM, blocked=True)],
    "another is not registered": [able(ANN), able(BEA), able(CEM, registered=False)],
    "another may be blocked": [able(ANN), able(BEA), able(CEM, blocked=MAYBE)],
    "another may be unregistered": [able(ANN), able(BEA), able(CEM, registered=MAYBE)],
    "the person may be able": [able(ANN, registered=MAYBE), able(BEA)],
    "listed twice": [able(ANN), able(BEA), able(BEA), able(UserId(BEA.upper()))],
    "the person in capitals": [able(UserId(ANN.upper())), able(BEA)],
}
ALLOWED = {
    "two others": [able(ANN), able(BEA), able(CEM)],
    "no administrator": [able(BEA)],
    "nobody is one": [],
    "the person is blocked already": [able(ANN, blocked=True), able(BEA)],
    "the person has no method": [able(ANN, registered=False), able(BEA)],
}


@pytest.mark.parametrize("administrators", REFUSED.values(), ids=REFUSED.keys())
def test_two_able_administrators_are_left(administrators: list[Administrator]) -> None:
    """An action on one of them is refused where fewer than two others surely can sign in."""
    assert isinstance(check_administrators_left(administrators, ANN), TooFewAdministrators)


@pytest.mark.parametrize("administrators", ALLOWED.values(), ids=ALLOWED.keys())
def test_who_takes_nobody_away_is_not_stopped(administrators: list[Administrator]) -> None:
    """It is allowed with two others left, and where the person was no way in anyhow."""
    assert check_administrators_left(administrators, ANN) is None


@pytest.mark.parametrize(
    ("found", "enough"),
    [
        ([], False),
        ([an_account(user_id=ANN)], False),
        ([an_account(user_id=ANN), NoAccount()], False),
        ([an_account(user_id=ANN), an_account(user_id=UserId(ANN.upper()))], False),
        ([an_account(user_id=ANN), NoAccount(), an_account(user_id=BEA)], True),
    ],
)
def test_two_break_glass_accounts_exist(
    found: list[Account | NoAccount],
    enough: bool,  # noqa: FBT001  (a row of a table)
) -> None:
    """Two different entries resolve to accounts, or nothing may be changed."""
    error = check_break_glass(found)
    assert error is None if enough else isinstance(error, BreakGlassMissing)
