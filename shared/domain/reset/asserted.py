"""Whom a ticket names beside the person: a ticket is an assertion (safety rule S9)."""

from dataclasses import dataclass

from shared.domain.ids import UserId, is_object_id
from shared.domain.plans import ResetPlan


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


def could_be_looked_up(who: str | None) -> bool:
    """Whether somebody is named as the directory names people: by object id or sign-in name."""
    return who is not None and (is_object_id(who) or "@" in who)


def without_looking(plan: ResetPlan) -> Asserted | None:
    """What is known of a ticket's people without the directory; None where it has to be asked."""
    named = any(could_be_looked_up(who) for who in (plan.requested_by, plan.verified_by))
    return None if named else Asserted(None, None)
