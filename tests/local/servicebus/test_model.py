"""The broker against a plain model of a queue, under any interleaving of what can happen.

No AMQP here: the operations are called directly, on two clocks of the test's own, and the store is
closed and opened again as often as Hypothesis likes.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from local.servicebus import receiving, sending, settling
from local.servicebus.envelope import Envelope
from local.servicebus.namespace import Namespace
from local.servicebus.refusals import MessageLockLostError, MessageNotFoundError
from local.servicebus.sections import SectionCode, encode, split
from local.servicebus.store import Store
from local.servicebus.topology import DEAD_LETTER_SUFFIX, Topology
from tests.stands.servicebus import SETTINGS, with_limits

SECOND = 1000
LOCK = 30
WINDOW = 100
MAX_DELIVERIES = 3
LIMITED = with_limits(
    msgspec.structs.replace(SETTINGS, queues=["q"], topics={}),
    lock_duration_seconds=LOCK,
    max_delivery_count=MAX_DELIVERIES,
    duplicate_detection_seconds=WINDOW,
    time_to_live_seconds=1000,
)


@dataclass
class Expected:
    """What the model knows of one message."""

    name: str
    expires_at: int
    scheduled_for: int | None = None
    time_to_live: int = 0
    token: UUID | None = None
    locked_until: int = 0
    deliveries: int = 0
    deferred: bool = False
    dead: bool = False


class QueueMachine(RuleBasedStateMachine):
    """A queue, its dead-letter queue and the model of both."""

    tokens = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self._directory = tempfile.TemporaryDirectory()
        self._now = 10**12
        self._real_now = 10**12
        self._messages: list[Expected] = []
        self._seen: dict[str, int] = {}
        self._counter = 0
        self._open()

    def _open(self) -> None:
        self._space = Namespace(
            store=Store(Path(self._directory.name) / "data"),
            topology=Topology(LIMITED),
            limits=LIMITED.limits,
            now=lambda: self._now,
            real_now=lambda: self._real_now,
        )
        self._queue = self._space.topology.find("q")

    def teardown(self) -> None:
        """Let the files go."""
        self._space.store.close()
        self._directory.cleanup()

    @rule(
        message_id=st.none() | st.sampled_from(["a", "b", "c"]),
        delay=st.sampled_from([None, 0, 20, 60]),
        time_to_live=st.sampled_from([None, 50, 5000]),
    )
    def send(self, message_id: str | None, delay: int | None, time_to_live: int | None) -> None:
        """Send a message, perhaps a duplicate, perhaps for later."""
        self._counter += 1
        name = f"m{self._counter}"
        due = None if delay is None else self._now + delay * SECOND
        lifetime = min(time_to_live or 1000, 1000) * SECOND
        envelope = Envelope(
            message_id,
            None if time_to_live is None else time_to_live * SECOND,
            due,
            b"",
            encode(SectionCode.VALUE, name),
        )
        sending.send(self._space, self._queue, [envelope])
        self._space.store.commit()
        if message_id is not None:
            first = self._seen.get(message_id)
            if first is not None and first > self._now - WINDOW * SECOND:
                return
            self._seen[message_id] = self._now
        ahead = due is not None and due > self._now
        expires_at = 0 if ahead else self._now + lifetime
        self._messages.append(Expected(name, expires_at, due if ahead else None, lifetime))

    @rule(target=tokens, dead=st.sampled_from([False, False, False, True]))
    def receive(self, dead: bool) -> object:  # noqa: FBT001 - drawn by name
        """Receive the oldest message there is."""
        path = "q" + (DEAD_LETTER_SUFFIX if dead else "")
        received = receiving.receive(self._space, path, limit=1)
        self._space.store.commit()
        ready = [one for one in self._messages if self._is_ready(one) and one.dead == dead]
        assert [_name(one.payload) for one in received] == [
            one.name for one in self._in_order(ready)[:1]
        ]
        if not received:
            return multiple()
        (expected,) = self._in_order(ready)[:1]
        expected.token = received[0].lock_token
        expected.locked_until = self._real_now + LOCK * SECOND
        return path, expected.token

    @rule(lock=consumes(tokens), how=st.sampled_from(["complete", "abandon", "release", "defer"]))
    def settle(self, lock: tuple[str, UUID], how: str) -> None:
        """Settle a message in one of the ways that need no reason."""
        path, token = lock
        expected = self._holder(path, token)
        operation: Any = getattr(settling, how)
        if expected is None:
            with pytest.raises(MessageLockLostError):
                operation(self._space, path, token)
            return
        operation(self._space, path, token)
        self._space.store.commit()
        expected.token = None
        if how == "complete":
            self._messages.remove(expected)
        elif how == "abandon":
            self._count_delivery(expected)
        elif how == "defer":
            expected.deferred = True

    @rule(lock=consumes(tokens))
    def dead_letter(self, lock: tuple[str, UUID]) -> None:
        """Dead-letter a message that is not there already."""
        path, token = lock
        if path.endswith(DEAD_LETTER_SUFFIX):
            return
        expected = self._holder(path, token)
        if expected is None:
            with pytest.raises(MessageLockLostError):
                settling.dead_letter(self._space, path, token)
            return
        settling.dead_letter(self._space, path, token, reason="why")
        self._space.store.commit()
        expected.token, expected.dead, expected.deferred = None, True, False

    @rule(lock=tokens)
    def renew(self, lock: tuple[str, UUID]) -> None:
        """Renew a lock that holds; one that does not is lost."""
        path, token = lock
        expected = self._holder(path, token)
        if expected is None:
            with pytest.raises(MessageLockLostError):
                settling.renew(self._space, path, [token])
            return
        settling.renew(self._space, path, [token])
        self._space.store.commit()
        expected.locked_until = self._real_now + LOCK * SECOND

    @rule(seconds=st.sampled_from([15, LOCK, 2 * LOCK]))
    def real_time_passes(self, seconds: int) -> None:
        """Real time runs; the stack clock runs with it."""
        self._real_now += seconds * SECOND
        self._now += seconds * SECOND

    @rule(seconds=st.sampled_from([30, 90, 2000]))
    def stack_clock_jumps(self, seconds: int) -> None:
        """Only the stack clock moves."""
        self._now += seconds * SECOND

    @rule()
    def look_at_the_clocks(self) -> None:
        """The broker does what time has made due."""
        settling.end_locks(self._space)
        sending.enqueue_due(self._space)
        settling.drop_expired(self._space)
        self._space.store.commit()
        for one in self._messages:
            if one.token is not None and one.locked_until <= self._real_now:
                one.token = None
                self._count_delivery(one)
        self._enqueue_due()
        self._messages = [
            one
            for one in self._messages
            if one.dead
            or one.scheduled_for is not None
            or one.token is not None
            or one.expires_at > self._now
        ]

    @rule()
    def restart(self) -> None:
        """The process dies and comes back."""
        self._space.store.close()
        self._open()

    @rule(sequence=st.integers(1, 8))
    def cancel_or_fetch_nothing(self, sequence: int) -> None:
        """An active message is neither a scheduled nor a deferred one."""
        peeked = receiving.peek(self._space, self._queue, first=sequence, count=1)
        if not peeked or _name(peeked[0]) in {
            one.name for one in self._messages if one.scheduled_for is not None or one.deferred
        }:
            return
        number = _annotation(peeked[0], "x-opt-sequence-number")
        with pytest.raises(MessageNotFoundError):
            sending.cancel_scheduled(self._space, self._queue, [number])
        with pytest.raises(MessageNotFoundError):
            receiving.receive_deferred(self._space, self._queue, [number], and_delete=False)

    @invariant()
    def the_same_messages_are_there(self) -> None:
        """Peeking shows what the model knows, with the same states and counts."""
        for dead in (False, True):
            entity = self._space.topology.find("q" + (DEAD_LETTER_SUFFIX if dead else ""))
            peeked = receiving.peek(self._space, entity, first=1, count=250)
            shown = {_name(one): split(one)[0].value()[4] for one in peeked}
            known = {
                one.name: one.deliveries
                for one in self._messages
                if one.dead == dead
                and (one.dead or one.scheduled_for is not None or one.expires_at > self._now)
            }
            assert shown == known

    def _is_ready(self, one: Expected) -> bool:
        return (
            one.token is None
            and not one.deferred
            and one.scheduled_for is None
            and (one.dead or one.expires_at > self._now)
        )

    def _in_order(self, messages: list[Expected]) -> list[Expected]:
        return sorted(messages, key=self._messages.index)

    def _holder(self, path: str, token: UUID) -> Expected | None:
        dead = path.endswith(DEAD_LETTER_SUFFIX)
        for one in self._messages:
            if one.token == token and one.dead == dead and one.locked_until > self._real_now:
                return one
        return None

    def _count_delivery(self, one: Expected) -> None:
        one.deliveries += 1
        if one.deliveries >= MAX_DELIVERIES and not one.dead:
            one.dead, one.deferred = True, False

    def _enqueue_due(self) -> None:
        """Due messages go to the end, in the order of their times."""
        due = [
            one
            for one in self._messages
            if one.scheduled_for is not None and one.scheduled_for <= self._now
        ]
        for one in sorted(due, key=lambda each: each.scheduled_for or 0):
            self._messages.remove(one)
            self._messages.append(one)
            one.scheduled_for = None
            one.expires_at = self._now + one.time_to_live


def _name(payload: bytes) -> str:
    return str(split(payload)[-1].value())


def _annotation(payload: bytes, name: str) -> int:
    annotations = next(one for one in split(payload) if one.code is SectionCode.MESSAGE_ANNOTATIONS)
    return int(annotations.value()[name])


TestQueueModel = QueueMachine.TestCase
TestQueueModel.settings = hypothesis_settings(
    max_examples=80, stateful_step_count=50, deadline=None
)
