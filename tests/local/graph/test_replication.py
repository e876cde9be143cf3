"""Replication lag: readers of Graph see the past, the control side the truth."""

from uuid import uuid4

import httpx

from tests.stands.graph import GraphControl


def test_a_write_is_read_back_after_the_lag(control: GraphControl, graph: httpx.Client) -> None:
    """The state reads old until the stack's time has passed the lag; the truth is new at once."""
    user = control.create_user()["id"]
    path = f"/beta/users/{user}/authentication/requirements"
    control.lag(30)
    graph.patch(path, json={"perUserMfaState": "enabled"}).raise_for_status()
    assert graph.get(path).json()["perUserMfaState"] == "disabled"
    assert control.truth(user)["perUserMfaState"] == "enabled"
    control.advance(31)
    assert graph.get(path).json()["perUserMfaState"] == "enabled"


def test_a_new_person_is_unknown_until_the_lag_has_passed(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Every read and write of a person who was just created is 404, and no list has them."""
    control.lag(60)
    user = control.create_user()["id"]
    paths = [
        f"/v1.0/users/{user}",
        f"/v1.0/users/{user}/authentication/methods",
        f"/beta/users/{user}/authentication/requirements",
    ]
    only = {"$filter": f"id eq '{user}'"}
    assert [graph.get(path).status_code for path in paths] == [404] * 3
    assert graph.patch(paths[2], json={"perUserMfaState": "enabled"}).status_code == 404
    assert graph.get("/v1.0/users", params=only).json()["value"] == []
    control.advance(61)
    assert [graph.get(path).status_code for path in paths] == [200] * 3
    assert len(graph.get("/v1.0/users", params=only).json()["value"]) == 1


def test_the_automatic_move_is_decided_by_the_truth(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A registration that no reader sees yet still moves the state."""
    user = control.create_user()["id"]
    path = f"/beta/users/{user}/authentication/requirements"
    control.lag(30)
    control.register(user, "microsoftAuthenticator")
    graph.patch(path, json={"perUserMfaState": "enabled"}).raise_for_status()
    assert control.truth(user)["perUserMfaState"] == "enforced"
    assert graph.get(path).json()["perUserMfaState"] == "disabled"


def test_a_deleted_person_is_read_until_the_lag_has_passed(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Deletion lags too."""
    user = control.create_user()["id"]
    control.lag(30)
    graph.delete(f"/v1.0/users/{user}").raise_for_status()
    assert graph.get(f"/v1.0/users/{user}").status_code == 200
    assert control.request("GET", f"users/{user}").status_code == 404
    control.advance(31)
    assert graph.get(f"/v1.0/users/{user}").status_code == 404


def test_an_employee_id_is_found_as_readers_see_it(
    control: GraphControl, graph: httpx.Client
) -> None:
    """After a change the old number finds the person until the lag has passed, then the new one."""
    control.lag(0)
    old, new = uuid4().hex, uuid4().hex
    user = control.create_user(employeeId=old)["id"]
    control.lag(30)
    graph.patch(f"/v1.0/users/{user}", json={"employeeId": new}).raise_for_status()

    def found(number: str) -> list[str]:
        query = {"$filter": f"employeeId eq '{number}'"}
        return [one["id"] for one in graph.get("/v1.0/users", params=query).json()["value"]]

    assert (found(old.upper()), found(new)) == ([user], [])
    control.advance(31)
    assert (found(old), found(new)) == ([], [user])
