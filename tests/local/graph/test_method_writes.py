"""Adding, changing and deleting authentication methods, each kind by its own path."""

from typing import Any

import httpx
import pytest
from msgraph.generated.models.authentication_phone_type import AuthenticationPhoneType
from msgraph.generated.models.email_authentication_method import EmailAuthenticationMethod
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.phone_authentication_method import PhoneAuthenticationMethod
from msgraph_beta.generated.models.sign_in_preferences import SignInPreferences
from msgraph_beta.generated.models.user_default_authentication_method_type import (
    UserDefaultAuthenticationMethodType,
)

from tests.local.graph.clients import beta_client, v1_client
from tests.stands.graph import GraphControl, GraphStand

_MOBILE = "3179e48a-750b-4051-897c-87b9720928f7"
_ALTERNATE = "b6332ec1-7057-4abe-9331-3d72feddfe41"
_EMAIL = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f"
_PASSWORD = "28c10230-6103-485e-b985-444c60001490"
_PHONE = {"phoneNumber": "+1 2065550100", "phoneType": "mobile"}
_PATHS = {
    "microsoftAuthenticator": "microsoftAuthenticatorMethods",
    "softwareOath": "softwareOathMethods",
    "fido2": "fido2Methods",
    "windowsHelloForBusiness": "windowsHelloForBusinessMethods",
    "platformCredential": "platformCredentialMethods",
    "external": "externalAuthenticationMethods",
    "mobile": "phoneMethods",
    "office": "phoneMethods",
    "email": "emailMethods",
}


def _of(user: str, version: str = "v1.0") -> str:
    return f"/{version}/users/{user}/authentication"


def _kinds(control: GraphControl, user: str) -> list[str]:
    methods = control.truth(user)["methods"]
    return [str(held["@odata.type"]).rpartition(".")[2] for held in methods]


async def test_v1_models_add_change_and_delete_a_phone(
    stand: GraphStand, control: GraphControl
) -> None:
    """A number has its type's fixed id; the type is there once and keeps its name."""
    user = control.create_user()["id"]
    async with v1_client(stand) as client:
        phones = client.users.by_user_id(user).authentication.phone_methods
        body = PhoneAuthenticationMethod(
            phone_number="+1 2065550100", phone_type=AuthenticationPhoneType.Mobile
        )
        made = await phones.post(body)
        with pytest.raises(ODataError) as twice:
            await phones.post(body)
        one = phones.by_phone_authentication_method_id(_MOBILE)
        await one.patch(PhoneAuthenticationMethod(phone_number="+44 2079460000x12"))
        changed = await one.get()
        listed = await phones.get()
        await one.delete()
    assert made is not None
    assert made.id == _MOBILE
    assert twice.value.response_status_code == 400
    assert changed is not None
    assert changed.phone_number == "+44 2079460000x12"
    assert listed is not None
    assert len(listed.value or []) == 1
    assert _kinds(control, user) == ["passwordAuthenticationMethod"]


async def test_v1_models_add_change_and_delete_an_email(
    stand: GraphStand, control: GraphControl
) -> None:
    """One address for a person; nothing stops the tenant's own domain, so the caller must."""
    user = control.create_user()["id"]
    async with v1_client(stand) as client:
        emails = client.users.by_user_id(user).authentication.email_methods
        body = EmailAuthenticationMethod(email_address="kim@contoso.example")
        made = await emails.post(body)
        with pytest.raises(ODataError) as twice:
            await emails.post(body)
        one = emails.by_email_authentication_method_id(_EMAIL)
        await one.patch(EmailAuthenticationMethod(email_address="kim@example.com"))
        changed = await one.get()
        await one.delete()
    assert made is not None
    assert made.id == _EMAIL
    assert twice.value.response_status_code == 400
    assert changed is not None
    assert changed.email_address == "kim@example.com"
    assert _kinds(control, user) == ["passwordAuthenticationMethod"]


async def test_beta_models_choose_the_default_method(
    stand: GraphStand, control: GraphControl
) -> None:
    """The preference is one of the person's own methods."""
    user = control.create_user()["id"]
    for kind in ("microsoftAuthenticator", "mobile"):
        control.register(user, kind)
    async with beta_client(stand) as client:
        preferences = client.users.by_user_id(user).authentication.sign_in_preferences
        read = await preferences.get()
        assert read is not None
        assert read.user_preferred_method_for_secondary_authentication == "push"
        chosen = UserDefaultAuthenticationMethodType.VoiceMobile
        await preferences.patch(
            SignInPreferences(user_preferred_method_for_secondary_authentication=chosen)
        )
    assert control.truth(user)["defaultMethod"] == "sms"


