"""Whose MFA counts: a federated domain's, and that of a guest's organisation."""

import pytest

from shared.domain.authentication import Unknown
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_tenant.reading import DOMAINS, PARTNERS, TRUST, rows, told_anew
from tests.contract.sweep_world import Sweep, sweep_on_record


@pytest.mark.parametrize(
    ("behaviour", "trusted", "doubtful"),
    [
        ("enforceMfaByFederatedIdp", ("f.example",), set()),
        ("rejectMfaByFederatedIdp", (), set()),
        ("acceptIfMfaDoneByFederatedIdp", (), {"f.example"}),
        (None, (), {"f.example"}),
        ("unknownFutureValue", (), {"f.example"}),
    ],
)
async def test_who_does_the_mfa_of_a_federated_domain(
    graph: RecordedGraph,
    sweep: Sweep,
    behaviour: str | None,
    trusted: tuple[str, ...],
    doubtful: set[str],
) -> None:
    """The provider, Entra ID, or whoever comes first: then nobody can tell."""
    rows(
        graph,
        DOMAINS,
        {"id": "c.example", "authenticationType": "Managed", "isVerified": True},
        {"id": "F.example", "authenticationType": "Federated", "isVerified": True},
        {"id": "g.example", "authenticationType": "Federated", "isVerified": False},
    )
    path = f"{DOMAINS}/F.example/federationConfiguration"
    graph.lists(path, {"id": "x", "federatedIdpMfaBehavior": behaviour})
    found = await sweep.sources.tenant.tenant()
    assert found.trusted_domains == trusted
    assert set(found.doubtful_domains) == doubtful
    assert len(graph.asked) == 13


@pytest.mark.parametrize("attested", [True, None])
async def test_a_staged_rollout_leaves_it_in_doubt_who_signs_in_there(
    graph: RecordedGraph, *, attested: bool | None
) -> None:
    """Unless somebody has said that there is none: Graph tells no application."""
    rows(graph, DOMAINS, {"id": "f.example", "authenticationType": "Federated"})
    path = f"{DOMAINS}/f.example/federationConfiguration"
    graph.lists(path, {"id": "x", "federatedIdpMfaBehavior": "enforceMfaByFederatedIdp"})
    async with sweep_on_record(graph, staged_rollout=attested) as sweep:
        found = await sweep.sources.tenant.tenant()
    assert found.trusted_domains == ()
    assert "Staged Rollout" in found.doubtful_domains["f.example"].reason


async def test_a_federation_of_which_nothing_is_told_is_in_doubt(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """No configuration does not say that the provider does it."""
    rows(graph, DOMAINS, {"id": "f.example", "authenticationType": "Federated"})
    graph.lists(f"{DOMAINS}/f.example/federationConfiguration")
    found = await sweep.sources.tenant.tenant()
    assert found.trusted_domains == ()
    assert set(found.doubtful_domains) == {"f.example"}


async def test_a_federation_that_cannot_be_read_is_in_doubt(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """The other domains are told all the same."""
    rows(graph, DOMAINS, {"id": "f.example", "authenticationType": "Federated"})
    graph.refuses(f"{DOMAINS}/f.example/federationConfiguration", 403, "accessDenied")
    found = await sweep.sources.tenant.tenant()
    assert found.trusted_domains == ()
    assert "Domain.Read.All" in found.doubtful_domains["f.example"].reason


YES, NO = {"isMfaAccepted": True}, {"isMfaAccepted": False}


@pytest.mark.parametrize(
    ("default", "partners", "trusted"),
    [
        (NO, [], False),
        (YES, [], True),
        (None, [], False),
        (YES, [None, YES], True),
        (NO, [None, NO, {}], False),
        (YES, [NO], None),
        (NO, [YES], None),
        (YES, [{"isCompliantDeviceAccepted": True}], None),
    ],
)
async def test_whether_mfa_that_guests_did_at_home_is_trusted(
    graph: RecordedGraph,
    sweep: Sweep,
    default: object,
    partners: list[object],
    trusted: bool | None,  # noqa: FBT001  (what comes out)
) -> None:
    """Of all alike, or nobody can tell: a guest's organisation is not told."""
    told_anew(graph, TRUST, {"inboundTrust": default})
    rows(graph, PARTNERS, *({"tenantId": "x", "inboundTrust": one} for one in partners))
    found = (await sweep.sources.tenant.tenant()).home_mfa_trusted
    assert isinstance(found, Unknown) if trusted is None else found is trusted
