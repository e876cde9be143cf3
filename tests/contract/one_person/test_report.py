"""What the registration report tells of one person."""

import pytest

from shared.domain.errors.directory import LicenceMissing
from shared.domain.posture.means import Means
from tests.contract.one_person.asking import KIM, REPORTED
from tests.contract.privilege_worlds import Roles
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_world import Sweep, to_the_end, turns
from tests.stands.graph import GraphControl


async def test_the_report_tells_of_one_person(live: Sweep, tenant: GraphControl) -> None:
    """What it tells of them in the list of all, in its turn."""
    made = tenant.create_user(userPrincipalName="one-reported@contoso.example")
    read = live.sources.one_person
    assert await read.reported(made["id"]) is None
    tenant.do("POST", "report")
    found = await read.reported(made["id"])
    assert found is not None
    assert found.user_id == made["id"]
    assert found in await to_the_end(live.sources.people.registrations)
    assert turns(live)[0] >= 2


async def test_a_row_without_what_it_is_for_tells_nothing(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """Methods that are left out are not none."""
    row = {"id": KIM, "isMfaCapable": True, "isSsprRegistered": True}
    graph.says(REPORTED, row)
    assert await recorded.sources.one_person.reported(KIM) is None
    graph.forget(REPORTED)
    graph.says(REPORTED, {**row, "methodsRegistered": ["microsoftAuthenticatorPush"]})
    found = await recorded.sources.one_person.reported(KIM)
    assert found is not None
    assert found.means == {Means.AUTHENTICATOR_PUSH}
    assert (found.capable, found.sspr_registered, found.sspr_capable) == (True, True, False)


async def test_without_the_licence_there_is_no_report(
    live: Sweep, tenant: GraphControl, roles: Roles
) -> None:
    """That is not that it tells nothing of somebody."""
    tenant.do("POST", "switches", {"licence": "free"})
    with pytest.raises(LicenceMissing):
        await live.sources.one_person.reported(roles.person())
