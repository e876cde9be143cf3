"""Claims in memory."""

import secrets

from shared.application.ports.cases import Claim
from shared.domain.ids import CaseId
from tests.fakes.switch import Switch


class FakeClaims(Switch):
    """The port `Claims`."""

    def __init__(self) -> None:
        super().__init__()
        self._claims: dict[str, tuple[CaseId, str]] = {}

    async def claim(self, key: str, content_hash: str) -> Claim:
        """Claim `key`, or learn who did."""
        self.reach()
        fresh = key not in self._claims
        if fresh:
            self._claims[key] = (CaseId(secrets.token_hex(16)), content_hash)
        case_id, first_hash = self._claims[key]
        return Claim(case_id=case_id, content_hash=first_hash, fresh=fresh)
