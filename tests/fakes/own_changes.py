"""What our identities changed, in memory."""

from dataclasses import dataclass, field

from shared.application.ports.audits import ChangesPage
from shared.domain.errors import LifecycleError
from shared.domain.ledger import Span
from shared.domain.sweep.reconciling import AuditLine


@dataclass
class FakeOwnChanges:
    """The port `OwnChanges`.

    Attributes:
        lines: what the audit log has.
        page: how many lines a page has.
        trouble: with what it fails, where it does.
        asked: the times that were asked for.
    """

    lines: list[AuditLine] = field(default_factory=list)
    page: int = 2
    trouble: LifecycleError | None = None
    asked: list[Span] = field(default_factory=list)

    async def changes(self, span: Span, page: str | None) -> ChangesPage:
        """A page of what they changed in a time, oldest first."""
        self.asked.append(span)
        if self.trouble is not None:
            raise self.trouble
        found = sorted(
            (line for line in self.lines if span.since <= line.at <= span.until),
            key=lambda line: line.at,
        )
        start = int(page or 0)
        end = start + self.page
        rows = tuple(found[start:end])
        following = str(end) if end < len(found) else None
        return ChangesPage(rows, following, rows[-1].at if rows else None)
