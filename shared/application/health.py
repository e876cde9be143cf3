"""Is everything there that the app needs?"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from shared.contracts.health_view import Health
from shared.domain.errors import LifecycleError

LIMIT_SECONDS: Final = 5


class HealthCheck(Protocol):
    """Looks at one dependency."""

    async def __call__(self) -> None:
        """Return if it is well.

        Raises:
            LifecycleError: it is not; the detail says what is missing, by name.
        """
        ...


@dataclass(frozen=True, slots=True)
class CheckHealth:
    """Looks at every dependency, side by side."""

    checks: Mapping[str, HealthCheck]

    async def __call__(self) -> Health:
        """What every check says."""
        verdicts = await asyncio.gather(*(_verdict(check) for check in self.checks.values()))
        found = dict(zip(self.checks, verdicts, strict=True))
        well = all(verdict == "ok" for verdict in verdicts)
        return Health(status="ok" if well else "degraded", checks=found)


async def _verdict(check: HealthCheck) -> str:
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await check()
    except LifecycleError as error:
        return f"{error.code}: {error.detail} {error.remedy}"
    except TimeoutError:
        return f"no answer within {LIMIT_SECONDS} seconds"
    return "ok"
