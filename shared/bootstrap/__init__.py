"""The composition root: the only place that names concrete adapters.

Everything is built when it is first used, and imported then: an app that only takes in webhooks
never loads Microsoft Graph, and indexing the functions loads nothing at all.
"""

import functools
import os
from typing import TYPE_CHECKING, Any, Self

from shared.bootstrap.sweep import SweepAsking

if TYPE_CHECKING:
    from shared.application.ports.clock import Clock
    from shared.settings import Settings


class Services(SweepAsking):
    """The use cases of the app over their ports.

    Args:
        settings: the checked settings.
        clock: what time it is; the machine's by default.
        ports: adapters to use in place of the real ones, by the name of their property.

    Raises:
        TypeError: there is no such port.
    """

    def __init__(
        self, settings: "Settings", *, clock: "Clock | None" = None, **ports: object
    ) -> None:
        super().__init__(settings, ports if clock is None else {**ports, "clock": clock})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def build(
    settings: "Settings",
    *,
    clock: "Clock | None" = None,
    **ports: Any,  # noqa: ANN401  (any port)
) -> Services:
    """The services over these settings; see `Services` for the seams."""
    return Services(settings, clock=clock, **ports)


@functools.cache
def services() -> Services:
    """The services of this process, from its environment.

    Raises:
        SettingsInvalid: settings are missing or wrong; it is tried again at the next call.
    """
    from shared.settings import Settings

    return build(Settings.from_environment(os.environ))
