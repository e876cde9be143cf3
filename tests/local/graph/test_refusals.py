"""How Graph says no: status, code and body of every refusal."""

import time
from uuid import uuid4

import httpx
import pytest
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_beta.generated.models.o_data_errors.o_data_error import ODataError as BetaODataError

from tests.local.graph.clients import beta_client, v1_client
from tests.stands.graph import GraphControl, GraphStand


async def test_v1_models_read_a_refusal(stand: GraphStand) -> None:
    """The SDK turns the error body into its own error with code and request ids."""
    async with v1_client(stand) as client:
        with pytest.raises(ODataError) as caught:
            await client.users.by_user_id(str(uuid4())).get()
    error = caught.value.error
    assert caught.value.response_status_code == 404
    assert error is not None
    assert error.code == "Request_ResourceNotFound"
    assert error.inner_error is not None
    assert error.inner_error.request_id
    assert error.inner_error.date is not None


async def test_beta_models_read_a_refusal(stand: GraphStand) -> None:
    """The beta SDK reads the authentication-methods service's own spelling."""
    async with beta_client(stand, roles=["UserAuthenticationMethod.ReadWrite.All"]) as client:
        with pytest.raises(BetaODataError) as caught:
            await client.users.by_user_id(str(uuid4())).authentication.requirements.get()
    assert caught.value.response_status_code == 403
    assert caught.value.error is not None
    assert caught.value.error.code == "accessDenied"


def test_every_answer_has_request_ids(control: GraphControl, graph: httpx.Client) -> None:
    """`request-id` is new each time, `client-request-id` is the client's own, in errors too."""
    mine = str(uuid4())
    good = graph.get("/v1.0/users", headers={"client-request-id": mine})
    bad = graph.get("/v1.0/users/nobody@contoso.example", headers={"client-request-id": mine})
    assert good.headers["client-request-id"] == bad.headers["client-request-id"] == mine
    assert good.headers["request-id"] != bad.headers["request-id"]
    inner = bad.json()["error"]["innerError"]
    assert inner["request-id"] == bad.headers["request-id"]
    assert inner["client-request-id"] == mine
    assert control.requests()[-1]["clientRequestId"] == mine


def _token(control: GraphControl, **fields: object) -> str:
    token: str = control.do("POST", "token", fields)["access_token"]
    return f"Bearer {token}"


@pytest.mark.parametrize(
    "case", ["none", "empty", "garbage", "basic", "tampered", "expired", "audience"]
)
def test_without_a_valid_token_nothing_is_answered(
    stand: GraphStand, control: GraphControl, case: str
) -> None:
    """Missing, malformed, tampered, expired or foreign tokens: 401."""
    good = _token(control)
    header = {
        "none": None,
        "empty": "Bearer",
        "garbage": "Bearer garbage",
        "basic": "Basic YTpi",
        "tampered": good[:-6] + "AAAAAA",
        "expired": _token(control, expiresOn=int(time.time()) - 1),
        "audience": _token(control, audience="https://vault.azure.net"),
    }[case]
    headers = {} if header is None else {"Authorization": header}
    answer = httpx.get(f"{stand.base_url}/v1.0/users", headers=headers, trust_env=False)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert "WWW-Authenticate" in answer.headers


_USER = "/users/{user}"
_REQUIREMENTS = "/beta/users/{user}/authentication/requirements"


