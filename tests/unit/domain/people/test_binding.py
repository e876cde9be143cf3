"""An account is the person of an event only where its employee id is equal and unique."""

import pytest

from shared.domain.errors.people import IdentityMismatch
from shared.domain.ids import EmployeeId, UserId
from shared.domain.people.binding import mismatch
from tests.builders import USER_ID, an_account

OTHER = UserId("9d8c7b6a-0000-4000-8000-000000000001")
E1 = EmployeeId("E-1")


@pytest.mark.parametrize("holders", [(USER_ID,), (), (UserId(USER_ID.upper()),)])
def test_equal_and_unique_is_the_person(holders: tuple[UserId, ...]) -> None:
    """Equal and borne by nobody else: it is the person; a search may lag behind the account."""
    assert mismatch(E1, an_account(employee_id="E-1"), holders) is None


def test_event_without_employee_id_binds_nobody() -> None:
    """An event that bears no employee id has nothing to compare."""
    assert mismatch(None, an_account(employee_id="E-2"), ()) is None


@pytest.mark.parametrize("employee_id", [None, "E-2", "e-1", " E-1", ""])
def test_another_or_no_employee_id_is_not_the_person(employee_id: str | None) -> None:
    """An account that bears another id, or none, is somebody else's until a human has looked."""
    found = mismatch(E1, an_account(employee_id=employee_id), (USER_ID,))
    assert isinstance(found, IdentityMismatch)


@pytest.mark.parametrize("holders", [(USER_ID, OTHER), (OTHER,)])
def test_shared_employee_id_is_nobody(holders: tuple[UserId, ...]) -> None:
    """Where two accounts bear the id, neither is taken for the person."""
    assert isinstance(mismatch(E1, an_account(employee_id="E-1"), holders), IdentityMismatch)
