"""All safety rules while devices are lost, too."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.ticketing import TicketingMachine


def test_whatever_is_lost_no_rule_is_broken() -> None:
    """No order of tickets, blocks, registrations, crashes and faults breaks a safety rule."""
    run_state_machine_as_test(
        TicketingMachine, settings=settings(max_examples=120, stateful_step_count=40)
    )


@pytest.mark.slow
def test_whatever_is_lost_at_length() -> None:
    """Nor does any of many more and longer orders."""
    run_state_machine_as_test(
        TicketingMachine, settings=settings(max_examples=500, stateful_step_count=70)
    )
