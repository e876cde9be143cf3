"""Who somebody is."""

import pytest

from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.errors.directory import PermissionMissing
from tests.contract.one_person.asking import KIM
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_world import Sweep, to_the_end
from tests.stands.graph import GraphControl

ROW = (
    "user_id",
    "sign_in_name",
    "display_name",
    "department",
    "enabled",
    "guest",
    "licensed",
    "numbered",
    "since",
    "agent",
)


async def test_a_person_is_the_same_by_id_and_by_sign_in_name(
    live: Sweep, tenant: GraphControl
) -> None:
    """An invited person's name holds a character that would end an address."""
    name = "One.Person_fabrikam.example#EXT#@contoso.example"
    made = tenant.create_user(userPrincipalName=name, userType="Guest", employeeId="E-1")
    read = live.sources.one_person
    found = await read.person(made["id"])
    assert found is not None
    assert (found.user_id, found.sign_in_name) == (made["id"], name)
    assert (found.guest, found.numbered) == (GuestKind.COLLABORATION_GUEST, True)
    assert await read.person(name) == await read.person(name.lower()) == found
    assert await read.person(made["id"].upper()) == found


async def test_a_person_is_as_the_sweep_reads_them(live: Sweep, tenant: GraphControl) -> None:
    """The same row but for the state, which is read on its own."""
    made = tenant.create_user(
        userPrincipalName="one-as-many@contoso.example", department="Sales", accountEnabled=False
    )
    everybody = await to_the_end(live.sources.people.people)
    (swept,) = (row for row in everybody if row.user_id == made["id"])
    person = await live.sources.one_person.person(made["id"])
    assert person is not None
    assert (person.department, person.enabled) == ("Sales", False)
    assert {name: getattr(person, name) for name in ROW} == {
        name: getattr(swept, name) for name in ROW
    }


async def test_there_is_nobody_of_a_name(live: Sweep) -> None:
    """That is no trouble, by id and by sign-in name."""
    for name in (KIM, "nobody@contoso.example", "nobody_x.example#EXT#@contoso.example"):
        assert await live.sources.one_person.person(name) is None


async def test_without_the_right_to_read_people_nobody_is_called_gone(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """A refusal is no absence."""
    graph.refuses(f"/v1.0/users/{KIM}", 403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing, match=r"User\.Read\.All"):
        await recorded.sources.one_person.person(KIM)


async def test_who_waits_is_served_first(graph: RecordedGraph, recorded: Sweep) -> None:
    """Other than for a sweep, nothing asks to be put off."""
    graph.says(f"/v1.0/users/{KIM}", {"id": KIM.upper(), "userPrincipalName": "k@contoso.example"})
    found = await recorded.sources.one_person.person(KIM)
    assert found is not None
    assert found.user_id == KIM
    assert [one.headers["x-ms-throttle-priority"] for one in graph.asked] == ["normal"]
    assert "perUserMfaState" not in graph.asked[0].query["$select"]


async def test_no_address_holds_a_sign_in_name_in_the_clear_log(
    live: Sweep, tenant: GraphControl, caplog: pytest.LogCaptureFixture
) -> None:
    """Graph wants the name in its address; our log does not."""
    caplog.set_level("INFO")
    tenant.create_user(userPrincipalName="one-logged@contoso.example")
    assert await live.sources.one_person.person("one-logged@contoso.example") is not None
    assert "one-logged" not in caplog.text
    assert "person.read" in caplog.text
