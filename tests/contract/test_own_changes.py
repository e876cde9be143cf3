"""What our own identities changed, read from the tenant's audit log over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest

from local.graph.identity import default_client_id
from local.graph.tenant.service_principals import service_principal_id
from shared.adapters.graph.sweep.own_changes import GraphOwnChanges
from shared.adapters.graph.sweep.sending import PacedGraph
from shared.adapters.identity import held_roles, own_identity
from shared.domain.errors.directory import MalformedAnswer, PermissionMissing
from shared.domain.errors.sweep import IdentitiesUnknown
from shared.domain.ids import UserId
from shared.domain.ledger import Span
from shared.domain.sweep.pace import REPORTS
from shared.domain.sweep.reconciling import AuditLine
from shared.names import App
from tests.contract.audit_server import running_audit_log
from tests.contract.graph_client import SCOPE, GivenTokens, Pauses, graph_client
from tests.contract.test_audits import KIM, OTHER, OUR_APP, OUR_OBJECT, by_app, token_with
from tests.fakes.pace import FakePace
from tests.stands.graph import GraphControl, GraphStand

OURS = frozenset({UserId(OUR_OBJECT)})
SPAN = Span(datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 3, 12, tzinfo=UTC))
STATE = "Update per-user multifactor authentication state"
READS = ["AuditLog.Read.All"]


@asynccontextmanager
async def reading(
    root: str, token: str, identities: frozenset[UserId] = OURS
) -> AsyncIterator[tuple[GraphOwnChanges, FakePace]]:
    """The adapter over a Graph, with the turns that it takes."""
    tokens, pauses = GivenTokens([token]), Pauses()
    pace = FakePace(pauses)
    async with graph_client(root, tokens, clock=pauses) as client:
        yield (
            GraphOwnChanges(
                PacedGraph(client, pace),
                identities,
                partial(own_identity, tokens, SCOPE),
                partial(held_roles, tokens, SCOPE),
            ),
            pace,
        )


def our_token(*roles: str) -> str:
    """A token of our own identity."""
    return token_with({"appid": OUR_APP, "oid": OUR_OBJECT, "roles": list(roles)})


async def everything(changes: GraphOwnChanges, span: Span = SPAN) -> list[AuditLine]:
    """The lines of all pages."""
    page = await changes.changes(span, None)
    lines = list(page.rows)
    while page.following is not None:
        page = await changes.changes(span, page.following)
        lines += page.rows
    return lines


async def test_our_lines_are_picked_out_of_all_pages() -> None:
    """By the id of the principal or of the client; what failed or others did is passed over."""
    async with running_audit_log() as log, reading(log.root, our_token(*READS)) as (changes, pace):
        log.add(STATE, KIM.upper(), **by_app(None, OUR_OBJECT.upper()))
        log.add(STATE, OTHER)
        log.add(STATE, OTHER, **by_app(None, "another-principal"))
        log.add(STATE, OTHER, result="failure", **by_app(None, OUR_OBJECT))
        log.add("Add policy", "", targetResources=None, **by_app(OUR_OBJECT, None))
        found = await everything(changes)
        assert [(one.line_id, one.people, one.identity) for one in found] == [
            ("Directory_0", (KIM,), OUR_OBJECT),
            ("Directory_4", (), OUR_OBJECT),
        ]
        assert found[0].at == datetime(2026, 3, 2, 12, 0, 0, 500_000, tzinfo=UTC)
        assert log.filters == [
            "activityDateTime ge 2026-03-02T12:00:00Z and activityDateTime le 2026-03-03T12:00:01Z"
        ]
        assert log.orders == [("activityDateTime asc", "1000")]
        assert pace.asked == [REPORTS.name] * 3


async def test_a_page_tells_how_far_it_reaches() -> None:
    """By all lines that are on it; not where they don't come in the order of time."""
    async with running_audit_log() as log, reading(log.root, our_token(*READS)) as (changes, _):
        for _ in range(4):
            log.add(STATE, OTHER)
        log.rows[2:] = log.rows[:1:-1]
        first = await changes.changes(SPAN, None)
        assert first.reached == datetime(2026, 3, 2, 12, 0, 1, 500_000, tzinfo=UTC)
        assert (await changes.changes(SPAN, first.following)).reached is None


