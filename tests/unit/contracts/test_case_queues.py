"""Cases travel on the queues of cases, and on all of them."""

import pytest

from shared.application.parking import KINDS
from shared.contracts.commands import QUEUES, AdvanceCase, decode_command, encode_command
from shared.domain.errors.messages import MalformedMessage
from shared.domain.ids import CaseId
from shared.names import CASE_QUEUES, Queue


def test_every_queue_of_cases_has_its_kinds() -> None:
    """A queue of cases that no case travels on, or whose messages can't be parked, shows."""
    assert set(QUEUES.values()) == set(CASE_QUEUES) == set(KINDS)


def test_the_others_carry_no_case() -> None:
    """What is neither a queue of cases nor the sweep's own has to be decided about."""
    assert set(Queue) - set(CASE_QUEUES) == {Queue.COMPLIANCE}


def test_a_command_on_another_queue_is_none() -> None:
    """No worker of cases would get it."""
    body = encode_command(AdvanceCase(case_id=CaseId("0" * 32), queue=Queue.COMPLIANCE))
    with pytest.raises(MalformedMessage):
        decode_command(body)
