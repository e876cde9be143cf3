"""Whom a ticket names beside the person: a ticket is an assertion (safety rule S9)."""

from dataclasses import dataclass

from shared.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Asserted:
    """The accounts of those whom a ticket names; None where the directory has no such account.

    Attributes:
        requested_by: who asked for the reset.
        verified_by: who verified the caller.
    """

    requested_by: UserId | None
    verified_by: UserId | None

    def everybody(self) -> frozenset[str]:
        """The object ids of both, as far as they are known."""
        return frozenset(one for one in (self.requested_by, self.verified_by) if one is not None)
