"""The port `Newcomers` and the registration of contacts, against the simulated tenant."""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.directory import GraphDirectory
from shared.adapters.graph.newcomers import GraphNewcomers
from shared.domain.authentication import MethodType, Unknown
from shared.domain.contacts import Contact, ContactKind, Newcomer
from shared.domain.control import Capability
from shared.domain.effects.methods import RegisterContact
from shared.domain.errors.directory import AccountNotVisible, RequestRejected
from shared.domain.errors.people import ContactGone
from shared.domain.ids import CaseId, UserId
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, graph_client, graph_writes
from tests.contract.leases import A_SPENDER, PlainLease
from tests.fakes.contacts import FakeContacts
from tests.stands.graph import GraphControl, GraphStand

BOTH = Contact(mobile="+1 2065550142", email="kim.private@example.org")
FOREVER = datetime.max.replace(tzinfo=UTC)


@pytest.fixture
async def client(graph_stand: GraphStand, tenant: GraphControl) -> AsyncIterator[GraphClient]:
    """A client with exactly the powers of the app that prepares."""
    powers = GivenTokens([tenant.token(sorted(GRAPH_ROLES[App.LIFECYCLE]))])
    async with graph_client(graph_stand.base_url, powers) as client:
        yield client


@pytest.fixture
def person(tenant: GraphControl) -> dict[str, Any]:
    """Somebody whose account was just made."""
    name = f"{uuid4().hex[:8]}@contoso.example"
    return tenant.create_user(userPrincipalName=name, displayName="P", employeeId="E-1")


def at_zero() -> float:
    """A time that stands still."""
    return 0.0


async def register(
    client: GraphClient, user: UserId, kind: ContactKind, contact: Contact | None = BOTH
) -> None:
    """Register what is kept for a case."""
    contacts, case_id = FakeContacts(), CaseId(secrets.token_hex(16))
    if contact is not None:
        await contacts.keep(case_id, contact, FOREVER)
    await graph_writes(client, contacts=contacts).write(
        user,
        RegisterContact(kind, case_id),
        capability=Capability.ONBOARDING,
        lease=PlainLease(user),
        spender=A_SPENDER,
    )


async def test_a_new_account_was_never_used(client: GraphClient, person: dict[str, Any]) -> None:
    """Its age and its employee are told, and that nobody signed in."""
    found = await GraphNewcomers(client, at_zero).newcomer(UserId(person["id"]))
    assert isinstance(found, Newcomer)
    assert found.employee_id == "E-1"
    assert not found.has_signed_in
    assert found.created_at is not None
    assert datetime.now(UTC) - found.created_at < timedelta(days=1)


@pytest.mark.parametrize("credentials", [["password"], ["fido2"]])
async def test_an_attempt_to_sign_in_is_use(
    client: GraphClient, tenant: GraphControl, person: dict[str, Any], credentials: list[str]
) -> None:
    """Who signed in has used the account, and so has who failed to; Graph takes a day to tell."""
    tenant.do("POST", f"users/{person['id']}/sign-in", {"credentials": credentials})
    unseen = await GraphNewcomers(client, at_zero).newcomer(UserId(person["id"]))
    assert isinstance(unseen, Newcomer)
    assert not unseen.has_signed_in
    tenant.do("POST", "switches", {"signInLagSeconds": 0})
    found = await GraphNewcomers(client, at_zero).newcomer(UserId(person["id"]))
    tenant.do("POST", "switches", {})
    assert isinstance(found, Newcomer)
    assert found.has_signed_in


async def test_a_changed_password_shows_at_once(
    client: GraphClient, tenant: GraphControl, person: dict[str, Any]
) -> None:
    """Who signs in for the first time usually chooses one: that is told before the sign-in is."""
    tenant.advance(2 * 3600)
    tenant.do("POST", f"users/{person['id']}/password", {})
    found = await GraphNewcomers(client, at_zero).newcomer(UserId(person["id"]))
    assert isinstance(found, Newcomer)
    assert found.created_at is not None
    assert found.password_changed_at is not None
    assert found.password_changed_at - found.created_at >= timedelta(hours=2)


