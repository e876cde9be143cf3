"""Whether an account is the person that an event means (safety rule S9's identity rules)."""

from shared.domain.ids import EmployeeId


def is_same_number(one: EmployeeId, other: EmployeeId) -> bool:
    """Whether two employee ids are the same: in any case, as the directory's search finds them."""
    return one.casefold() == other.casefold()
