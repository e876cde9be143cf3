"""Which numbers are the same person's."""

import pytest

from shared.domain.ids import EmployeeId
from shared.domain.people.binding import is_same_number


def test_a_number_is_the_same_in_any_case() -> None:
    """The directory's search finds it so, and onboarding rests on that."""
    assert is_same_number(EmployeeId("E-1"), EmployeeId("e-1"))


@pytest.mark.parametrize("other", ["E-2", " E-1", "E-1 ", ""])
def test_another_number_is_not_the_same(other: str) -> None:
    """Nothing else is taken for the same."""
    assert not is_same_number(EmployeeId("E-1"), EmployeeId(other))