@pytest.mark.parametrize(("kind", "path"), _PATHS.items())
def test_each_kind_is_deleted_by_its_own_path(
    control: GraphControl, graph: httpx.Client, kind: str, path: str
) -> None:
    """204 by its path, 404 by another's and the second time."""
    user = control.create_user()["id"]
    made = control.register(user, kind)["id"]
    other = "fido2Methods" if path != "fido2Methods" else "emailMethods"
    statuses = [
        graph.delete(f"{_of(user)}/{name}/{made}").status_code for name in (other, path, path)
    ]
    assert statuses == [404, 204, 404]


def test_what_only_beta_deletes_and_what_nothing_deletes(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Hardware OATH and the QR code (singular, no id) on beta; passwords and mixed ids never."""
    user = control.create_user()["id"]
    token = control.register(user, "hardwareOath")["id"]
    control.register(user, "qrCodePin")
    for version, status in (("v1.0", 400), ("beta", 204)):
        root = _of(user, version)
        assert graph.delete(f"{root}/hardwareOathMethods/{token}").status_code == status
        assert graph.delete(f"{root}/qrCodePinMethod").status_code == status
        assert graph.delete(f"{root}/passwordMethods/{_PASSWORD}").status_code == 405
        assert graph.delete(f"{root}/methods/{_PASSWORD}").status_code == 405
    assert _kinds(control, user) == ["passwordAuthenticationMethod"]


def test_the_default_goes_last(control: GraphControl, graph: httpx.Client) -> None:
    """While another method could become the default it stays; Windows Hello could not."""
    user = control.create_user()["id"]
    default = control.register(user, "microsoftAuthenticator")["id"]
    oath = control.register(user, "softwareOath")["id"]
    control.register(user, "windowsHelloForBusiness")
    path = f"{_of(user)}/microsoftAuthenticatorMethods/{default}"
    refused = graph.delete(path)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "badRequest")
    assert "current default authentication method" in refused.json()["error"]["message"]
    assert graph.delete(f"{_of(user)}/softwareOathMethods/{oath}").status_code == 204
    assert graph.delete(path).status_code == 204
    assert control.truth(user)["defaultMethod"] is None


@pytest.mark.parametrize("kind", ["fido2", "external"])
def test_what_has_no_preference_does_not_hold_the_default(
    control: GraphControl, graph: httpx.Client, kind: str
) -> None:
    """There is no default to change to, so the default goes before a key or another provider."""
    user = control.create_user()["id"]
    default = control.register(user, "microsoftAuthenticator")["id"]
    control.register(user, kind)
    assert graph.delete(f"{_of(user)}/microsoftAuthenticatorMethods/{default}").status_code == 204
    assert control.truth(user)["defaultMethod"] is None


def test_a_method_of_the_same_preference_takes_over(
    control: GraphControl, graph: httpx.Client
) -> None:
    """All tokens are `oath`: one goes and another is the default, a mobile there or not."""
    user = control.create_user()["id"]
    token = control.register(user, "hardwareOath")["id"]
    app = control.register(user, "softwareOath")["id"]
    control.register(user, "mobile")
    assert graph.delete(f"{_of(user, 'beta')}/hardwareOathMethods/{token}").status_code == 204
    assert control.truth(user)["defaultMethod"] == "oath"
    path = f"{_of(user)}/softwareOathMethods/{app}"
    assert graph.delete(path).status_code == 400
    preferences = f"{_of(user, 'beta')}/signInPreferences"
    chosen = {"userPreferredMethodForSecondaryAuthentication": "sms"}
    assert graph.patch(preferences, json=chosen).status_code == 204
    assert graph.delete(path).status_code == 204


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        (["UserAuthenticationMethod.ReadWrite.All"], 204),
        (["UserAuthenticationMethod.Read.All"], 403),
        (["UserAuthMethod-Phone.ReadWrite.All", "User.ReadWrite.All"], 403),
    ],
)
def test_choosing_the_default_takes_the_broad_permission(
    control: GraphControl, graph: httpx.Client, roles: list[str], status: int
) -> None:
    """No finer permission is listed for it, and v1.0 has no such path."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    headers = {"Authorization": f"Bearer {control.token(roles)}"}
    chosen = {"userPreferredMethodForSecondaryAuthentication": "voiceMobile"}
    for version, expected in (("beta", status), ("v1.0", 400)):
        path = f"{_of(user, version)}/signInPreferences"
        assert graph.patch(path, json=chosen, headers=headers).status_code == expected


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"userPreferredMethodForSecondaryAuthentication": "push"},
        {"userPreferredMethodForSecondaryAuthentication": "fido2"},
        {"userPreferredMethodForSecondaryAuthentication": None},
        {"isSystemPreferredAuthenticationMethodEnabled": False},
    ],
)
def test_a_default_that_nobody_can_have_is_refused(
    control: GraphControl, graph: httpx.Client, body: dict[str, Any]
) -> None:
    """It names a method that the person has, among those that have a preference."""
    user = control.create_user()["id"]
    for kind in ("mobile", "fido2"):
        control.register(user, kind)
    answer = graph.patch(f"{_of(user, 'beta')}/signInPreferences", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "badRequest")
    assert control.truth(user)["defaultMethod"] == "sms"


