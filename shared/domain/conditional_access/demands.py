"""What a policy asks for.

https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols
"""

from collections.abc import Iterator, Mapping
from typing import Final

from shared.domain.conditional_access.policies import Demand
from shared.domain.conditional_access.said import Said, Unrecognised
from shared.domain.conditional_access.strengths import Strength

_CONTROLS: Final = {
    "block": Demand.BLOCK,
    "mfa": Demand.MFA,
    # Each of these lets in who has something other than a second factor.
    "approvedapplication": Demand.NOTHING,
    "compliantapplication": Demand.NOTHING,
    "compliantdevice": Demand.NOTHING,
    "domainjoineddevice": Demand.NOTHING,
    "passwordchange": Demand.NOTHING,
    "riskremediation": Demand.NOTHING,
}
_FIRST: Final = {
    "and": (Demand.BLOCK, Demand.MFA, Demand.UNKNOWN, Demand.NOTHING),
    "or": (Demand.NOTHING, Demand.UNKNOWN, Demand.MFA, Demand.BLOCK),
}
"""Which of several ways in tells what is asked for, by operator."""
_PARTS: Final = {
    "operator",
    "builtInControls",
    "authenticationStrength",
    "customAuthenticationFactors",
    "termsOfUse",
}


def read_demand(grant: Said, strengths: Mapping[str, Strength]) -> Demand:
    """What a grant asks for: under OR the least of its ways in, under AND the most."""
    try:
        ways = set(_ways(grant, strengths))
    except Unrecognised:
        return Demand.UNKNOWN
    if not ways:
        return Demand.NOTHING
    operator = str(grant.get("operator")).casefold()
    if operator not in _FIRST and len(ways) > 1:
        return Demand.UNKNOWN
    order = _FIRST.get(operator, tuple(ways))
    return next(demand for demand in order if demand in ways)


def names_mfa(grant: Said, strengths: Mapping[str, Strength]) -> bool:
    """Whether MFA is one of its ways in, be there others or not."""
    try:
        return Demand.MFA in set(_ways(grant, strengths))
    except Unrecognised:
        return False


def strengths_of(grant: Said, strengths: Mapping[str, Strength]) -> tuple[Strength, ...]:
    """The strength that a grant names, if it is known."""
    named = Said.of(grant.get("authenticationStrength")).get("id")
    known = strengths.get(str(named).casefold())
    return () if known is None else (known,)


def _ways(grant: Said, strengths: Mapping[str, Strength]) -> Iterator[Demand]:
    for control in grant.texts("builtInControls"):
        yield _CONTROLS.get(control, Demand.UNKNOWN)
    if grant.get("authenticationStrength") is not None:
        known = strengths_of(grant, strengths)
        yield _of_strength(known[0]) if known else Demand.UNKNOWN
    if grant.get("customAuthenticationFactors") or grant.get("termsOfUse"):
        yield Demand.NOTHING
    if grant.names - _PARTS:
        yield Demand.UNKNOWN


def _of_strength(strength: Strength) -> Demand:
    if strength.is_mfa is False:
        return Demand.NOTHING
    return Demand.MFA if strength.is_proven_mfa else Demand.UNKNOWN
