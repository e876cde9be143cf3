"""The app as the local host runs it: function_app's own, timed by the stack clock."""

import asyncio
import os
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from function_app import create_app
from local.clock import StackClock
from shared.bootstrap import Services, build
from shared.settings import Settings


class _AppClock:
    """The stack's time for the app; its short pauses stay real."""

    def __init__(self, clock: StackClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@lru_cache(maxsize=1)
def stack_services() -> Services:
    """The services of this process, on the stack clock."""
    clock = StackClock(Path(os.environ["MFA_STACK_CLOCK"]))
    return build(Settings.from_environment(os.environ), clock=_AppClock(clock))


app = create_app(stack_services)
