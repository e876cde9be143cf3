"""Does Service Bus let us send?"""

from dataclasses import dataclass

from shared.adapters.servicebus.namespace import Namespace


@dataclass(frozen=True, slots=True)
class BrokerAnswers:
    """A health check that opens a link, and sends nothing over it."""

    namespace: Namespace
    queue: str

    async def __call__(self) -> None:
        """Return if the link opens.

        Raises:
            BrokerUnavailable: it does not.
        """
        await self.namespace.probe(self.queue)