async def test_without_a_licence_nobody_can_tell(
    client: GraphClient, tenant: GraphControl, person: dict[str, Any]
) -> None:
    """Sign-ins take a premium licence; a refusal is no "never"."""
    tenant.do("POST", "switches", {"licence": "free"})
    found = await GraphNewcomers(client, at_zero).newcomer(UserId(person["id"]))
    tenant.do("POST", "switches", {})
    assert isinstance(found, Unknown)


async def test_without_the_permission_nobody_can_tell(
    graph_stand: GraphStand, tenant: GraphControl, person: dict[str, Any]
) -> None:
    """Nor is a missing permission; the reason names the role."""
    poor = GivenTokens([tenant.token(["User.Read.All"])])
    async with graph_client(graph_stand.base_url, poor) as client:
        newcomers = GraphNewcomers(client, at_zero)
        found = await newcomers.newcomer(UserId(person["id"]))
        domains = await newcomers.own_domains()
    assert isinstance(found, Unknown)
    assert "AuditLog.Read.All" in found.reason
    assert isinstance(domains, Unknown)
    assert "Domain.Read.All" in domains.reason


async def test_a_stranger_is_not_visible(client: GraphClient) -> None:
    """Nobody is not a newcomer."""
    with pytest.raises(AccountNotVisible):
        await GraphNewcomers(client, at_zero).newcomer(UserId(str(uuid4())))


async def test_own_domains_are_the_verified_ones(client: GraphClient, tenant: GraphControl) -> None:
    """Verified domains are the tenant's; they are read once an hour."""
    tenant.do("POST", "domains", {"id": "claimed.example", "isVerified": False})
    now = 0.0
    newcomers = GraphNewcomers(client, lambda: now)
    assert await newcomers.own_domains() == frozenset({"contoso.example"})
    tenant.do("POST", "domains", {"id": "claimed.example", "isVerified": True})
    assert await newcomers.own_domains() == frozenset({"contoso.example"})
    now = 3600.0
    assert await newcomers.own_domains() == frozenset({"contoso.example", "claimed.example"})
    tenant.do("POST", "domains", {"id": "claimed.example", "isVerified": False})


async def test_contacts_become_methods(
    client: GraphClient, tenant: GraphControl, person: dict[str, Any]
) -> None:
    """What is kept is what the person can use then, in Graph's words."""
    user = UserId(person["id"])
    for kind in ContactKind:
        await register(client, user, kind)
    told = {method["@odata.type"]: method for method in tenant.truth(user)["methods"]}
    phone = told["#microsoft.graph.phoneAuthenticationMethod"]
    assert (phone["phoneNumber"], phone["phoneType"]) == (BOTH.mobile, "mobile")
    assert told["#microsoft.graph.emailAuthenticationMethod"]["emailAddress"] == BOTH.email
    listed = {method.method_type for method in await GraphDirectory(client).methods(user)}
    assert listed == {MethodType.PASSWORD, MethodType.EMAIL, MethodType.PHONE}


@pytest.mark.parametrize("kind", ContactKind)
async def test_a_method_is_never_overwritten(
    client: GraphClient, tenant: GraphControl, person: dict[str, Any], kind: ContactKind
) -> None:
    """Where the person has one, Graph refuses and it stays."""
    user = UserId(person["id"])
    tenant.register(user, kind.value)
    before = tenant.truth(user)["methods"]
    with pytest.raises(RequestRejected) as refused:
        await register(client, user, kind)
    assert tenant.truth(user)["methods"] == before
    assert not {BOTH.mobile, BOTH.email} & set(refused.value.detail.split())


async def test_what_is_not_kept_is_not_registered(
    client: GraphClient, tenant: GraphControl, person: dict[str, Any]
) -> None:
    """Nothing kept, or nothing of the kind: no request is sent."""
    user = UserId(person["id"])
    tenant.do("DELETE", "requests")
    for contact in (None, Contact(email=BOTH.email)):
        with pytest.raises(ContactGone):
            await register(client, user, ContactKind.MOBILE, contact)
    assert tenant.requests() == []