async def test_a_line_tells_what_was_done_to_what() -> None:
    """What the log says about it, the new values, and whether something has no name."""
    changed = {"displayName": "AccountEnabled", "oldValue": "[true]", "newValue": "[false]"}
    person = {"id": KIM, "type": "User", "modifiedProperties": [changed]}
    async with running_audit_log() as log, reading(log.root, our_token(*READS)) as (changes, _):
        reason = "Admin deleted phone method for user"
        log.add(STATE, KIM, resultReason=reason, **by_app(None, OUR_OBJECT))
        log.add("Update user", "", targetResources=[person], **by_app(None, OUR_OBJECT))
        nameless = [{"id": "", "type": "User"}, {"id": "group-1", "type": "Group"}]
        log.add("Add member to group", "", targetResources=nameless, **by_app(None, OUR_OBJECT))
        found = await everything(changes)
    assert [(one.reason, dict(one.values), one.nameless) for one in found] == [
        (reason, {}, False),
        ("", {"accountenabled": "false"}, False),
        ("", {}, True),
    ]


async def test_identities_that_nobody_named_are_no_empty_answer() -> None:
    """Not where the setting is empty, and not where it has become wrong; nothing is read."""
    async with running_audit_log() as log:
        for named in (frozenset[UserId](), frozenset({UserId("someone-else")})):
            async with reading(log.root, our_token(*READS), named) as (changes, _):
                with pytest.raises(IdentitiesUnknown, match="MFA_IDENTITIES"):
                    await changes.changes(SPAN, None)
        assert log.filters == []


async def test_an_empty_answer_counts_only_for_who_may_read() -> None:
    """Graph may answer 200 and nothing where the role is missing."""
    async with running_audit_log() as log:
        async with reading(log.root, our_token(*READS)) as (changes, _):
            assert await everything(changes) == []
        async with reading(log.root, our_token()) as (changes, _):
            with pytest.raises(PermissionMissing, match="AuditLog"):
                await changes.changes(SPAN, None)


async def test_a_page_elsewhere_is_not_followed() -> None:
    """Our token would go there with us."""
    async with running_audit_log() as log, reading(log.root, our_token(*READS)) as (changes, _):
        with pytest.raises(MalformedAnswer):
            await changes.changes(SPAN, "https://attacker.example/v1.0/auditLogs/directoryAudits")


def minted(tenant: GraphControl, app_id: str, roles: list[str] | None = None) -> str:
    """A token of an application of the simulated tenant."""
    body = {"appId": app_id} if roles is None else {"appId": app_id, "roles": roles}
    token: str = tenant.do("POST", "token", body)["access_token"]
    return token


async def test_the_tenant_tells_what_an_app_did(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Every change shows by the app's service principal, and the group beside the person."""
    sweep, lifecycle = (default_client_id(app) for app in (App.SWEEP, App.LIFECYCLE))
    principals = frozenset(UserId(service_principal_id(app)) for app in (sweep, lifecycle))
    person = tenant.create_user(displayName="Kim")["id"]
    group = tenant.do("POST", "groups", {"displayName": "Enforced", "members": []})["id"]
    since = datetime.fromisoformat(tenant.do("GET", "clock")["now"]) - timedelta(minutes=1)
    member = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{person}"}
    async with httpx.AsyncClient(base_url=graph_stand.base_url, trust_env=False) as graph:
        for who in (lifecycle, "00000003-0000-4000-8000-0000000000ad"):
            headers = {"Authorization": f"Bearer {minted(tenant, who)}"}
            state = {"perUserMfaState": "enforced" if who == lifecycle else "disabled"}
            path = f"/beta/users/{person}/authentication/requirements"
            (await graph.patch(path, json=state, headers=headers)).raise_for_status()
        headers = {"Authorization": f"Bearer {minted(tenant, lifecycle)}"}
        path = f"/v1.0/groups/{group}/members/$ref"
        (await graph.post(path, json=member, headers=headers)).raise_for_status()
        path = f"/v1.0/users/{person}/authentication/phoneMethods"
        phone = {"phoneNumber": "+49 15150000001", "phoneType": "mobile"}
        (await graph.post(path, json=phone, headers=headers)).raise_for_status()
        path = f"/v1.0/users/{person}/revokeSignInSessions"
        (await graph.post(path, headers=headers)).raise_for_status()
    span = Span(since, since + timedelta(hours=1))
    token = minted(tenant, sweep, READS)
    async with reading(graph_stand.base_url, token, principals) as (changes, _):
        found = [one for one in await everything(changes, span) if person in one.people]
    assert {one.identity for one in found} == {service_principal_id(lifecycle)}
    assert sorted((one.activity, one.others, one.reason) for one in found) == [
        ("Add member to group", (group,), ""),
        ("Admin registered security info", (), "Admin registered phone method for user"),
        ("Update StsRefreshTokenValidFrom Timestamp", (), ""),
        (STATE, (), ""),
    ]
    async with reading(graph_stand.base_url, minted(tenant, sweep, []), principals) as (changes, _):
        with pytest.raises(PermissionMissing):
            await changes.changes(span, None)
