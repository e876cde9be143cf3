"""Whom the sweep has taken up again, so that MFA is required of them.

It asks for an onboarding of each: that looks at the person again before it writes anything.
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.authentication import PerUserMfaState
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Line


class Mend(StrEnum):
    """What is mended."""

    PROMOTE = "promote"
    """Who is enabled and has registered is enforced."""
    REOPEN = "reopen"
    """Of whom nothing requires MFA is asked to register, and enforced then."""


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """How many people a run may take up without anybody's approval.

    Attributes:
        most: so many at most.
        share: and no greater part of the tenant than this; but always one.
    """

    most: int
    share: float

    def allows(self, people: int) -> int:
        """How many, in a tenant of so many people."""
        return min(self.most, max(1, int(self.share * people)))


def mend_for(line: Line) -> Mend | None:
    """What is to be mended about a person; None where nothing is, or nobody can tell.

    Only members with a licence and an employee id: the sweep knows of nobody else whether a person
    signs in there. Guests, break-glass accounts and new people in their grace are left alone.
    """
    if not line.is_finding or not line.licensed or not line.numbered:
        return None
    if line.guest is not None or line.person.break_glass or line.person.exempt is not False:
        return None
    codes = {reason.code for reason in line.reasons} - {ReasonCode.NO_TRUSTED_IPS_ASSUMED}
    if line.person.state is PerUserMfaState.ENABLED and codes == {ReasonCode.ENABLED_NOT_ENFORCED}:
        return Mend.PROMOTE
    if ReasonCode.EXEMPTION_OVERDUE in codes:
        return None  # The exemption's own case puts them back.
    nothing_required = line.verdict is Verdict.UNPROTECTED
    if nothing_required and line.person.state is PerUserMfaState.DISABLED:
        return Mend.REOPEN
    return None
