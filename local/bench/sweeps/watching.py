"""Watches a process while something is measured: what it holds at the most, and its CPU."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psutil

_LOOK_SECONDS: Final = 0.1


@dataclass
class Watched:
    """What a process took.

    Attributes:
        memory: the most that it held, in bytes.
        cpu: seconds of the processor.
    """

    memory: int = 0
    cpu: float = 0.0


@contextmanager
def watching(process: psutil.Process) -> Iterator[Watched]:
    """Watch a process until the end of the block; what it took is known then."""
    found, over = Watched(), threading.Event()

    def look() -> None:
        found.memory = max(found.memory, process.memory_info().rss)

    def keep_looking() -> None:
        while not over.wait(_LOOK_SECONDS):
            look()

    watcher = threading.Thread(target=keep_looking, daemon=True)
    look()
    before = _cpu(process)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
        look()
        found.cpu = _cpu(process) - before


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
