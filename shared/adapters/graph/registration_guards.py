"""Whether registering an authentication method takes more than the password."""

from shared.adapters.graph.client import GraphClient
from shared.domain.authentication import Unknown
from shared.domain.ids import UserId


class GraphRegistrationGuards:
    """The port `RegistrationGuards` on Microsoft Graph."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def guarded(
        self,
        user: UserId,  # noqa: ARG002  (not read yet)
    ) -> bool | Unknown:
        """Whether a policy protects the registration."""
        return Unknown("The policies about registering are not read.")
