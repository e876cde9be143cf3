"""What a policy asks for before it lets anybody in."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from shared.domain.conditional_access.demands import read_demand, strengths_of
from shared.domain.conditional_access.policies import Demand
from shared.domain.conditional_access.said import Said
from tests.unit.domain.conditional_access.telling import STRENGTHS

FIDO2 = frozenset({"fido2"})
NOTHING, MFA, BLOCK, UNKNOWN = Demand.NOTHING, Demand.MFA, Demand.BLOCK, Demand.UNKNOWN
OTHER_CONTROLS = (
    "compliantDevice",
    "domainJoinedDevice",
    "approvedApplication",
    "compliantApplication",
    "passwordChange",
    "riskRemediation",
)


def grant(operator: str | None, *controls: str, **more: object) -> dict[str, Any]:
    """What Graph tells of a grant."""
    return {"operator": operator, "builtInControls": list(controls), **more}


def strength(name: str) -> dict[str, Any]:
    """The strength that a grant names."""
    return {"authenticationStrength": {"id": name, "displayName": name}}


class Row(NamedTuple):
    """A grant and what it asks for."""

    why: str
    told: dict[str, Any] | None
    expected: Demand


ROWS = [
    Row("MFA", grant("OR", "mfa"), MFA),
    Row("in whatever letters", grant("or", "MFA"), MFA),
    Row("a block", grant("OR", "block"), BLOCK),
    Row("a policy about sessions only asks nothing", None, NOTHING),
    Row("an empty grant asks nothing", grant("OR"), NOTHING),
    *[
        Row(f"OR with {one} lets in without MFA", grant("OR", "mfa", one), NOTHING)
        for one in OTHER_CONTROLS
    ],
    *[Row(f"AND with {one} takes MFA", grant("AND", one, "mfa"), MFA) for one in OTHER_CONTROLS],
    *[Row(f"{one} alone is no MFA", grant("AND", one), NOTHING) for one in OTHER_CONTROLS],
    Row("terms of use are no MFA", grant("OR", termsOfUse=["t"]), NOTHING),
    Row("OR with terms of use lets in", grant("OR", "mfa", termsOfUse=["t"]), NOTHING),
    Row("AND with terms of use takes MFA", grant("AND", "mfa", termsOfUse=["t"]), MFA),
    Row("a custom factor is no MFA", grant("OR", customAuthenticationFactors=["duo"]), NOTHING),
    Row(
        "OR with a custom factor lets in",
        grant("OR", "mfa", customAuthenticationFactors=["d"]),
        NOTHING,
    ),
    Row(
        "AND with a custom factor takes MFA",
        grant("AND", "mfa", customAuthenticationFactors=["d"]),
        MFA,
    ),
    Row("a strength that is MFA", grant("OR", **strength("S-MFA")), MFA),
    Row("a strength with a single factor is none", grant("OR", **strength("s-weak")), NOTHING),
    Row("AND with MFA beside it", grant("AND", "mfa", **strength("s-weak")), MFA),
    Row("Graph calls a single factor MFA", grant("OR", **strength("s-odd")), UNKNOWN),
    Row("Graph does not say whether it is MFA", grant("OR", **strength("s-unsaid")), UNKNOWN),
    Row("a strength that nobody could read", grant("OR", **strength("s-new")), UNKNOWN),
    Row("a strength without an id", grant("OR", authenticationStrength={"x": 1}), UNKNOWN),
    Row(
        "OR with a strength and a device",
        grant("OR", "compliantDevice", **strength("s-mfa")),
        NOTHING,
    ),
    Row("a new control", grant("OR", "newControl"), UNKNOWN),
    Row("OR with a new control may let in", grant("OR", "mfa", "newControl"), UNKNOWN),
    Row("AND with a new control takes MFA all the same", grant("AND", "mfa", "newControl"), MFA),
    Row(
        "AND with a new control and a device",
        grant("AND", "compliantDevice", "newControl"),
        UNKNOWN,
    ),
    Row(
        "OR with a device lets in, whatever is new",
        grant("OR", "compliantDevice", "newControl"),
        NOTHING,
    ),
    Row("a new operator between two", grant("XOR", "mfa", "compliantDevice"), UNKNOWN),
    Row("no operator between two", grant(None, "mfa", "compliantDevice"), UNKNOWN),
    Row("an operator has nothing to do with one", grant("XOR", "mfa"), MFA),
    Row("a new part of the grant may let in", grant("OR", "mfa", newPart=["x"]), UNKNOWN),
    Row("a new part beside MFA under AND", grant("AND", "mfa", newPart=["x"]), MFA),
    Row("a note of the protocol says nothing", grant("OR", "mfa", **{"a@odata.context": "x"}), MFA),
    Row("controls that are no list", {"operator": "OR", "builtInControls": 1}, UNKNOWN),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_what_a_grant_asks_for(row: Row) -> None:
    """Under OR the least of its ways in, under AND the most; the unrecognised proves nothing."""
    assert read_demand(Said.of(row.told), STRENGTHS) is row.expected


@pytest.mark.parametrize(
    "single",
    [
        *("password", "sms", "voice", "email", "softwareOath", "hardwareOath", "qrCodePin"),
        *("microsoftAuthenticatorPush", "x509CertificateSingleFactor", "federatedSingleFactor"),
    ],
)
def test_a_single_factor_is_no_mfa_whatever_graph_says(single: str) -> None:
    """With a password before it, it may be."""
    alone = frozenset({single.casefold()})
    strength = replace(STRENGTHS["s-mfa"], combinations=frozenset({FIDO2, alone}))
    assert not strength.is_proven_mfa
    second = replace(strength, combinations=frozenset({FIDO2, alone | {"password", "pin"}}))
    assert second.is_proven_mfa


def test_strength_that_is_asked_for() -> None:
    """The one that a grant names, where it is known."""
    known = strengths_of(Said.of(grant("OR", **strength("S-MFA"))), STRENGTHS)
    assert known == (STRENGTHS["s-mfa"],)
    assert strengths_of(Said.of(grant("OR", "mfa")), STRENGTHS) == ()
