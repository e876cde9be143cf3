"""Whether registering an authentication method takes more than the password."""

from shared.adapters.graph.coverage import GraphCoverage
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.asking import registering_guarded
from shared.domain.ids import UserId


class GraphRegistrationGuards:
    """The port `RegistrationGuards` on Microsoft Graph."""

    def __init__(self, coverage: GraphCoverage) -> None:
        self._coverage = coverage

    async def guarded(self, user: UserId) -> bool | Unknown:
        """Whether policies protect the registration. People cost nothing where there are none."""
        return await self._coverage.everywhere(user, registering_guarded)
