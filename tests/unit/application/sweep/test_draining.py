"""What the broker gave up of runs is dropped, and nothing else is."""

import pytest

from shared.application.ports.messages import DeadLetter
from shared.application.sweep.draining import DropGivenUpStages
from shared.contracts.sweep_commands import SweepCommand, encode_sweep_command
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.sweep.runs import RunId, Stage
from shared.names import CASE_QUEUES, Queue
from tests.fakes.broker import FakeBroker

STAGE = SweepCommand(run_id=RunId("20261122T020000Z-4f9c01de"), stage=Stage.PLAN)


def given_up(queue: Queue, body: bytes) -> DeadLetter:
    """A message that the broker gave up."""
    return DeadLetter(message_id="m", queue=queue, body=body, reason="tired", attempts=5)


async def test_stages_are_dropped_and_told(caplog: pytest.LogCaptureFixture) -> None:
    """The watch takes the run up again; the log names it, and says what was no stage at all."""
    broker = FakeBroker()
    bodies = [encode_sweep_command(STAGE), b"garbage"]
    broker.dead_letters = [given_up(Queue.COMPLIANCE, body) for body in bodies]
    assert await DropGivenUpStages(broker)() == 2
    assert broker.dead_letters == []
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        f"sweep.given-up run_id={STAGE.run_id} reason=tired attempts=5",
        "sweep.given-up run_id=None reason=tired attempts=5",
    ]


async def test_messages_of_cases_are_left_alone() -> None:
    """They are parked, by the app that may do so."""
    broker = FakeBroker()
    broker.dead_letters = [given_up(queue, b"{}") for queue in CASE_QUEUES]
    assert await DropGivenUpStages(broker)() == 0
    assert [letter.queue for letter in broker.dead_letters] == list(CASE_QUEUES)


async def test_a_broker_that_is_down_is_named() -> None:
    """The next look goes on."""
    with pytest.raises(BrokerUnavailable):
        await DropGivenUpStages(FakeBroker(down=True))()
