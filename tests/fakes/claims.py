"""Claims in memory."""

import secrets

from shared.application.ports.cases import Claim
from shared.domain.ids import CaseId
from tests.fakes.switch import Switch


class FakeClaims(Switch):
    """The port `Claims`.

    Attributes:
        claims: case id and hash of the content, by the claimed key.
    """

    def __init__(self) -> None:
        super().__init__()
        self.claims: dict[str, tuple[CaseId, str]] = {}

    async def claim(self, key: str, content_hash: str, *, case_id: CaseId | None = None) -> Claim:
        """Claim `key`, or learn who did."""
        self.reach()
        fresh = key not in self.claims
        if fresh:
            self.claims[key] = (case_id or CaseId(secrets.token_hex(16)), content_hash)
        first_id, first_hash = self.claims[key]
        return Claim(case_id=first_id, content_hash=first_hash, fresh=fresh)

    async def find(self, key: str) -> Claim | None:
        """Who has claimed `key`; None where nobody has."""
        self.reach()
        if key not in self.claims:
            return None
        case_id, content_hash = self.claims[key]
        return Claim(case_id=case_id, content_hash=content_hash, fresh=False)
