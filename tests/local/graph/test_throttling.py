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
