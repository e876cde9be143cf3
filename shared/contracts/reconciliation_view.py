"""What a run found by comparing Entra's audit log with our cases, as people read it."""

from datetime import datetime
from typing import Self

import msgspec

from shared.domain.sweep.reconciliation import Reconciliation


class ReconciliationView(
    msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True
):
    """Entra's audit log against our cases; empty before they are compared.

    Attributes:
        since: from when on its lines were read.
        until: until when; of the hour before that, lines may still come.
        changes: how many changes our identities made.
        misuse: how many of them no case of ours had made; an event tells of each.
        unknown: of how many nobody can tell.
    """

    since: datetime | None = None
    until: datetime | None = None
    changes: int | None = None
    misuse: int | None = None
    unknown: int | None = None

    @classmethod
    def of(cls, reconciliation: Reconciliation | None) -> Self:
        """The view of it."""
        if reconciliation is None:
            return cls()
        return cls(
            since=reconciliation.since,
            until=reconciliation.until,
            changes=reconciliation.changes,
            misuse=reconciliation.misuse,
            unknown=reconciliation.unknown,
        )
