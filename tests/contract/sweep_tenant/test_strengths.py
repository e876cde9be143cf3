"""Authentication strengths: what reaches them, and what of that is in doubt."""

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.policies import Demand, Policy
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_tenant.reading import POLICIES, STRENGTHS, policy, refused, rows, settings
from tests.contract.sweep_world import Sweep

STRENGTH = {
    "id": "5A",
    "displayName": "Our keys",
    "policyType": "custom",
    "requirementsSatisfied": "mfa",
    "allowedCombinations": ["fido2", "password, microsoftAuthenticatorPush"],
    "combinationConfigurations": [],
}
OUR_KEYS = {
    "@odata.type": "#microsoft.graph.fido2CombinationConfiguration",
    "allowedAAGUIDs": ["AA", "bb"],
    "appliesToCombinations": ["fido2"],
}
OUR_ISSUER = {
    "@odata.type": "#microsoft.graph.x509CertificateCombinationConfiguration",
    "allowedIssuerSkis": ["9a"],
    "appliesToCombinations": ["x509CertificateMultiFactor"],
}
FIDO2 = frozenset({"fido2"})
CERTIFICATE = frozenset({"x509certificatemultifactor"})


async def asking_for(graph: RecordedGraph, sweep: Sweep, **changed: object) -> Policy:
    """A policy that asks for a strength of the tenant's own, as it is read."""
    grant = {"operator": "OR", "authenticationStrength": {"id": "5a"}}
    rows(graph, STRENGTHS, {**STRENGTH, **changed})
    rows(graph, POLICIES, {**policy(), "grantControls": grant})
    return await the_policy(sweep)


async def the_policy(sweep: Sweep) -> Policy:
    """The only policy that there is."""
    found = (await settings(sweep)).policies
    assert not isinstance(found, Unknown)
    (one,) = found
    return one


async def test_a_strength_tells_what_reaches_it(graph: RecordedGraph, sweep: Sweep) -> None:
    """Its combinations, and which models of passkeys."""
    one = await asking_for(graph, sweep, combinationConfigurations=[OUR_KEYS])
    assert one.demand is Demand.MFA
    (told,) = one.strengths
    assert told.strength_id == "5a"
    assert told.combinations == {FIDO2, frozenset({"password", "microsoftauthenticatorpush"})}
    assert told.keys == frozenset({"aa", "bb"})
    assert told.doubtful == frozenset()


@pytest.mark.parametrize(
    ("configuration", "doubtful"),
    [
        (OUR_ISSUER, CERTIFICATE),
        ({**OUR_KEYS, "allowedAAGUIDs": []}, FIDO2),
        ({**OUR_KEYS, "appliesToCombinations": ["x509CertificateMultiFactor"]}, CERTIFICATE),
        ({"@odata.type": "#microsoft.graph.new", "appliesToCombinations": ["fido2"]}, FIDO2),
    ],
)
async def test_what_a_strength_demands_beyond_that_is_in_doubt(
    graph: RecordedGraph, sweep: Sweep, configuration: object, doubtful: frozenset[str]
) -> None:
    """Nobody can tell from here whose certificate is of the right issuer."""
    one = await asking_for(graph, sweep, combinationConfigurations=[configuration])
    (told,) = one.strengths
    assert told.doubtful == {doubtful}
    assert told.keys is None


async def test_a_strength_that_is_no_mfa(graph: RecordedGraph, sweep: Sweep) -> None:
    """Graph says so; it requires nothing."""
    one = await asking_for(graph, sweep, requirementsSatisfied="none")
    assert one.demand is Demand.NOTHING


@pytest.mark.parametrize("said", [None, "unknownFutureValue"])
async def test_a_strength_of_which_graph_does_not_say_whether_it_is_mfa(
    graph: RecordedGraph, sweep: Sweep, said: str | None
) -> None:
    """It is as likely to be MFA as not."""
    one = await asking_for(graph, sweep, requirementsSatisfied=said)
    assert one.demand is Demand.UNKNOWN


@pytest.mark.parametrize(
    "changed", [{"combinationConfigurations": None}, {"allowedCombinations": None}, {"id": "other"}]
)
async def test_a_strength_that_is_not_all_told_leaves_the_demand_in_doubt(
    graph: RecordedGraph, sweep: Sweep, changed: dict[str, object]
) -> None:
    """As does one that cannot be read at all."""
    one = await asking_for(graph, sweep, **changed)
    assert one.demand is Demand.UNKNOWN
    refused(graph, STRENGTHS, 403, "Authorization_RequestDenied")
    assert await the_policy(sweep) == one
