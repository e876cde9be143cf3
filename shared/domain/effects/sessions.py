"""Ending sessions."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.domain.authentication import Unknown
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact


@dataclass(frozen=True, slots=True)
class RevokeSessions:
    """Every session and refresh token that was begun before a moment is worth nothing any more.

    Attributes:
        since: that moment, in whole seconds as Graph tells it.
        impact: what it comes to for the person.
    """

    action: ClassVar = "revoke-sessions"
    proof: ClassVar = Fact.SESSIONS

    since: datetime
    impact: Impact = Impact.OFFBOARD

    @property
    def target(self) -> str:
        """The value that it aims at, for audit entries."""
        return f"valid from {self.since.isoformat()}"

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        read = facts.sessions
        return read.isoformat() if isinstance(read, datetime) else read

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return datetime.fromisoformat(value) >= self.since
