"""Says in one plain sentence what is true of a person."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, assert_never

from shared.domain.posture.reasons import Reason, ReasonCode, Verdict

_Clause = Callable[[str], str]


def summary(verdict: Verdict, reasons: Iterable[Reason]) -> str:
    """One sentence about a person, for whoever has no code table at hand.

    Args:
        verdict: whether they are protected.
        reasons: why; the first of each code counts.
    """
    told = {reason.code: reason.detail for reason in reversed(tuple(reasons))}
    clauses = {code: CLAUSES[code](_plain(told[code])) for code in ReasonCode if code in told}
    assumed = clauses.pop(ReasonCode.NO_TRUSTED_IPS_ASSUMED, "")
    sentence = _sentence(verdict, clauses)
    return f"{sentence}; {assumed}." if assumed else f"{sentence}."


def _sentence(verdict: Verdict, clauses: Mapping[ReasonCode, str]) -> str:
    match verdict:
        case Verdict.PROTECTED:
            return _protected(clauses)
        case Verdict.WEAK:
            return _weak(clauses)
        case Verdict.EXEMPT:
            return "An exemption is in force, so nobody counts on MFA for now"
        case Verdict.UNPROTECTED:
            return _unprotected(clauses)
        case Verdict.UNKNOWN:
            return f"Nobody can tell: {'; '.join(clauses.values()) or 'no reason was kept'}"
        case _:
            assert_never(verdict)


def _protected(clauses: Mapping[ReasonCode, str]) -> str:
    required = [clauses[code] for code in _REQUIRING if code in clauses]
    able = [clauses[code] for code in _ABLE if code in clauses]
    first = " and ".join([*required[:1], *(one.removeprefix(_ALWAYS) for one in required[1:])])
    first = first or "MFA is required at every sign-in"
    return f"{_capital(first)}, and {' and '.join(able) or 'the person has what it takes'}"


def _weak(clauses: Mapping[ReasonCode, str]) -> str:
    lacks = [text for code, text in clauses.items() if code is not ReasonCode.IN_GRACE]
    if clauses and _UNREAD.issuperset(clauses):
        return f"MFA can be got around in any case, but how nobody can tell: {'; '.join(lacks)}"
    if ReasonCode.IN_GRACE in clauses:
        return _capital("; ".join([clauses[ReasonCode.IN_GRACE], *lacks]))
    if ReasonCode.ENABLED_NOT_ENFORCED in clauses:
        return _capital("; ".join(lacks))
    return f"MFA is required, but {'; '.join(lacks) or 'it can be got around'}"


def _unprotected(clauses: Mapping[ReasonCode, str]) -> str:
    return _capital(clauses.get(ReasonCode.NOT_REQUIRED, CLAUSES[ReasonCode.NOT_REQUIRED]("")))


def _plain(detail: str) -> str:
    """A detail as it may stand inside a sentence."""
    return " ".join(detail.split()).rstrip(".")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _always(text: str) -> _Clause:
    return lambda detail: _with(text, detail)


def _with(text: str, detail: str) -> str:
    return f"{text} ({detail})" if detail else text


def _policies(detail: str) -> str:
    if not detail:
        return "Conditional Access"
    several = "', '" in detail or detail.endswith(" more")
    return f"the {'policies' if several else 'policy'} {detail}"


def _strength(detail: str) -> str:
    asked = f"the strength {detail}" if detail else "the strength that is asked for"
    return f"the person's methods do not reach {asked}"


def _gap(detail: str) -> str:
    return f"not of sign-ins {detail}" if detail else "not of every sign-in"


_ALWAYS: Final = "MFA is required at every sign-in "
_REQUIRING: Final = (
    ReasonCode.PER_USER_ENFORCED,
    ReasonCode.CONDITIONAL_ACCESS,
    ReasonCode.SECURITY_DEFAULTS,
    ReasonCode.SECURITY_DEFAULTS_AT_RISK,
)
_UNREAD: Final = frozenset(code for code in ReasonCode if code.startswith("unknown-"))
_ABLE: Final = (ReasonCode.REGISTERED_ELSEWHERE, ReasonCode.PHISHING_RESISTANT)

CLAUSES: Final[Mapping[ReasonCode, _Clause]] = MappingProxyType(
    {
        ReasonCode.PER_USER_ENFORCED: _always(f"{_ALWAYS}because per-user MFA is enforced"),
        ReasonCode.CONDITIONAL_ACCESS: lambda detail: f"{_ALWAYS}by {_policies(detail)}",
        ReasonCode.SECURITY_DEFAULTS: _always(
            "security defaults require MFA of administrators at every sign-in"
        ),
        ReasonCode.SECURITY_DEFAULTS_AT_RISK: _always(
            "security defaults ask for MFA when Microsoft sees a risk"
        ),
        ReasonCode.PHISHING_RESISTANT: _always("the person has a phishing-resistant method"),
        ReasonCode.REGISTERED_ELSEWHERE: _always(
            "the person does MFA elsewhere, which is trusted here"
        ),
        ReasonCode.EXEMPT: _always("an exemption is in force"),
        ReasonCode.IN_GRACE: _always("the person still has time to register"),
        ReasonCode.ENABLED_NOT_ENFORCED: _always("per-user MFA is enabled but not enforced"),
        ReasonCode.GAP: _gap,
        ReasonCode.NOT_REGISTERED: _always("the person has registered nothing for it"),
        ReasonCode.NOT_CAPABLE: _always(
            "the tenant does not let the person use what they have registered"
        ),
        ReasonCode.ONE_MACHINE_ONLY: _always("the person can do it on one machine only"),
        ReasonCode.PASS_ONLY: _always(
            "the person has a Temporary Access Pass and nothing that stays"
        ),
        ReasonCode.TELEPHONY_ONLY: _always(
            "the person has SMS or voice calls only, which Microsoft retires on 1 February 2027"
        ),
        ReasonCode.STRENGTH_NOT_MET: _strength,
        ReasonCode.BREAK_GLASS_NOT_RESISTANT: _always(
            "this account for emergencies has no phishing-resistant method"
        ),
        ReasonCode.NOT_REQUIRED: lambda detail: (
            "nothing asks for MFA at an ordinary sign-in"
            + (f"; elsewhere {_policies(detail)} may" if detail else "")
        ),
        ReasonCode.NO_TRUSTED_IPS_ASSUMED: _always(
            "this assumes that the MFA service settings name no trusted IPs, which nobody attested"
        ),
        ReasonCode.EXEMPTION_OVERDUE: _always(
            "an exemption of theirs is over and MFA is not put back yet"
        ),
        ReasonCode.UNSEEN: _always("the list of people broke off before this person"),
        ReasonCode.UNKNOWN_STATE: _always("the per-user MFA state could not be read"),
        ReasonCode.UNKNOWN_REGISTRATION: _always(
            "what the person has registered could not be read"
        ),
        ReasonCode.UNKNOWN_DEFAULTS: _always("whether security defaults are on could not be read"),
        ReasonCode.UNKNOWN_COVERAGE: _always(
            "whether the policies cover the person could not be read"
        ),
        ReasonCode.UNKNOWN_STRENGTH: _always(
            "whether the person's methods reach the strength that is asked for is not known"
        ),
        ReasonCode.UNKNOWN_EXEMPTION: _always("whether an exemption is in force could not be read"),
        ReasonCode.UNKNOWN_ELSEWHERE: _always(
            "whether MFA that the person does elsewhere is trusted here could not be read"
        ),
    }
)
"""What each code says inside a sentence, given its detail."""
