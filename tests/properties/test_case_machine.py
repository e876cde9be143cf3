"""Any interleaving of redelivery, reordering, crash, fault and clock jump ends as one clean run."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.case_machine import CaseMachine


def test_case_machine() -> None:
    """No order of redelivery, crash, fault and clock jump breaks a rule or loses a case."""
    run_state_machine_as_test(
        CaseMachine, settings=settings(max_examples=250, stateful_step_count=40)
    )


@pytest.mark.slow
def test_case_machine_at_length() -> None:
    """Nor does any of many more and longer orders."""
    run_state_machine_as_test(
        CaseMachine, settings=settings(max_examples=1000, stateful_step_count=80)
    )
