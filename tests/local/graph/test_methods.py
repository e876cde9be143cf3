"""`/users/{id}/authentication/methods`: every kind, read by the typed models of both SDKs."""

import httpx
import pytest

from tests.local.graph.clients import beta_client, v1_client
from tests.stands.graph import GraphControl, GraphStand

_PASSWORD = "28c10230-6103-485e-b985-444c60001490"
_MODELS = {
    "microsoftAuthenticator": "MicrosoftAuthenticatorAuthenticationMethod",
    "softwareOath": "SoftwareOathAuthenticationMethod",
    "hardwareOath": "HardwareOathAuthenticationMethod",
    "fido2": "Fido2AuthenticationMethod",
    "windowsHelloForBusiness": "WindowsHelloForBusinessAuthenticationMethod",
    "platformCredential": "PlatformCredentialAuthenticationMethod",
    "mobile": "PhoneAuthenticationMethod",
    "alternateMobile": "PhoneAuthenticationMethod",
    "office": "PhoneAuthenticationMethod",
    "email": "EmailAuthenticationMethod",
    "external": "ExternalAuthenticationMethod",
    "qrCodePin": "QrCodePinAuthenticationMethod",
}
_FIXED_IDS = {
    "mobile": "3179e48a-750b-4051-897c-87b9720928f7",
    "alternateMobile": "b6332ec1-7057-4abe-9331-3d72feddfe41",
    "office": "e37fc753-ff3b-4958-9484-eaa9425c82bc",
    "email": "3ddfcfc8-9383-446f-83cc-3ab9be4be18f",
}


@pytest.fixture
def registered(control: GraphControl) -> str:
    """A person who has registered one method of each kind."""
    user: str = control.create_user()["id"]
    for kind in _MODELS:
        control.register(user, kind)
    return user


async def test_v1_models_read_every_kind_that_v1_declares(
    stand: GraphStand, registered: str
) -> None:
    """Each method becomes its own model, with no field the model does not know."""
    async with v1_client(stand) as client:
        answer = await client.users.by_user_id(registered).authentication.methods.get()
    assert answer is not None
    assert answer.value is not None
    names = [type(method).__name__ for method in answer.value]
    declared = [model for kind, model in _MODELS.items() if kind != "hardwareOath"]
    assert names == ["PasswordAuthenticationMethod", *declared]
    assert all(method.created_date_time is not None for method in answer.value)
    assert [method.additional_data for method in answer.value] == [{}] * len(names)


async def test_beta_models_read_every_kind(stand: GraphStand, registered: str) -> None:
    """Beta has hardware OATH besides, and tells the last use."""
    async with beta_client(stand) as client:
        answer = await client.users.by_user_id(registered).authentication.methods.get()
    assert answer is not None
    assert answer.value is not None
    names = [type(method).__name__ for method in answer.value]
    assert names == ["PasswordAuthenticationMethod", *_MODELS.values()]
    assert [method.additional_data for method in answer.value] == [{}] * len(names)


async def test_one_method_is_read_by_its_id(stand: GraphStand, registered: str) -> None:
    """Both versions answer a single method with its type."""
    async with v1_client(stand) as client:
        methods = client.users.by_user_id(registered).authentication.methods
        one = await methods.by_authentication_method_id(_FIXED_IDS["mobile"]).get()
    assert type(one).__name__ == "PhoneAuthenticationMethod"
    async with beta_client(stand) as beta:
        beta_methods = beta.users.by_user_id(registered).authentication.methods
        again = await beta_methods.by_authentication_method_id(_PASSWORD).get()
    assert type(again).__name__ == "PasswordAuthenticationMethod"


def test_a_new_person_has_the_password_and_nothing_else(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The password is always on the list; it is no sign of registration."""
    user = control.create_user()["id"]
    for version in ("v1.0", "beta"):
        listed = graph.get(f"/{version}/users/{user}/authentication/methods").json()["value"]
        assert [method["id"] for method in listed] == [_PASSWORD]
    assert graph.get(f"/v1.0/users/{user}/authentication/methods/{'0' * 8}").status_code == 404


def test_kinds_that_exist_once_have_their_fixed_ids(control: GraphControl) -> None:
    """Phones and e-mail have the published ids; registering again replaces."""
    user = control.create_user()["id"]
    for kind, fixed in _FIXED_IDS.items():
        for _ in range(2):
            assert control.register(user, kind)["id"] == fixed
    methods = control.truth(user)["methods"]
    assert [method["id"] for method in methods] == [_PASSWORD, *_FIXED_IDS.values()]


def test_other_kinds_can_be_there_twice(control: GraphControl) -> None:
    """A second Authenticator is a second method; the first one stays the default."""
    user = control.create_user()["id"]
    first, second = (control.register(user, "microsoftAuthenticator")["id"] for _ in range(2))
    assert first != second
    assert control.truth(user)["defaultMethod"] == "push"
    assert len(control.truth(user)["methods"]) == 3


@pytest.mark.parametrize("kind", ["password", "alternateMobile", "pigeon"])
def test_what_nobody_can_register_is_refused(control: GraphControl, kind: str) -> None:
    """No password, no alternate mobile before the mobile, no unknown kind."""
    user = control.create_user()["id"]
    answer = control.request("POST", f"users/{user}/register", {"method": kind})
    assert answer.status_code == 400
    assert len(control.truth(user)["methods"]) == 1
