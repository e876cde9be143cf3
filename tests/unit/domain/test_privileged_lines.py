"""Whose loss is told first: who is known to hold roles, or could, and break-glass accounts."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.authentication import Unknown
from tests.results import a_line

DIM = Unknown("Nobody can tell.")
ROLE = frozenset({"62e90394-69f5-4237-9190-012177145e10"})


@pytest.mark.parametrize(
    ("roles", "could_hold", "break_glass", "expected"),
    [
        (frozenset(), frozenset(), False, False),
        (ROLE, frozenset(), False, True),
        (frozenset(), ROLE, False, True),
        (frozenset(), frozenset(), True, True),
        # One of both is enough.
        (DIM, ROLE, False, True),
        (ROLE, DIM, False, True),
        (DIM, DIM, True, True),
        # Where roles can't be read nobody would come before anybody.
        (DIM, DIM, False, False),
    ],
)
def test_who_is_privileged(
    roles: Any,  # noqa: ANN401  (roles, or that nobody can tell)
    could_hold: Any,  # noqa: ANN401
    *,
    break_glass: bool,
    expected: bool,
) -> None:
    """It orders what is told, and decides nothing about anybody."""
    line = a_line(1)
    belonging = replace(line.person.belonging, roles=roles, could_hold=could_hold)
    person = replace(line.person, belonging=belonging, break_glass=break_glass)
    assert replace(line, person=person).privileged is expected
