"""Throttling by the published buckets."""

import httpx
import pytest

from tests.stands.graph import GraphControl


def _statuses(graph: httpx.Client, path: str, count: int) -> list[int]:
    return [graph.get(path).status_code for _ in range(count)]


def test_it_is_off_unless_switched_on(control: GraphControl, graph: httpx.Client) -> None:
    """Without a word about throttling nothing is throttled, and no cost is told."""
    answer = graph.get("/v1.0/users?$top=1")
    assert answer.status_code == 200
    assert "x-ms-resource-unit" not in answer.headers
    assert control.do("POST", "throttling", {})["enabled"] is False


def test_an_empty_bucket_is_429_until_its_retry_after_has_passed(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The wait that `Retry-After` tells is enough."""
    control.do("POST", "throttling", {"enabled": True, "limitScale": 0.001, "timeScale": 100})
    user = f"/v1.0/users/{control.create_user()['id']}"
    statuses = _statuses(graph, user, 10)
    assert statuses[0] == 200
    assert statuses[-1] == 429
    refused = graph.get(user)
    assert refused.json()["error"]["code"] == "TooManyRequests"
    assert refused.headers["x-ms-throttle-scope"]
    control.advance(int(refused.headers["Retry-After"]))
    assert graph.get(user).status_code == 200


def test_applications_have_buckets_of_their_own(control: GraphControl, graph: httpx.Client) -> None:
    """One application's load does not throttle another; writes and reads are apart as well."""
    control.do("POST", "throttling", {"enabled": True, "limitScale": 0.001, "timeScale": 1000})
    path = f"/v1.0/users/{control.create_user()['id']}"
    assert _statuses(graph, path, 10)[-1] == 429
    assert graph.patch(path, json={"jobTitle": "x"}).status_code == 204
    other = control.do("POST", "token", {"appId": "another"})["access_token"]
    assert graph.get(path, headers={"Authorization": f"Bearer {other}"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("/v1.0/users", 2),
        ("/v1.0/users?$select=id", 1),
        ("/v1.0/users?$top=20", 2),
        ("/v1.0/users?$top=19", 1),
        ("/v1.0/users?$top=19&$select=id", 1),
    ],
)
def test_requests_cost_what_is_published(
    control: GraphControl, graph: httpx.Client, path: str, units: int
) -> None:
    """Reading users costs 2; `$select` and a small page make it cheaper; never below 1."""
    control.do("POST", "throttling", {"enabled": True})
    assert graph.get(path).headers["x-ms-resource-unit"] == str(units)


def test_authentication_methods_publish_no_limit(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The authentication-methods service is not throttled."""
    control.do("POST", "throttling", {"enabled": True, "limitScale": 0.0001, "timeScale": 1000})
    path = f"/v1.0/users/{control.create_user()['id']}/authentication/methods"
    assert set(_statuses(graph, path, 20)) == {200}


_REPORT = "/reports/authenticationMethods/userRegistrationDetails"
_AUDITS = "/auditLogs/directoryAudits"


def test_all_reports_share_five_requests_in_ten_seconds(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The report of registrations and the audit log empty the same bucket, on both versions."""
    control.do("POST", "throttling", {"enabled": True})
    paths = [f"/v1.0{_REPORT}", f"/beta{_REPORT}", f"/v1.0{_AUDITS}", f"/v1.0{_REPORT}/x"]
    assert 429 not in {graph.get(path).status_code for path in (*paths, paths[0])}
    assert {graph.get(path).status_code for path in paths} == {429}
    assert graph.get("/v1.0/users").status_code == 200
    control.advance(10)
    assert graph.get(paths[0]).status_code == 200


def test_the_requests_of_a_batch_are_charged_one_by_one(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Those that find the bucket empty are 429 with a wait of their own; the batch is 200."""
    control.do("POST", "throttling", {"enabled": True})
    urls = [_REPORT] * 7 + ["/users?$top=1"]
    steps = [{"id": str(number), "method": "GET", "url": url} for number, url in enumerate(urls)]
    answer = graph.post("/v1.0/$batch", json={"requests": steps})
    answers = {one["id"]: one for one in answer.json()["responses"]}
    assert answer.status_code == 200
    assert "Retry-After" not in answer.headers
    assert [answers[str(number)]["status"] for number in range(8)] == [200] * 5 + [429] * 2 + [200]
    assert all(int(answers[key]["headers"]["Retry-After"]) > 0 for key in ("5", "6"))


def test_the_members_of_a_group_cost_more_with_those_of_its_groups(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Direct members cost 3, transitive ones 5; `$select` takes one off."""
    group = control.do("POST", "groups", {"displayName": "Any"})["id"]
    control.do("POST", "throttling", {"enabled": True})
    costs = {"members": "3", "transitiveMembers": "5", "transitiveMembers?$select=id": "4"}
    for path, units in costs.items():
        answer = graph.get(f"/v1.0/groups/{group}/{path}")
        assert answer.headers["x-ms-resource-unit"] == units
