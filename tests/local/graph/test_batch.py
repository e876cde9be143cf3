"""`$batch`: many requests in one."""

from typing import Any

import httpx
import pytest

from tests.stands.graph import GraphControl


def _step(number: int, url: str, method: str = "GET", **more: object) -> dict[str, object]:
    return {"id": str(number), "method": method, "url": url, **more}


def _enable(number: int, user: str, **more: object) -> dict[str, object]:
    return _step(
        number,
        f"/users/{user}/authentication/requirements",
        "PATCH",
        headers={"Content-Type": "application/json"},
        body={"perUserMfaState": "enabled"},
        **more,
    )


def _post(graph: httpx.Client, *steps: object, version: str = "beta") -> dict[str, Any]:
    answer = graph.post(f"/{version}/$batch", json={"requests": steps})
    assert answer.status_code == 200
    return {response["id"]: response for response in answer.json()["responses"]}


def test_each_step_has_its_own_status(control: GraphControl, graph: httpx.Client) -> None:
    """The batch is 200 whatever becomes of its steps, and the writes are done."""
    user = control.create_user()["id"]
    answers = _post(
        graph, _enable(1, user), _enable(2, "nobody"), _step(3, f"/users/{user}?$select=id")
    )
    assert {number: answer["status"] for number, answer in answers.items()} == {
        "1": 204,
        "2": 404,
        "3": 200,
    }
    assert answers["3"]["body"]["id"] == user
    assert control.truth(user)["perUserMfaState"] == "enabled"


def test_a_batch_is_of_one_version(control: GraphControl, graph: httpx.Client) -> None:
    """What v1.0 does not have, a v1.0 batch does not have."""
    user = control.create_user()["id"]
    assert _post(graph, _enable(1, user), version="v1.0")["1"]["status"] == 400
    assert control.truth(user)["perUserMfaState"] == "disabled"


def test_a_step_that_depends_on_a_failed_one_is_424(
    control: GraphControl, graph: httpx.Client
) -> None:
    """It is not done, nor is what depends on it; what depends on success is."""
    user = control.create_user()["id"]
    answers = _post(
        graph,
        _enable(3, user, dependsOn=["2"]),
        _step(2, "/users/nobody", dependsOn=["1"]),
        _step(1, f"/users/{user}"),
        _step(4, f"/users/{user}", dependsOn=["3"]),
    )
    assert [answers[number]["status"] for number in ("1", "2", "3", "4")] == [200, 404, 424, 424]
    assert control.truth(user)["perUserMfaState"] == "disabled"


def test_steps_are_throttled_one_by_one(control: GraphControl, graph: httpx.Client) -> None:
    """A fault with a status hits the step and not the batch, with its `Retry-After`."""
    user = control.create_user()["id"]
    control.fault("^GET /beta/users/", status=429, retryAfter=9, times=1)
    answers = _post(graph, _step(1, f"/users/{user}"), _step(2, f"/users/{user}"))
    assert (answers["1"]["status"], answers["1"]["headers"]["Retry-After"]) == (429, "9")
    assert answers["2"]["status"] == 200


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{"id": "1", "method": "GET"}],
        [_step(1, "/users"), _step(1, "/users")],
        [_step(1, "/users", dependsOn=["2"])],
        [_step(1, "/users", dependsOn=["2"]), _step(2, "/users", dependsOn=["1"])],
        [_step(1, "/$batch", "POST")],
        [_step(number, "/users/$count") for number in range(21)],
    ],
)
def test_a_batch_that_makes_no_sense_is_refused(
    graph: httpx.Client, steps: list[dict[str, object]]
) -> None:
    """No steps, more than 20, double ids, unknown or circular dependencies, batches inside: 400."""
    assert graph.post("/v1.0/$batch", json={"requests": steps}).status_code == 400
    assert graph.get("/v1.0/$batch").status_code == 405
