"""What the health check looks at: each dependency, by doing the least with it."""

from dataclasses import dataclass

from azure.core.credentials_async import AsyncTokenCredential

from shared.adapters.identity import held_roles
from shared.adapters.servicebus.namespace import Namespace
from shared.application.ports.control import Controls
from shared.domain.authentication import Unknown
from shared.domain.control import Capability
from shared.domain.errors import PermissionMissing, StateUnknown


@dataclass(frozen=True, slots=True)
class TablesAnswer:
    """Reads one row."""

    controls: Controls

    async def __call__(self) -> None:
        """Return if the table service answers."""
        await self.controls.entry(Capability.ONBOARDING)


@dataclass(frozen=True, slots=True)
class BrokerAnswers:
    """Opens a link, and sends nothing over it."""

    namespace: Namespace
    queue: str

    async def __call__(self) -> None:
        """Return if the broker lets us send."""
        await self.namespace.probe(self.queue)


@dataclass(frozen=True, slots=True)
class GraphPermitsUs:
    """Compares the roles in our token with those that our app needs."""

    credential: AsyncTokenCredential
    scope: str
    needed: frozenset[str]

    async def __call__(self) -> None:
        """Return if every role is there.

        Raises:
            StateUnknown: there is no token, or it can't be read.
            PermissionMissing: a role is missing; the detail names it.
        """
        held = await held_roles(self.credential, self.scope)
        if isinstance(held, Unknown):
            raise StateUnknown(held.reason)
        missing = sorted(self.needed - held)
        if missing:
            raise PermissionMissing(f"Missing application roles: {', '.join(missing)}.")
