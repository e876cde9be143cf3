"""What can go wrong between two operations: a crash, a lost answer, somebody else's turn."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Any

from shared.domain.errors import LifecycleError

_SETTLED = 4
"""Rounds of the loop after which every task has come to its next operation or to its end."""


class Crash(BaseException):
    """The process is gone, here and now. No code of ours may catch it."""


class How(Enum):
    """How an operation goes wrong."""

    CRASH_BEFORE = "the process dies before it"
    CRASH_AFTER = "the process dies right after it"
    FAIL_BEFORE = "it is refused"
    FAIL_AFTER = "it is carried out and its answer is lost"


@dataclass
class Interruptions:
    """Which of the coming operations go wrong.

    Attributes:
        plan: by how many operations are still to come before it.
        turns: who may go on, where several workers run at once.
        operations: how many there were, by what stands behind the port.
        spent: how many there were, leases included, by the case whose message was worked on.
    """

    plan: dict[int, How] = field(default_factory=dict)
    turns: "Turns | None" = None
    operations: Counter[str] = field(default_factory=Counter)
    spent: Counter[str] = field(default_factory=Counter)

    async def next_operation(self) -> How | None:
        """Wait for this worker's turn, and learn how the operation goes wrong."""
        if self.turns is not None:
            await self.turns.wait()
        self.spent[ABOUT.get()] += 1
        how = self.plan.pop(0, None)
        self.plan = {count - 1: planned for count, planned in self.plan.items()}
        return how


class Interrupted:
    """A port in front of another one, whose operations can go wrong.

    Args:
        inner: the port that works.
        interruptions: what goes wrong.
        trouble: how this port fails.
    """

    def __init__(
        self, inner: object, interruptions: Interruptions, trouble: type[LifecycleError]
    ) -> None:
        self._inner = inner
        self._interruptions = interruptions
        self._trouble = trouble

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (any operation of any port)
        operation = getattr(self._inner, name)

        async def interrupted(*args: object, **named: object) -> object:
            how = await self._interruptions.next_operation()
            self._interruptions.operations[type(self._inner).__name__] += 1
            match how:
                case How.CRASH_BEFORE:
                    raise Crash(name)
                case How.FAIL_BEFORE:
                    raise self._trouble(f"{name} is refused.")
                case _:
                    answer: object = await operation(*args, **named)
            match how:
                case How.CRASH_AFTER:
                    raise Crash(name)
                case How.FAIL_AFTER:
                    raise self._trouble(f"The answer of {name} is lost.")
                case _:
                    return answer

        return interrupted


class Turns:
    """Lets workers go one operation at a time, in an order that the test chooses."""

    def __init__(self, order: Random) -> None:
        self._order = order
        self._waiting: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        """Stand still until it is this worker's turn."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    async def run(self, *workers: Coroutine[Any, Any, Any]) -> list[object]:
        """Run them to their ends, interleaved; each one's answer, or what it raised."""
        tasks: list[asyncio.Task[object]] = [asyncio.create_task(worker) for worker in workers]
        while True:
            for _ in range(_SETTLED):
                await asyncio.sleep(0)
            if all(task.done() for task in tasks):
                return list(await asyncio.gather(*tasks, return_exceptions=True))
            if self._waiting:
                chosen = self._order.randrange(len(self._waiting))
                self._waiting.pop(chosen).set_result(None)


WORKER: ContextVar[str] = ContextVar("WORKER", default="nobody")
"""Which worker is at work, so that its reads and writes can be told from those of another."""

ABOUT: ContextVar[str] = ContextVar("ABOUT", default="nothing")
"""Which case the message is about that is worked on."""
