"""The verdict on a person: that on which everything agrees that may be true.

What is not known may be anything. Where the verdict would be the same in all cases, it stands;
otherwise it is unknown, because of what decides it. So an input that can't be read moves a verdict
to `unknown` or leaves it where it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.requirement import Extent
from shared.domain.posture.cases import Case, cases
from shared.domain.posture.defaults import ask_always
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.posture.registration import Readiness, Registration
from shared.domain.posture.tenant import Required

_TOO_LITTLE: Final = {
    Readiness.NOTHING: ReasonCode.NOT_REGISTERED,
    Readiness.PASS: ReasonCode.PASS_ONLY,
    Readiness.NOT_ALLOWED: ReasonCode.NOT_CAPABLE,
    Readiness.ONE_MACHINE: ReasonCode.ONE_MACHINE_ONLY,
    Readiness.TELEPHONY: ReasonCode.TELEPHONY_ONLY,
    Readiness.UNMET: ReasonCode.STRENGTH_NOT_MET,
}
_UNKNOWN: Final = {
    "state": ReasonCode.UNKNOWN_STATE,
    "defaults": ReasonCode.UNKNOWN_DEFAULTS,
    "extent": ReasonCode.UNKNOWN_COVERAGE,
    "readiness": ReasonCode.UNKNOWN_REGISTRATION,
    "elsewhere": ReasonCode.UNKNOWN_ELSEWHERE,
    "exempt": ReasonCode.UNKNOWN_EXEMPTION,
}
_DEPENDS_ON: Final = {"extent": ("state",), "readiness": ("state", "elsewhere")}


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with the codes of its reasons."""

    verdict: Verdict
    codes: tuple[ReasonCode, ...]


def rule(person: Person, required: Required) -> Ruling:
    """The verdict on a person."""
    rulings = {case: _rule(case, person, required) for case in cases(person, required)}
    if len({ruling.verdict for ruling in rulings.values()}) > 1:
        return Ruling(Verdict.UNKNOWN, tuple(_deciding(rulings, person)))
    first, *others = rulings.values()
    agreed = tuple(code for code in first.codes if all(code in one.codes for one in others))
    # Where the verdict has another reason in each case, no reason is known but what is not.
    return Ruling(first.verdict, agreed or tuple(_deciding(rulings, person)))


def _rule(case: Case, person: Person, required: Required) -> Ruling:
    if case.exempt:
        return Ruling(Verdict.EXEMPT, (ReasonCode.EXEMPT,))
    lacks = tuple(_lacking(case, person))
    if not lacks:
        return Ruling(Verdict.PROTECTED, tuple(_protecting(case, person, required)))
    if person.overdue:
        lacks = (*lacks, ReasonCode.EXEMPTION_OVERDUE)
    if person.in_grace:
        return Ruling(Verdict.WEAK, (ReasonCode.IN_GRACE, *lacks))
    if ReasonCode.NOT_REQUIRED in lacks:
        return Ruling(Verdict.UNPROTECTED, lacks)
    return Ruling(Verdict.WEAK, lacks)


def _lacking(case: Case, person: Person) -> Iterator[ReasonCode]:
    """What is missing for being protected."""
    required = Extent.EVERYWHERE if case.defaults else case.extent
    if required is Extent.NOWHERE and case.state is PerUserMfaState.ENABLED:
        yield ReasonCode.ENABLED_NOT_ENFORCED
    elif required is Extent.NOWHERE:
        yield ReasonCode.NOT_REQUIRED
        return
    if required is Extent.PARTLY:
        yield ReasonCode.GAP
    if case.readiness in _TOO_LITTLE:
        yield _TOO_LITTLE[case.readiness]
    elif person.break_glass and case.readiness is not Readiness.RESISTANT:
        yield ReasonCode.BREAK_GLASS_NOT_RESISTANT


def _protecting(case: Case, person: Person, required: Required) -> Iterator[ReasonCode]:
    """By what somebody is protected who lacks nothing."""
    is_enforced = case.state is PerUserMfaState.ENFORCED
    if is_enforced:
        yield ReasonCode.PER_USER_ENFORCED
    if case.extent is Extent.EVERYWHERE and not (
        is_enforced and required.per_user_is_enough(person.belonging)
    ):
        yield ReasonCode.CONDITIONAL_ACCESS
    if case.defaults:
        yield (
            ReasonCode.SECURITY_DEFAULTS
            if ask_always(person.belonging)
            else ReasonCode.SECURITY_DEFAULTS_AT_RISK
        )
    if case.elsewhere:
        yield ReasonCode.REGISTERED_ELSEWHERE
    elif case.readiness is Readiness.RESISTANT:
        yield ReasonCode.PHISHING_RESISTANT


def _deciding(rulings: Mapping[Case, Ruling], person: Person) -> Iterator[ReasonCode]:
    """What would narrow the verdict, were it known."""
    verdicts = {ruling.verdict for ruling in rulings.values()}
    values = {name: _values(name, rulings) for name in _UNKNOWN}
    unknown = [name for name, possible in values.items() if len(possible) > 1]
    deciding = [
        name
        for name in unknown
        if any(
            {ruling.verdict for case, ruling in rulings.items() if getattr(case, name) == value}
            < verdicts
            for value in values[name]
        )
    ]
    for name in deciding or unknown:
        yield _is_unknown(name, person)


def _values(name: str, rulings: Iterable[Case]) -> set[object]:
    """What a thing may be while that is settled on which it depends."""
    apart: dict[tuple[object, ...], set[object]] = {}
    for case in rulings:
        settled = tuple(getattr(case, other) for other in _DEPENDS_ON.get(name, ()))
        apart.setdefault(settled, set()).add(getattr(case, name))
    return max(apart.values(), key=len)


def _is_unknown(name: str, person: Person) -> ReasonCode:
    if name == "readiness" and (person.elsewhere is True or _is_understood(person.registration)):
        return ReasonCode.UNKNOWN_STRENGTH
    return _UNKNOWN[name]


def _is_understood(registration: Registration | Unknown) -> bool:
    return not isinstance(registration, Unknown) and Means.UNRECOGNISED not in registration.means
