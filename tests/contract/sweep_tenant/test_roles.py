"""Who holds directory roles, and who may activate them."""

from shared.domain.authentication import Unknown
from shared.domain.sweep.tenant import Holding
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_tenant.reading import ADMIN, ELIGIBLE, GROUPS, HELD, refused, rows
from tests.contract.sweep_world import Sweep


async def test_who_holds_roles(graph: RecordedGraph, sweep: Sweep) -> None:
    """In small letters; a scope that is not the whole tenant is told apart."""
    assigned = {"principalId": "KIM", "roleDefinitionId": ADMIN.upper(), "directoryScopeId": "/"}
    scoped = {**assigned, "directoryScopeId": "/administrativeUnits/x"}
    by_app = {**assigned, "directoryScopeId": None}
    rows(graph, HELD, assigned, scoped, by_app)
    rows(graph, ELIGIBLE, assigned)
    rows(graph, GROUPS, {"id": "KIM"})
    found = await sweep.sources.tenant.tenant()
    wide = Holding(principal_id="kim", role=ADMIN, tenant_wide=True)
    narrow = Holding(principal_id="kim", role=ADMIN, tenant_wide=False)
    assert found.held == (wide, narrow, narrow)
    assert found.eligible == (wide,)
    assert found.role_groups == frozenset({"kim"})


async def test_without_the_licence_nobody_is_eligible(graph: RecordedGraph, sweep: Sweep) -> None:
    """There is no PIM; of roles that are held that says nothing."""
    refused(graph, ELIGIBLE, 400, "AadPremiumLicenseRequired")
    refused(graph, HELD, 400, "AadPremiumLicenseRequired")
    found = await sweep.sources.tenant.tenant()
    assert found.eligible == ()
    assert isinstance(found.held, Unknown)
