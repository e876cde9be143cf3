"""S1, S2 and all the others while everybody has a say: who leaves, approves, collects, promotes."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.lives import DecidingMachine


def test_whoever_decides_whatever_no_rule_is_broken() -> None:
    """No order of decisions, crashes, faults and clock jumps writes what nobody may.

    Nobody privileged is weakened, enforced unregistered or given a pass without the word of a
    second person on that very plan; nobody on a list is touched; nothing is done twice or untold.
    """
    run_state_machine_as_test(
        DecidingMachine, settings=settings(max_examples=120, stateful_step_count=40)
    )


@pytest.mark.slow
def test_whoever_decides_whatever_at_length() -> None:
    """Nor does any of many more and longer orders."""
    run_state_machine_as_test(
        DecidingMachine, settings=settings(max_examples=500, stateful_step_count=70)
    )
