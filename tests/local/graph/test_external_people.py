"""Guests and externals: whom policies mean by kinds and by tenants.

https://learn.microsoft.com/entra/external-id/authentication-conditional-access
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from msgraph.generated.models.conditional_access_enumerated_external_tenants import (
    ConditionalAccessEnumeratedExternalTenants,
)

from tests.local.graph.clients import v1_client
from tests.local.graph.policies import (
    POLICIES,
    add_policy,
    policy_body,
    sign_in,
)
from tests.stands.graph import GraphControl, GraphStand

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_HOME, _ELSEWHERE = str(uuid4()), str(uuid4())
_ALL_TENANTS = {
    "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
    "membershipKind": "all",
}


def _tenants(*members: str) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
        "membershipKind": "enumerated",
        "members": list(members),
    }


def _person(control: GraphControl, sort: str, **more: object) -> str:
    name = f"{uuid4().hex}{'#EXT#' if sort.startswith('b2b') else ''}@contoso.example"
    user_type = "Guest" if sort in {"b2bGuest", "localGuest", "converted"} else "Member"
    extra: dict[str, object] = {"externalUserState": "Accepted"} if sort == "converted" else {}
    made = control.create_user(userPrincipalName=name, userType=user_type, **extra, **more)
    return str(made["id"])


def _kinds(kinds: str, tenants: object = _ALL_TENANTS) -> dict[str, Any]:
    return {"guestOrExternalUserTypes": kinds, "externalTenants": tenants}


@pytest.mark.parametrize(
    ("sort", "kind"),
    [
        ("b2bGuest", "b2bCollaborationGuest"),
        ("converted", "b2bCollaborationGuest"),
        ("b2bMember", "b2bCollaborationMember"),
        ("localGuest", "internalGuest"),
        ("member", None),
    ],
)
def test_everybody_is_of_one_kind_at_most(
    control: GraphControl, graph: httpx.Client, sort: str, kind: str | None
) -> None:
    """By the user type, and by whether they sign in elsewhere."""
    user = _person(control, sort)
    asked = []
    for one in (
        "internalGuest",
        "b2bCollaborationGuest",
        "b2bCollaborationMember",
        "b2bDirectConnectUser",
        "otherExternalUser",
        "serviceProvider",
    ):
        policy = add_policy(graph, {"includeGuestsOrExternalUsers": _kinds(one)})
        if sign_in(control, user) != "allowed":
            asked.append(one)
        graph.delete(f"{POLICIES}/{policy}").raise_for_status()
    assert asked == ([] if kind is None else [kind])


@pytest.mark.parametrize("sort", ["b2bGuest", "b2bMember", "localGuest"])
def test_the_old_word_means_all_kinds(
    control: GraphControl, graph: httpx.Client, sort: str
) -> None:
    """`GuestsOrExternalUsers` is all of the kinds, for including and for excluding."""
    user, member = _person(control, sort), _person(control, "member")
    policy = add_policy(graph, {"includeUsers": ["GuestsOrExternalUsers"]})
    assert sign_in(control, user) != "allowed"
    assert sign_in(control, member) == "allowed"
    graph.delete(f"{POLICIES}/{policy}").raise_for_status()
    add_policy(graph, {"includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"]})
    assert sign_in(control, user) == "allowed"
    assert sign_in(control, member) != "allowed"


@pytest.mark.parametrize(
    ("sort", "home", "tenants", "covered"),
    [
        ("b2bGuest", _HOME, None, True),
        ("b2bGuest", _HOME, _ALL_TENANTS, True),
        ("b2bGuest", None, _ALL_TENANTS, True),
        ("b2bGuest", _HOME, _tenants(_ELSEWHERE, _HOME.upper()), True),
        ("b2bGuest", _HOME, _tenants(_ELSEWHERE), False),
        ("b2bGuest", None, _tenants(_HOME), False),
        ("localGuest", None, _tenants(_HOME), True),
    ],
)
def test_tenants_narrow_the_kinds(
    control: GraphControl,
    graph: httpx.Client,
    *,
    sort: str,
    home: str | None,
    tenants: object,
    covered: bool,
) -> None:
    """By the home tenant; who signs in here has none, and is not narrowed by it."""
    user = _person(control, sort, **({} if home is None else {"homeTenantId": home}))
    chosen = _kinds("b2bCollaborationGuest,internalGuest", tenants)
    policy = add_policy(graph, {"includeGuestsOrExternalUsers": chosen})
    assert (sign_in(control, user) != "allowed") is covered
    graph.delete(f"{POLICIES}/{policy}").raise_for_status()
    add_policy(graph, {"includeUsers": ["All"], "excludeGuestsOrExternalUsers": chosen})
    assert (sign_in(control, user) == "allowed") is covered


async def test_v1_models_read_the_tenants(stand: GraphStand, graph: httpx.Client) -> None:
    """The SDK knows by the type which tenants are meant."""
    chosen = _kinds("b2bCollaborationMember, internalGuest", _tenants(_HOME))
    add_policy(graph, {"includeGuestsOrExternalUsers": chosen})
    async with v1_client(stand) as client:
        read = await client.identity.conditional_access.policies.get()
    assert read is not None
    (policy,) = read.value or []
    assert policy.conditions is not None
    assert policy.conditions.users is not None
    externals = policy.conditions.users.include_guests_or_external_users
    assert externals is not None
    assert isinstance(externals.external_tenants, ConditionalAccessEnumeratedExternalTenants)
    assert externals.external_tenants.members == [_HOME]


@pytest.mark.parametrize(
    ("externals", "status"),
    [
        (_kinds("pigeon"), 400),
        (_kinds(""), 400),
        (_kinds("none"), 501),
        (_kinds("internalGuest", {"membershipKind": "all"}), 400),
        (_kinds("internalGuest", _tenants()), 400),
        (_kinds("internalGuest", _tenants("x")), 400),
        (_kinds("internalGuest", {**_ALL_TENANTS, "membershipKind": "enumerated"}), 400),
    ],
)
def test_kinds_of_another_shape_are_refused(
    graph: httpx.Client, externals: dict[str, Any], status: int
) -> None:
    """Kinds are named in one text, tenants by their type and their ids."""
    body = policy_body({"includeGuestsOrExternalUsers": externals})
    assert graph.post(POLICIES, json=body).status_code == status


def test_only_who_signs_in_elsewhere_has_a_home(control: GraphControl) -> None:
    """A test's mistake otherwise; Graph does not tell it."""
    for fields in (
        {"homeTenantId": _HOME},
        {"userPrincipalName": f"{uuid4().hex}#EXT#@contoso.example", "homeTenantId": "x"},
    ):
        assert control.request("POST", "users", fields).status_code == 400
