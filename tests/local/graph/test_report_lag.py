"""The report of registrations lags behind: it is made anew every few hours."""

from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.local.graph.test_registration_report import REPORT
from tests.stands.graph import GraphControl, GraphStand

_HOURS = 3600


def _row(graph: httpx.Client, user: str) -> dict[str, Any] | None:
    answer = graph.get(f"{REPORT}/{user}")
    assert answer.status_code in {200, 404}
    return answer.json() if answer.status_code == 200 else None


def test_a_new_person_has_no_row_until_the_next_report(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Whoever came since is on no page and is a 404; four hours later they are there."""
    control.do("POST", "report")
    user = control.create_user(displayName="Newest of all")["id"]
    query = {"$filter": "userDisplayName eq 'Newest of all'"}
    control.advance(3 * _HOURS)
    assert _row(graph, user) is None
    assert graph.get(REPORT, params=query).json()["value"] == []
    control.advance(1.1 * _HOURS)
    assert _row(graph, user) is not None
    assert len(graph.get(REPORT, params=query).json()["value"]) == 1


def test_a_registration_shows_in_the_next_report(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The methods, the name and the time of the report are old until it is made anew."""
    user = control.create_user(displayName="Before")["id"]
    control.do("POST", "report")
    old = _row(graph, user)
    control.register(user, "mobile")
    graph.patch(f"/v1.0/users/{user}", json={"displayName": "After"}).raise_for_status()
    assert _row(graph, user) == old
    control.advance(4 * _HOURS)
    new = _row(graph, user)
    assert old is not None
    assert new is not None
    assert (old["methodsRegistered"], old["userDisplayName"]) == ([], "Before")
    assert (new["methodsRegistered"], new["userDisplayName"]) == (["mobilePhone"], "After")
    assert old["lastUpdatedDateTime"] < new["lastUpdatedDateTime"]


def test_a_report_says_what_was_true_when_it_was_due(
    control: GraphControl, graph: httpx.Client
) -> None:
    """What comes after the moment of the last report is not in it, whenever it is read."""
    users = [control.create_user()["id"] for _ in range(2)]
    began = datetime.fromisoformat(control.do("POST", "report")["lastUpdatedDateTime"])
    control.register(users[0], "mobile")
    control.advance(9 * _HOURS)
    control.register(users[0], "email")
    graph.delete(f"/v1.0/users/{users[1]}").raise_for_status()
    row = _row(graph, users[0])
    assert row is not None
    assert row["methodsRegistered"] == ["mobilePhone"]
    age = datetime.fromisoformat(row["lastUpdatedDateTime"]) - began
    assert 0 <= age.total_seconds() - 8 * _HOURS < 1
    assert _row(graph, users[1]) is not None


def test_a_deletion_waits_for_the_report_that_is_due(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Whoever was here when the report was due is in it, deleted or not when it is first read."""
    user = control.create_user()["id"]
    control.advance(5 * _HOURS)
    graph.delete(f"/v1.0/users/{user}").raise_for_status()
    assert _row(graph, user) is not None


def test_a_deleted_person_keeps_the_row_until_the_next_report(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Somebody who is gone from the directory is still reported for hours."""
    user = control.create_user()["id"]
    control.do("POST", "report")
    graph.delete(f"/v1.0/users/{user}").raise_for_status()
    assert graph.get(f"/v1.0/users/{user}").status_code == 404
    assert _row(graph, user) is not None
    control.advance(4 * _HOURS)
    assert _row(graph, user) is None


def test_disabled_accounts_are_not_reported(control: GraphControl, graph: httpx.Client) -> None:
    """A disabled account has no row, from the next report on."""
    user = control.create_user()["id"]
    control.do("POST", "report")
    graph.patch(f"/v1.0/users/{user}", json={"accountEnabled": False}).raise_for_status()
    assert _row(graph, user) is not None
    control.do("POST", "report")
    assert _row(graph, user) is None


def test_the_lag_can_be_chosen(control: GraphControl, graph: httpx.Client) -> None:
    """Another interval begins with a report; without one the report is always true."""
    before = control.create_user()["id"]
    control.do("POST", "switches", {"reportLagSeconds": 60})
    user = control.create_user()["id"]
    assert (_row(graph, before) is None, _row(graph, user)) == (False, None)
    control.advance(61)
    assert _row(graph, user) is not None
    control.do("POST", "switches", {"reportLagSeconds": 0})
    control.register(user, "email")
    row = _row(graph, user)
    assert row is not None
    assert row["methodsRegistered"] == ["email"]


def test_a_fresh_tenants_report_begins_empty(tmp_path: Path) -> None:
    """The first report is of the tenant's start; a load or a restart makes another."""
    with GraphStand(tmp_path) as stand:
        headers = {"Authorization": f"Bearer {stand.control.token()}"}

        def count() -> int:
            url = f"{stand.base_url}{REPORT}"
            answer = httpx.get(url, headers=headers, trust_env=False)
            return len(answer.json()["value"])

        stand.control.create_user()
        assert count() == 0
        stand.control.do("POST", "load", {"users": 3, "seed": 1})
        loaded = count()
        stand.control.create_user()
        assert count() == loaded > 0
        stand.stop()
        stand.start()
        assert count() == loaded + 1
