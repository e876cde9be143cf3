"""The directory's audit log: what was done with app passwords, and who blocked an account."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from shared.adapters.graph.audits import GraphAudits
from shared.adapters.identity import own_identity
from shared.domain.accounts import BlockedBy, OwnIdentity
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.control import Capability
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sign_in import BlockSignIn
from shared.domain.errors.directory import MalformedAnswer, PermissionMissing
from shared.domain.ids import UserId
from shared.domain.ledger import Doing, Span
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.audit_server import AuditLog, running_audit_log
from tests.contract.graph_client import SCOPE, GivenTokens, graph_client, graph_writes
from tests.contract.leases import A_SPENDER, PlainLease
from tests.stands.graph import GraphControl, GraphStand

KIM = UserId("a0000000-0000-4000-8000-000000000001")
OTHER = "a0000000-0000-4000-8000-000000000002"
SINCE = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPAN = Span(SINCE, datetime(2026, 3, 3, 12, tzinfo=UTC))
CREATE = "Create application password for user"
DELETE = "Delete application password for user"
ENFORCES = "Policy.ReadWrite.AuthenticationMethod"
OUR_APP, OUR_OBJECT = "0aaaaaaa-app", "0bbbbbbb-principal"
BLOCKED = [{"displayName": "AccountEnabled", "oldValue": "[true]", "newValue": "[false]"}]
OPENED = [{"displayName": "AccountEnabled", "oldValue": "[false]", "newValue": "[true]"}]


def token_with(claims: object) -> str:
    """An unsigned token with these claims."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.x"


def by_app(app_id: str | None, principal: str | None) -> dict[str, Any]:
    """What a line says of an application that did it."""
    app = {"appId": app_id, "servicePrincipalId": principal, "displayName": "An application"}
    return {"initiatedBy": {"user": None, "app": app}}


OURS = by_app(None, OUR_OBJECT.upper())


def update(user: str, changed: list[dict[str, str]]) -> dict[str, Any]:
    """What a line says of what was changed."""
    return {"targetResources": [{"id": user, "type": "User", "modifiedProperties": changed}]}


@pytest.fixture
async def log() -> AsyncIterator[AuditLog]:
    """A log of the test's own."""
    async with running_audit_log() as running:
        yield running


@pytest.fixture
async def audits(log: AuditLog) -> AsyncIterator[GraphAudits]:
    """The adapter over it, as our own identity."""
    tokens = GivenTokens([token_with({"appid": OUR_APP, "oid": OUR_OBJECT, "roles": []})])
    async with graph_client(log.root, tokens) as client:
        yield GraphAudits(client, partial(own_identity, tokens, SCOPE))


async def test_creations_and_deletions_are_told_page_by_page(
    log: AuditLog, audits: GraphAudits
) -> None:
    """Of everybody, with the log's own id and time; what failed changed nothing."""
    log.add(CREATE, KIM.upper())
    log.add(DELETE, OTHER)
    log.add(DELETE, KIM, result="failure")
    log.add(DELETE, KIM)
    found = await audits.app_passwords(SPAN)
    assert [(one.entry_id, one.user_id, one.doing) for one in found] == [
        ("Directory_0", KIM, Doing.CREATED),
        ("Directory_1", OTHER, Doing.DELETED),
        ("Directory_3", KIM, Doing.DELETED),
    ]
    assert found[0].at == datetime(2026, 3, 2, 12, 0, 0, 500_000, tzinfo=UTC)


async def test_the_question_names_activities_time_and_person(
    log: AuditLog, audits: GraphAudits
) -> None:
    """In the words of the log's filter."""
    await audits.app_passwords(SPAN)
    await audits.app_passwords(SPAN, KIM)
    everybody, one = log.filters
    assert everybody == (
        f"(activityDisplayName eq '{CREATE}' or activityDisplayName eq '{DELETE}')"
        " and activityDateTime ge 2026-03-02T12:00:00Z"
        " and activityDateTime le 2026-03-03T12:00:01Z"
    )
    assert one == f"{everybody} and targetResources/any(t: t/id eq '{KIM}')"


@pytest.mark.parametrize(
    "targets",
    [
        [],
        [{"id": None, "type": "User"}],
        [{"id": "x", "type": "Group"}],
        [{"id": KIM, "type": "User"}, {"id": OTHER, "type": "User"}],
    ],
)
async def test_a_line_about_nobody_is_no_line(
    log: AuditLog, audits: GraphAudits, targets: list[dict[str, Any]]
) -> None:
    """Whose it is must be known, or nothing is known of anybody in that time."""
    log.add(CREATE, KIM, targetResources=targets)
    with pytest.raises(MalformedAnswer):
        await audits.app_passwords(SPAN)


async def test_without_the_permission_the_log_is_no_empty_one(
    log: AuditLog, audits: GraphAudits
) -> None:
    """The reading fails; who blocked an account is unknown."""
    log.refusal = "Authentication_MSGraphPermissionMissing"
    with pytest.raises(PermissionMissing):
        await audits.app_passwords(SPAN)
    assert isinstance(await audits.blocked_by(KIM, SINCE), Unknown)