@pytest.mark.parametrize(
    ("line", "roles", "code"),
    [
        ("GET /v1.0/users", ["Policy.Read.All"], "Authorization_RequestDenied"),
        (f"GET /v1.0{_USER}", [], "Authorization_RequestDenied"),
        (
            f"GET /v1.0{_USER}?$select=employeeId",
            ["User.ReadBasic.All"],
            "Authorization_RequestDenied",
        ),
        (f"PATCH /v1.0{_USER}", ["User.Read.All"], "Authorization_RequestDenied"),
        (
            f"PATCH /v1.0{_USER}",
            ["User.EnableDisableAccount.All"],
            "Authorization_RequestDenied",
        ),
        (f"DELETE /v1.0{_USER}", ["User.Read.All"], "Authorization_RequestDenied"),
        (
            f"GET /v1.0{_USER}/authentication/methods",
            ["User.Read.All", "Policy.ReadWrite.AuthenticationMethod"],
            "accessDenied",
        ),
        (f"GET {_REQUIREMENTS}", ["UserAuthenticationMethod.ReadWrite.All"], "accessDenied"),
        (
            f"PATCH {_REQUIREMENTS}",
            ["Policy.Read.All", "UserAuthenticationMethod.ReadWrite.All"],
            "accessDenied",
        ),
    ],
)
def test_a_missing_permission_is_refused(
    control: GraphControl, graph: httpx.Client, line: str, roles: list[str], code: str
) -> None:
    """403 in the words of the service asked; nothing is written."""
    user = control.create_user()["id"]
    method, path = line.format(user=user).split(" ", 1)
    body = {"perUserMfaState": "enabled"} if "requirements" in path else {"accountEnabled": False}
    answer = graph.request(
        method,
        path,
        headers={"Authorization": f"Bearer {control.token(roles)}"},
        json=None if method == "GET" else body,
    )
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == code
    truth = control.truth(user)
    assert (truth["perUserMfaState"], truth["accountEnabled"]) == ("disabled", True)


@pytest.mark.parametrize(
    ("line", "roles"),
    [
        ("GET /v1.0/users", ["User.ReadBasic.All"]),
        (f"GET /v1.0{_USER}", ["Directory.Read.All"]),
        (f"PATCH /v1.0{_USER}", ["User.EnableDisableAccount.All", "User.Read.All"]),
        (
            f"GET /v1.0{_USER}/authentication/methods",
            ["UserAuthenticationMethod.Read.All"],
        ),
        (f"GET {_REQUIREMENTS}", ["Policy.Read.All"]),
        (f"GET {_REQUIREMENTS}", ["Policy.ReadWrite.AuthenticationMethod"]),
        (f"PATCH {_REQUIREMENTS}", ["Policy.ReadWrite.AuthenticationMethod"]),
    ],
)
def test_the_least_permission_is_enough(
    control: GraphControl, graph: httpx.Client, line: str, roles: list[str]
) -> None:
    """The least privileged permission of each request works alone."""
    user = control.create_user()["id"]
    method, path = line.format(user=user).split(" ", 1)
    body = {"perUserMfaState": "enabled"} if "requirements" in path else {"accountEnabled": False}
    answer = graph.request(
        method,
        path,
        headers={"Authorization": f"Bearer {control.token(roles)}"},
        json=None if method == "GET" else body,
    )
    assert answer.is_success


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("GET /v2.0/users", 400, "BadRequest"),
        ("GET /v1.0/", 400, "BadRequest"),
        ("GET /v1.0/people2", 400, "BadRequest"),
        (f"GET /v1.0{_USER}/authentication/phones", 400, "BadRequest"),
        (f"GET /v1.0{_USER}?$select=nickname", 400, "BadRequest"),
        (f"GET /v1.0{_USER}?$filter=id eq 'x'", 400, "BadRequest"),
        ("GET /v1.0/users?$top=1&$top=2", 400, "BadRequest"),
        ("GET /v1.0/users?$skip=1", 400, "Request_BadRequest"),
        ("GET /v1.0/users?$skiptoken=junk", 400, "Directory_ExpiredPageToken"),
        (f"GET /v1.0{_USER}/manager", 404, "Request_ResourceNotFound"),
        ("PUT /v1.0/users", 405, "Request_BadRequest"),
        (f"DELETE {_REQUIREMENTS}", 405, "Request_BadRequest"),
        ("GET /v1.0/users?$expand=manager", 501, "notImplemented"),
    ],
)
def test_paths_methods_and_options_are_refused_as_graph_does(
    control: GraphControl, graph: httpx.Client, line: str, status: int, code: str
) -> None:
    """Unknown segments are 400, unknown methods 405; what is not modelled says so."""
    user = control.create_user()["id"]
    method, path = line.format(user=user).split(" ", 1)
    answer = graph.request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
