"""The process: start, stop, restart, and a population that can be made again."""

from pathlib import Path

import httpx

from local.clock import StackClock
from tests.stands.graph import GraphStand


def test_a_stopped_tenant_comes_back_as_it_was(tmp_path: Path) -> None:
    """People, groups, roles, domains, switches, tokens outlive SIGTERM; conditions do not."""
    stand = GraphStand(tmp_path)
    with stand:
        user = stand.control.create_user()["id"]
        stand.control.register(user, "mobile")
        stand.control.do("POST", "switches", {"bulkPerUserMfaState": "refused"})
        stand.control.fault("/", status=500)
        group = stand.control.do("POST", "groups", {"displayName": "G", "owners": [user]})
        stand.control.do("POST", "roles", {"displayName": "R", "members": [user]})
        stand.control.do("POST", "domains", {"id": "fabrikam.example"})
        before, log = stand.control.truth(user), stand.control.do("GET", "audit")
        headers = {"Authorization": f"Bearer {stand.control.token()}"}
        assert stand.stop() == 0
        stand.start()
        assert stand.control.truth(user) == before
        assert stand.control.do("GET", "audit") == log != []
        assert stand.control.do("GET", "faults") == []
        assert stand.control.do("GET", f"groups/{group['id']}") == group
        for path, count in (("roleManagement/directory/roleAssignments", 1), ("domains", 2)):
            url = f"{stand.base_url}/v1.0/{path}"
            listed = httpx.get(url, headers=headers, trust_env=False).json()["value"]
            assert len(listed) == count
        url = f"{stand.base_url}/v1.0/users/{user}"
        assert httpx.get(url, headers=headers, trust_env=False).status_code == 200
        bulk = httpx.get(f"{url}?$select=perUserMfaState", headers=headers, trust_env=False)
        assert bulk.status_code == 400


def test_a_killed_tenant_starts_again_from_its_last_snapshot(tmp_path: Path) -> None:
    """SIGKILL loses what came after the last clean stop, and nothing else."""
    stand = GraphStand(tmp_path)
    with stand:
        kept = stand.control.create_user()["id"]
        stand.stop()
        stand.start()
        lost = stand.control.create_user()["id"]
        stand.kill()
        stand.start()
        assert stand.control.request("GET", f"users/{kept}").status_code == 200
        assert stand.control.request("GET", f"users/{lost}").status_code == 404


def test_the_clock_is_shared_with_the_stack(tmp_path: Path) -> None:
    """A jump made through the tenant is seen in the clock file, and the other way round."""
    with GraphStand(tmp_path) as stand, StackClock(tmp_path / "clock") as clock:
        stand.control.advance(3600)
        assert clock.offset() == 3600
        clock.advance(86_400)
        created = stand.control.create_user()["createdDateTime"]
        assert created[:13] == clock.now().isoformat()[:13]


def test_the_same_seed_makes_the_same_people(tmp_path: Path) -> None:
    """A population is reproducible, and cannot be loaded twice."""
    with GraphStand(tmp_path, arguments=["--users", "40", "--seed", "7"]) as stand:
        headers = {"Authorization": f"Bearer {stand.control.token()}"}
        url = f"{stand.base_url}/v1.0/users?$select=id,userPrincipalName,perUserMfaState"
        first = httpx.get(url, headers=headers, trust_env=False).json()["value"]
        again = stand.control.request("POST", "load", {"users": 40, "seed": 7})
        assert again.status_code == 409
        stand.control.do("POST", "load", {"users": 3, "seed": 8})
        assert len(httpx.get(url, headers=headers, trust_env=False).json()["value"]) == 43
    directory = tmp_path / "other"
    with GraphStand(directory) as stand:
        stand.control.do("POST", "load", {"users": 40, "seed": 7})
        headers = {"Authorization": f"Bearer {stand.control.token()}"}
        url = f"{stand.base_url}/v1.0/users?$select=id,userPrincipalName,perUserMfaState"
        assert httpx.get(url, headers=headers, trust_env=False).json()["value"] == first
    assert {person["perUserMfaState"] for person in first} == {"disabled", "enabled", "enforced"}


def test_a_restart_ends_the_page_tokens_of_positions(tmp_path: Path) -> None:
    """A page of users that was begun before the restart is refused, and begins anew."""
    with GraphStand(tmp_path) as stand:
        stand.control.do("POST", "load", {"users": 30, "seed": 7})
        headers = {"Authorization": f"Bearer {stand.control.token()}"}
        url = f"{stand.base_url}/v1.0/users?$top=9"
        link = httpx.get(url, headers=headers, trust_env=False).json()["@odata.nextLink"]
        stand.stop()
        stand.start()
        refused = httpx.get(link, headers=headers, trust_env=False)
        assert refused.json()["error"]["code"] == "Directory_ExpiredPageToken"
        assert httpx.get(url, headers=headers, trust_env=False).status_code == 200
