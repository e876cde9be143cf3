"""What would become of a person if they were enrolled now."""

from typing import assert_never

from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import OPEN
from shared.domain.enrolment.people import Finding, Verdict
from shared.domain.errors.people import IdentityMismatch
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact, Refused, ruling
from shared.domain.schedules import Rules


def examine(facts: Facts, rules: Rules) -> Verdict | Fact:
    """The verdict, or what has to be read before there can be one.

    The guards come first, so that nothing is told, and no state is read, of whom nobody may touch.
    """
    match facts.account:
        case None:
            return Fact.ACCOUNT
        case NoAccount():
            return Verdict(finding=Finding.NOT_FOUND)
        case IdentityMismatch() as mismatch:
            return Verdict(finding=Finding.UNKNOWN, reason=mismatch.code)
        case Account():
            pass
        case _:
            assert_never(facts.account)
    if facts.standing is None:
        return Fact.STANDING
    match ruling(Impact.STRENGTHEN, facts.standing):
        case Refused(error):
            return Verdict(finding=Finding.REFUSED, reason=error.code)
        case _:
            pass
    if facts.others is None:
        return Fact.OTHERS
    busy = sorted(other.kind for other in facts.others if other.state in OPEN)
    if busy:
        return Verdict(finding=Finding.OPEN_CASE, reason=busy[0])
    match rules.strategy.state(facts):
        case None:
            return rules.strategy.fact
        case Unknown():
            return Verdict(finding=Finding.UNKNOWN, reason="state-unknown")
        case PerUserMfaState.ENFORCED:
            return Verdict(finding=Finding.ALREADY_ENFORCED)
        case PerUserMfaState.ENABLED | PerUserMfaState.DISABLED:
            return Verdict(finding=Finding.ENROL)
