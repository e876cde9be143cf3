"""`userRegistrationDetails`: what the report of registrations says of a person."""

from typing import Any

import httpx
import pytest

from tests.local.graph.clients import v1_client
from tests.stands.graph import GraphControl, GraphStand

REPORT = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
_POLICY = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations"


def row_of(control: GraphControl, graph: httpx.Client, user: str) -> dict[str, Any]:
    """What a report that is made now says of somebody."""
    control.do("POST", "report")
    answer = graph.get(f"{REPORT}/{user}")
    answer.raise_for_status()
    row: dict[str, Any] = answer.json()
    return row


@pytest.mark.parametrize(
    ("registration", "word"),
    [
        ({"method": "microsoftAuthenticator"}, "microsoftAuthenticatorPush"),
        ({"method": "softwareOath"}, "softwareOneTimePasscode"),
        ({"method": "hardwareOath"}, "hardwareOneTimePasscode"),
        ({"method": "windowsHelloForBusiness"}, "windowsHelloForBusiness"),
        ({"method": "platformCredential"}, "macOsSecureEnclaveKey"),
        ({"method": "mobile"}, "mobilePhone"),
        ({"method": "office"}, "officePhone"),
        ({"method": "email"}, "email"),
        ({"method": "external"}, "externalAuthMethod"),
        ({"method": "qrCodePin"}, "qrCode"),
        ({"method": "fido2"}, "passKeyDeviceBound"),
        ({"method": "fido2", "passkey": "authenticator"}, "passKeyDeviceBoundAuthenticator"),
        (
            {"method": "fido2", "passkey": "authenticatorOnIphone"},
            "passKeyDeviceBoundAuthenticator",
        ),
        ({"method": "fido2", "passkey": "synced"}, "passKeySynced"),
        ({"method": "fido2", "passkey": "unknown"}, "passKeyDeviceBound"),
    ],
)
def test_each_method_has_its_word(
    control: GraphControl, graph: httpx.Client, registration: dict[str, str], word: str
) -> None:
    """A method is named as the report names it, a passkey by where it is kept."""
    user = control.create_user()["id"]
    control.do("POST", f"users/{user}/register", registration)
    assert row_of(control, graph, user)["methodsRegistered"] == [word]


@pytest.mark.parametrize(
    ("methods", "registered", "passwordless"),
    [
        ((), False, False),
        (("email",), False, False),
        (("windowsHelloForBusiness",), False, True),
        (("mobile",), True, False),
        (("fido2",), True, True),
    ],
)
def test_registered_and_passwordless_follow_from_the_methods(
    control: GraphControl,
    graph: httpx.Client,
    methods: tuple[str, ...],
    registered: bool,  # noqa: FBT001 - a case of the table
    passwordless: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """E-mail and Windows Hello are no MFA; passkeys and Windows Hello need no password."""
    user = control.create_user()["id"]
    for method in methods:
        control.register(user, method)
    row = row_of(control, graph, user)
    assert (row["isMfaRegistered"], row["isMfaCapable"]) == (registered, registered)
    assert row["isPasswordlessCapable"] is passwordless


def test_capable_takes_the_policys_leave(control: GraphControl, graph: httpx.Client) -> None:
    """A method that the policy allows to a group alone makes only its members capable."""
    users = [control.create_user()["id"] for _ in range(2)]
    for user in users:
        control.register(user, "fido2")
    group = control.do("POST", "groups", {"displayName": "Keys", "members": users[:1]})["id"]
    kind = "#microsoft.graph.fido2AuthenticationMethodConfiguration"

    def allow(target: str) -> None:
        targets = [{"id": target, "isRegistrationRequired": False, "targetType": "group"}]
        change = {"@odata.type": kind, "includeTargets": targets}
        graph.patch(f"{_POLICY}/fido2", json=change).raise_for_status()

    allow(group)
    rows = [row_of(control, graph, user) for user in users]
    allow("all_users")
    assert [row["isMfaRegistered"] for row in rows] == [True, True]
    assert [row["isMfaCapable"] for row in rows] == [True, False]
    assert [row["isPasswordlessCapable"] for row in rows] == [True, False]


def test_administrators_are_named_by_role_or_group(
    control: GraphControl, graph: httpx.Client
) -> None:
    """An active role makes an administrator, by a group too; being eligible does not."""
    users = [control.create_user()["id"] for _ in range(3)]
    group = {"displayName": "Helpers", "members": users[1:2], "isAssignableToRole": True}
    holders = [users[0], control.do("POST", "groups", group)["id"]]
    role = {"displayName": "Any", "members": holders, "eligibleMembers": users[2:]}
    control.do("POST", "roles", role)
    assert [row_of(control, graph, user)["isAdmin"] for user in users] == [True, True, False]


async def test_v1_model_reads_the_report(stand: GraphStand, control: GraphControl) -> None:
    """The typed model finds its enumerations and times in a row."""
    upn = "report-guest_example.com#EXT#@contoso.example"
    user = control.create_user(userPrincipalName=upn, displayName="Guest")["id"]
    control.register(user, "mobile")
    control.do("POST", "report")
    async with v1_client(stand, ["AuditLog.Read.All"]) as client:
        details = client.reports.authentication_methods.user_registration_details
        row = await details.by_user_registration_details_id(user).get()
        page = await details.get()
    assert row is not None
    assert (row.user_principal_name, row.user_display_name) == (upn, "Guest")
    assert (row.user_type, row.is_admin, row.is_mfa_registered) == ("guest", False, True)
    assert row.user_preferred_method_for_secondary_authentication == "sms"
    assert row.last_updated_date_time is not None
    assert page is not None
    assert page.value


def test_the_strongest_method_is_named_where_the_system_prefers(
    control: GraphControl, graph: httpx.Client
) -> None:
    """With system-preferred sign-in the report names what is asked for, and what was chosen."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    control.register(user, "microsoftAuthenticator")
    names = (
        "isSystemPreferredAuthenticationMethodEnabled",
        "systemPreferredAuthenticationMethods",
        "userPreferredMethodForSecondaryAuthentication",
    )
    plain = row_of(control, graph, user)
    control.do("POST", "switches", {"systemPreferredMethod": True})
    preferred = row_of(control, graph, user)
    assert [plain[name] for name in names] == [False, [], "sms"]
    assert [preferred[name] for name in names] == [True, ["push"], "sms"]
