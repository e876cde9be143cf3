"""Scripted faults, seen by clients."""

import httpx
import pytest
from msgraph.generated.models.o_data_errors.o_data_error import ODataError

from tests.local.graph.clients import v1_client
from tests.stands.graph import GraphControl, GraphStand


def _requirements(control: GraphControl) -> str:
    return f"/beta/users/{control.create_user()['id']}/authentication/requirements"


@pytest.mark.parametrize(
    ("status", "retry_after"), [(429, 7), (429, None), (503, 2), (503, None), (504, None)]
)
def test_a_status_with_and_without_retry_after(
    control: GraphControl, graph: httpx.Client, status: int, retry_after: int | None
) -> None:
    """The answer has Graph's error body, and `Retry-After` only where asked for."""
    fault: dict[str, object] = {"status": status}
    if retry_after is not None:
        fault["retryAfter"] = retry_after
    control.fault("^GET /v1.0/users$", **fault)
    answer = graph.get("/v1.0/users")
    assert answer.status_code == status
    assert answer.json()["error"]["code"]
    assert answer.headers.get("Retry-After") == (None if retry_after is None else str(retry_after))


def test_a_dropped_write_did_not_happen_by_default(
    control: GraphControl, graph: httpx.Client
) -> None:
    """`drop` cuts the connection before the request is handled."""
    path = _requirements(control)
    control.fault("^PATCH ", drop=True)
    with pytest.raises(httpx.TransportError):
        graph.patch(path, json={"perUserMfaState": "enabled"})
    assert graph.get(path).json()["perUserMfaState"] == "disabled"
    assert control.requests()[-2]["status"] is None


@pytest.mark.parametrize("lost", [{"drop": True}, {"status": 503}, {"body": "<html>"}])
def test_an_applied_write_happened_though_its_answer_is_lost(
    control: GraphControl, graph: httpx.Client, lost: dict[str, object]
) -> None:
    """With `applied` the write happens and counts, whatever the client was told."""
    path = _requirements(control)
    writes = control.stats()["writes"]
    control.fault("^PATCH ", applied=True, **lost)
    try:
        answer = graph.patch(path, json={"perUserMfaState": "enabled"})
    except httpx.TransportError:
        assert "drop" in lost
    else:
        assert answer.status_code in {200, 503}
    assert graph.get(path).json()["perUserMfaState"] == "enabled"
    assert control.stats()["writes"] == writes + 1


def test_a_body_is_answered_as_it_is(control: GraphControl, graph: httpx.Client) -> None:
    """Malformed JSON reaches the client, with 200 and a JSON content type."""
    control.fault("^GET /v1.0/users", body='{"value": [')
    answer = graph.get("/v1.0/users")
    assert (answer.status_code, answer.text) == (200, '{"value": [')
    assert answer.headers["Content-Type"] == "application/json"


def test_a_delay_outlives_an_impatient_client(control: GraphControl, graph: httpx.Client) -> None:
    """A client with a shorter time-out gives up; with `applied` its write happened."""
    path = _requirements(control)
    control.fault("^PATCH ", delayMs=60_000, applied=True)
    with pytest.raises(httpx.ReadTimeout):
        graph.patch(path, json={"perUserMfaState": "enabled"}, timeout=0.3)
    assert graph.get(path).json()["perUserMfaState"] == "enabled"


def test_a_short_delay_only_delays(control: GraphControl, graph: httpx.Client) -> None:
    """A fault with nothing but a delay leaves the answer alone."""
    control.fault("^GET /v1.0/users$", delayMs=10)
    assert graph.get("/v1.0/users").status_code == 200
    assert control.requests()[-1]["fault"] is True


def test_every_and_times_choose_the_requests(control: GraphControl, graph: httpx.Client) -> None:
    """Each second match fails, twice, and then no more."""
    control.fault("^GET /v1.0/users$", status=503, every=2, times=2)
    statuses = [graph.get("/v1.0/users").status_code for _ in range(6)]
    assert statuses == [200, 503, 200, 503, 200, 200]


def test_the_first_fault_due_acts(control: GraphControl, graph: httpx.Client) -> None:
    """Two faults on one request: the earlier one; when it is worn out, the later one."""
    control.fault("^GET /v1.0/users$", status=503, times=1)
    control.fault("^GET /v1.0/users$", status=504, times=1)
    assert [graph.get("/v1.0/users").status_code for _ in range(3)] == [503, 504, 200]


def test_the_identity_endpoint_can_fail_too(stand: GraphStand, control: GraphControl) -> None:
    """Faults match the token endpoint like any other path; `/_sim/` never fails."""
    control.fault("/", status=500)
    assert httpx.get(stand.identity_endpoint, trust_env=False).status_code == 500
    assert control.request("GET", "stats").status_code == 200


async def test_the_sdk_sees_a_fault_as_graphs_own(stand: GraphStand, control: GraphControl) -> None:
    """The typed client raises its own error for a scripted status."""
    control.fault("^GET /v1.0/users$", status=500)
    async with v1_client(stand) as client:
        with pytest.raises(ODataError) as caught:
            await client.users.get()
    assert caught.value.response_status_code == 500


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"match": "x"},
        {"match": "(", "status": 503},
        {"match": "x", "status": 99},
        {"match": "x", "retryAfter": 3},
        {"match": "x", "drop": True, "status": 503},
        {"match": "x", "status": 503, "every": 0},
        {"match": "x", "status": 503, "wat": 1},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(
    control: GraphControl, fault: dict[str, object]
) -> None:
    """A typing error in a script is an error, not a fault that never acts."""
    assert control.request("POST", "faults", fault).status_code == 400
    assert control.do("GET", "faults") == []
