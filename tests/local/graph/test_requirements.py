"""`/users/{id}/authentication/requirements`: the per-user MFA state."""

import httpx
import pytest
from msgraph_beta.generated.models.per_user_mfa_state import PerUserMfaState
from msgraph_beta.generated.models.strong_authentication_requirements import (
    StrongAuthenticationRequirements,
)

from tests.local.graph.clients import beta_client
from tests.stands.graph import GraphControl, GraphStand


def _path(user: str, version: str = "beta") -> str:
    return f"/{version}/users/{user}/authentication/requirements"


async def test_the_beta_client_reads_and_writes_the_state(
    stand: GraphStand, control: GraphControl
) -> None:
    """The typed beta client sees `disabled`, writes `enabled`, and reads it back."""
    user = control.create_user()["id"]
    async with beta_client(stand) as client:
        requirements = client.users.by_user_id(user).authentication.requirements
        before = await requirements.get()
        await requirements.patch(
            StrongAuthenticationRequirements(per_user_mfa_state=PerUserMfaState.Enabled)
        )
        after = await requirements.get()
    assert before is not None
    assert before.per_user_mfa_state is PerUserMfaState.Disabled
    assert after is not None
    assert after.per_user_mfa_state is PerUserMfaState.Enabled


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_v1_does_not_have_it(control: GraphControl, graph: httpx.Client, method: str) -> None:
    """v1.0 refuses the segment; nothing is written."""
    user = control.create_user()["id"]
    body = {"perUserMfaState": "enabled"}
    answer = graph.request(method, _path(user, "v1.0"), json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        "Resource not found for the segment 'requirements'."
    )
    assert control.truth(user)["perUserMfaState"] == "disabled"


@pytest.mark.parametrize(
    "body",
    [
        {"perUserMfaState": "on"},
        {"perUserMfaState": "Enabled"},
        {"perUserMfaState": "unknownFutureValue"},
        {"perUserMfaState": None},
        {"perUserMfaState": 1},
        {"perUserMfaState": "enabled", "more": True},
        {},
        [],
    ],
)
def test_other_values_are_refused(control: GraphControl, graph: httpx.Client, body: object) -> None:
    """Only the three states can be written, and nothing beside them."""
    user = control.create_user()["id"]
    assert graph.patch(_path(user), json=body).status_code == 400
    assert control.truth(user)["perUserMfaState"] == "disabled"


@pytest.mark.parametrize(
    ("headers", "content"),
    [({"Content-Type": "text/plain"}, "{}"), ({"Content-Type": "application/json"}, "{")],
)
def test_a_body_that_is_not_json_is_refused(
    control: GraphControl, graph: httpx.Client, headers: dict[str, str], content: str
) -> None:
    """A write needs a JSON content type and JSON."""
    user = control.create_user()["id"]
    answer = graph.patch(_path(user), headers=headers, content=content)
    assert answer.status_code == 400


def test_registering_while_enabled_moves_to_enforced(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The person registers a strong method and is enforced; e-mail does not do it."""
    user = control.create_user()["id"]
    graph.patch(_path(user), json={"perUserMfaState": "enabled"}).raise_for_status()
    for weak in ("email", "windowsHelloForBusiness"):
        control.register(user, weak)
        assert control.truth(user)["perUserMfaState"] == "enabled"
    control.register(user, "microsoftAuthenticator")
    assert graph.get(_path(user)).json()["perUserMfaState"] == "enforced"


def test_enabling_a_registered_person_moves_to_enforced(
    control: GraphControl, graph: httpx.Client
) -> None:
    """PATCH `enabled` on a person with a method reads back `enforced`."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    graph.patch(_path(user), json={"perUserMfaState": "enabled"}).raise_for_status()
    assert graph.get(_path(user)).json()["perUserMfaState"] == "enforced"


def test_a_person_enabled_again_may_stay_enabled(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Where switched so, only a new registration moves a person who was enabled before."""
    control.do("POST", "switches", {"enabledAgainStaysEnabled": True})
    user = control.create_user()["id"]
    control.register(user, "mobile")
    for state, expected in [
        ("enabled", "enforced"),
        ("disabled", "disabled"),
        ("enabled", "enabled"),
    ]:
        graph.patch(_path(user), json={"perUserMfaState": state}).raise_for_status()
        assert control.truth(user)["perUserMfaState"] == expected
    control.register(user, "mobile")
    assert control.truth(user)["perUserMfaState"] == "enforced"