async def test_nobody_has_blocked_it_yet(log: AuditLog, audits: GraphAudits) -> None:
    """An empty log, an update that let the person in, a block that failed, another person's."""
    assert await audits.blocked_by(KIM, SINCE) is BlockedBy.NOBODY_YET
    log.add("Update user", KIM, **update(KIM, OPENED))
    log.add("Update user", KIM, **update(KIM, [{"displayName": "City", "newValue": '["false"]'}]))
    log.add("Update user", KIM, **update(OTHER, BLOCKED))
    log.add("Disable account", KIM, result="failure")
    assert await audits.blocked_by(KIM, SINCE) is BlockedBy.NOBODY_YET


@pytest.mark.parametrize("by", [by_app(OUR_APP.upper(), None), OURS, by_app(OUR_APP, OUR_OBJECT)])
async def test_we_have_blocked_it(log: AuditLog, audits: GraphAudits, by: dict[str, Any]) -> None:
    """By the application's id or by its service principal's, as the log tells."""
    log.add("Disable account", KIM, **by)
    log.add("Update user", KIM, **by, **update(KIM, BLOCKED))
    assert await audits.blocked_by(KIM, SINCE) is BlockedBy.US
    (asked,) = log.filters
    assert "activityDateTime ge 2026-03-02T11:59:00Z" in asked
    assert f"targetResources/any(t: t/id eq '{KIM}')" in asked


async def test_the_log_is_asked_until_a_moment(log: AuditLog, audits: GraphAudits) -> None:
    """A minute more: the directory's clock is another one than ours."""
    await audits.blocked_by(KIM, SINCE, SINCE + timedelta(hours=1))
    (asked,) = log.filters
    assert "activityDateTime le 2026-03-02T13:01:00Z" in asked


@pytest.mark.parametrize(
    "by",
    [
        {},
        by_app("another-app", "another-principal"),
        by_app(None, None),
        {"initiatedBy": None},
        {"initiatedBy": {"user": None, "app": None}},
    ],
)
@pytest.mark.parametrize(
    ("activity", "what"),
    [
        ("Disable account", {}),
        ("Update user", update(KIM, BLOCKED)),
        # What is blocked already is blocked again.
        ("Update user", update(KIM, [])),
        ("Update user", update(KIM, [{"displayName": "Included Updated Properties"}])),
    ],
)
async def test_others_have_blocked_it_also_where_we_have_too(
    log: AuditLog,
    audits: GraphAudits,
    by: dict[str, Any],
    activity: str,
    what: dict[str, Any],
) -> None:
    """A person, another application, or whom the log does not name."""
    log.add("Disable account", KIM, **OURS)
    log.add(activity, KIM, **by, **what)
    assert await audits.blocked_by(KIM, SINCE) is BlockedBy.OTHERS


async def test_who_does_not_know_themselves_knows_nobody(log: AuditLog) -> None:
    """A token that tells no id: whose block it is can't be told."""
    tokens = GivenTokens([token_with({"roles": []})])
    async with graph_client(log.root, tokens) as client:
        audits = GraphAudits(client, partial(own_identity, tokens, SCOPE))
        log.add("Disable account", KIM, **OURS)
        assert isinstance(await audits.blocked_by(KIM, SINCE), Unknown)
    assert await own_identity(GivenTokens([token_with({"azp": "X"})]), SCOPE) == OwnIdentity(
        frozenset({"x"})
    )


async def test_the_simulated_tenant_tells_the_same(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """An app password made and deleted in the portal; a block of ours, and then one of others."""
    made = tenant.create_user(userPrincipalName=f"{uuid4().hex[:8]}@contoso.example")
    user, now = UserId(made["id"]), datetime.now(UTC)
    span = Span(now - timedelta(days=1), now + timedelta(days=1))
    tokens = GivenTokens([tenant.token(sorted(GRAPH_ROLES[App.RESET] | {ENFORCES}))])
    async with graph_client(graph_stand.base_url, tokens) as client:
        audits = GraphAudits(client, partial(own_identity, tokens, SCOPE))
        writes = partial(
            graph_writes(client).write,
            user,
            capability=Capability.RESET,
            lease=PlainLease(user),
            spender=A_SPENDER,
        )
        await writes(SetMfaState(PerUserMfaState.ENFORCED))
        tenant.do("POST", f"users/{user}/app-passwords", {"name": "mail"})
        tenant.do("DELETE", f"users/{user}/app-passwords")
        told = await audits.app_passwords(span, user)
        assert sorted(one.doing for one in told) == [Doing.CREATED, Doing.DELETED]
        assert {one.user_id for one in told} == {user}
        assert set(told) <= set(await audits.app_passwords(span))
        assert await audits.blocked_by(user, span.since) is BlockedBy.NOBODY_YET
        await writes(BlockSignIn())
        assert await audits.blocked_by(user, span.since) is BlockedBy.US
        tenant.do("POST", f"users/{user}/block", {"blocked": True})
        assert await audits.blocked_by(user, span.since) is BlockedBy.OTHERS
