"""`python -m local.bench.sweeps.worker FILE`: sweeps without host, broker and Azurite.

It is one instance of the app with its own use cases and adapters, against the tenant over HTTP. Its
rows stand in a file, and its messages in a queue, from which as many are worked on side by side as
the host takes. It makes one run and writes what it took, as JSON.
"""

import asyncio
import os
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import psutil

from local.bench.memory_store import MemoryStore
from local.bench.sweeps.ran import Ran
from local.bench.sweeps.watching import watching
from local.stack.layout import ROOT
from shared.application.ports.messages import OutgoingEvent
from shared.application.sweep.working import WorkOnRun
from shared.bootstrap import Services, build
from shared.contracts.sweep_commands import SweepCommand, encode_sweep_command
from shared.settings import Settings


@dataclass
class _Queue:
    """The port `SweepCommands`, and the broker behind it."""

    waiting: deque[tuple[datetime, bytes]] = field(default_factory=deque)

    async def send(self, commands: Sequence[SweepCommand], *, at: datetime | None = None) -> None:
        """Take commands."""
        due = at or datetime.now(UTC)
        self.waiting.extend((due, encode_sweep_command(command)) for command in commands)


class _Nobody:
    """The port `Events`: nobody has subscribed."""

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Drop events."""


async def _sweep(services: Services, queue: _Queue, store: MemoryStore) -> Ran:
    work, written = services.work_on_run, store.writes
    begun = time.monotonic()
    with watching(psutil.Process()) as taken:
        run_id = (await services.start_run("bench")).run_id
        while queue.waiting:
            count = min(len(queue.waiting), _SIDE_BY_SIDE)
            await asyncio.gather(*(_work(work, *queue.waiting.popleft()) for _ in range(count)))
    counted = await services.read_runs.one(run_id)
    run, totals = counted.run, counted.totals
    return Ran(
        state=run.state,
        problems=[f"{one.what}: {one.reason}" for one in run.problems],
        parts=run.slices,
        changes=totals.moves.total(),
        seconds=time.monotonic() - begun,
        cpu=taken.cpu,
        memory=taken.memory,
        rows=store.writes - written,
    )


async def _work(work: WorkOnRun, due: datetime, body: bytes) -> None:
    await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
    await work(body, 1)


def _side_by_side() -> int:
    host: dict[str, Any] = msgspec.json.decode((ROOT / "host.json").read_bytes())
    return int(host["extensions"]["serviceBus"]["maxConcurrentCalls"])


_SIDE_BY_SIDE: Final = _side_by_side()


async def _main(rows: Path) -> None:
    queue = _Queue()
    async with (
        MemoryStore(rows) as store,
        build(
            Settings.from_environment(os.environ),
            table_store=store,
            sweep_commands=queue,
            events=_Nobody(),
        ) as services,
    ):
        ran = await _sweep(services, queue, store)
    sys.stdout.write(f"{msgspec.json.encode(ran).decode()}\n")


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
