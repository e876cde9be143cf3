"""What in particular a reason is about: which policy, which gap, what could not be read."""

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.describing import describe, some_of
from shared.domain.conditional_access.requirement import Requirement
from shared.domain.conditional_access.sign_ins import MODERN_CLIENTS, Kind
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import ReasonCode
from shared.domain.posture.tenant import PER_USER, Required


def detail_of(code: ReasonCode, person: Person, required: Required) -> str:
    """The particulars of a reason; empty where there are none."""
    requirement = _requirement(person, required)
    settings = required.settings
    match code:
        case ReasonCode.GAP:
            gap = requirement.gap
            if not isinstance(gap, Kind):
                return _why(gap)
            return describe(gap, settings.locations, MODERN_CLIENTS)
        case ReasonCode.CONDITIONAL_ACCESS | ReasonCode.NOT_REQUIRED:
            return some_of(one.name for one in requirement.by if one.policy_id != PER_USER)
        case ReasonCode.STRENGTH_NOT_MET:
            return some_of(one.name for one in requirement.strengths)
        case ReasonCode.UNKNOWN_STRENGTH:
            return _why(settings.policies) or some_of(
                one.name for one in (*requirement.strengths, *requirement.perhaps)
            )
        case ReasonCode.UNKNOWN_COVERAGE:
            return (
                _why(settings.policies)
                or some_of(policy.name for policy in requirement.doubtful)
                or _why(requirement.gap)
            )
        case ReasonCode.UNKNOWN_STATE:
            return _why(person.state)
        case ReasonCode.UNKNOWN_REGISTRATION:
            return _why(person.registration)
        case ReasonCode.UNKNOWN_DEFAULTS:
            return _why(settings.security_defaults)
        case ReasonCode.UNKNOWN_ELSEWHERE:
            return _why(person.elsewhere)
        case ReasonCode.UNKNOWN_EXEMPTION:
            return _why(person.exempt)
        case _:
            return ""


def _requirement(person: Person, required: Required) -> Requirement:
    """What is required of a person; where their state is unknown, at the least."""
    state = person.state
    known = PerUserMfaState.DISABLED if isinstance(state, Unknown) else state
    return required.of(person.belonging, known)


def _why(known: object) -> str:
    return known.reason if isinstance(known, Unknown) else ""