def test_system_preferred_sign_in_ignores_the_default_and_does_not_free_it(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Where the tenant has it, reading tells so; the default is kept and holds all the same."""
    control.do("POST", "switches", {"systemPreferredMethod": True})
    user = control.create_user()["id"]
    default = control.register(user, "microsoftAuthenticator")["id"]
    control.register(user, "mobile")
    read = graph.get(f"{_of(user, 'beta')}/signInPreferences").json()
    assert read["isSystemPreferredAuthenticationMethodEnabled"] is True
    assert read["userPreferredMethodForSecondaryAuthentication"] == "push"
    assert graph.delete(f"{_of(user)}/microsoftAuthenticatorMethods/{default}").status_code == 400


def test_the_alternate_mobile_goes_before_the_mobile(
    control: GraphControl, graph: httpx.Client
) -> None:
    """It comes after the mobile, and the mobile stays while it is there."""
    user = control.create_user()["id"]
    phones = f"{_of(user)}/phoneMethods"
    alternate = {**_PHONE, "phoneType": "alternateMobile"}
    assert graph.post(phones, json=alternate).status_code == 400
    control.register(user, "microsoftAuthenticator")
    assert graph.post(phones, json=_PHONE).status_code == 201
    assert graph.post(phones, json=alternate).status_code == 201
    refused = graph.delete(f"{phones}/{_MOBILE}")
    assert refused.status_code == 400
    assert "without first deleting alternate mobile" in refused.json()["error"]["message"]
    assert graph.delete(f"{phones}/{_ALTERNATE}").status_code == 204
    assert graph.delete(f"{phones}/{_MOBILE}").status_code == 204


def test_a_phone_that_an_administrator_adds_enforces_the_enabled(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Who is enabled moves to enforced by any method that satisfies MFA; e-mail is none."""
    user = control.create_user()["id"]
    requirements = f"{_of(user, 'beta')}/requirements"
    graph.patch(requirements, json={"perUserMfaState": "enabled"}).raise_for_status()
    graph.post(f"{_of(user)}/emailMethods", json={"emailAddress": "kim@example.com"})
    assert control.truth(user)["perUserMfaState"] == "enabled"
    graph.post(f"{_of(user)}/phoneMethods", json=_PHONE).raise_for_status()
    assert control.truth(user)["perUserMfaState"] == "enforced"


@pytest.mark.parametrize(
    ("collection", "body"),
    [
        ("phoneMethods", {**_PHONE, "phoneNumber": "+12065550100"}),
        ("phoneMethods", {**_PHONE, "phoneNumber": "2065550100"}),
        ("phoneMethods", {**_PHONE, "phoneNumber": "+1 206-555-0100"}),
        ("phoneMethods", {**_PHONE, "phoneType": "home"}),
        ("phoneMethods", {**_PHONE, "smsSignInState": "ready"}),
        ("phoneMethods", {"phoneType": "mobile"}),
        ("emailMethods", {"emailAddress": "kim"}),
        ("emailMethods", {}),
        ("emailMethods", {"emailAddress": "kim@example.com", "id": _EMAIL}),
    ],
)
def test_malformed_contact_methods_are_refused(
    control: GraphControl, graph: httpx.Client, collection: str, body: dict[str, Any]
) -> None:
    """The space after the country code is not optional; nothing is written."""
    user = control.create_user()["id"]
    answer = graph.post(f"{_of(user)}/{collection}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "badRequest")
    assert len(control.truth(user)["methods"]) == 1


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        (["UserAuthMethod-Phone.ReadWrite.All"], 201),
        (["UserAuthenticationMethod.ReadWrite.All"], 201),
        (["UserAuthMethod-Phone.Read.All"], 403),
        (["UserAuthMethod-Email.ReadWrite.All", "UserAuthenticationMethod.Read.All"], 403),
        (["Policy.ReadWrite.AuthenticationMethod", "User.ReadWrite.All"], 403),
    ],
)
def test_each_kind_has_its_permission(
    control: GraphControl, graph: httpx.Client, roles: list[str], status: int
) -> None:
    """The fine permission writes its kind alone, the broad one every kind."""
    user = control.create_user()["id"]
    headers = {"Authorization": f"Bearer {control.token(roles)}"}
    answer = graph.post(f"{_of(user)}/phoneMethods", json=_PHONE, headers=headers)
    assert answer.status_code == status
