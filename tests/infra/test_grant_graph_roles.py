"""The script that grants Graph application roles, over HTTP against a Graph that keeps count."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from infra import grant_graph_roles
from infra.graph_directory import GraphDirectory
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.infra.graph_server import TOKEN, Tenant, problem, serving

NEEDED = sorted(GRAPH_ROLES[App.LIFECYCLE])
EVERY_ROLE = frozenset({"Directory.ReadWrite.All"}).union(*GRAPH_ROLES.values())
ROLES = {name: f"role-{name}" for name in sorted(EVERY_ROLE)}
PRINCIPALS = {app: f"principal-{app.value}" for app in App}
IDENTITIES = json.dumps(
    [{"app": app.value, "principalId": principal} for app, principal in PRINCIPALS.items()]
)
LIFECYCLE = PRINCIPALS[App.LIFECYCLE]


@dataclass
class Run:
    """How one run of the command line ended."""

    code: int
    out: str
    err: str


@pytest.fixture
async def tenant() -> AsyncIterator[Tenant]:
    """A tenant in which the apps' identities exist and hold nothing yet."""
    fresh = Tenant(roles=ROLES, principals=dict.fromkeys(PRINCIPALS.values(), "ManagedIdentity"))
    async with serving(fresh) as served:
        yield served


async def run(
    tenant: Tenant, *arguments: str, identities: str = IDENTITIES, token: str = TOKEN
) -> Run:
    """Run the command line in a thread, as the server needs the loop."""
    out, err = io.StringIO(), io.StringIO()
    code = await asyncio.to_thread(
        grant_graph_roles.main,
        [*arguments, "--identities", identities],
        roots={"global": tenant.root},
        token=lambda _: token,
        out=out,
        err=err,
    )
    return Run(code, out.getvalue(), err.getvalue())


async def test_plan_changes_nothing(tenant: Tenant) -> None:
    """A plan names what would be granted, exits 3 and sends nothing but reads."""
    planned = await run(tenant, "--plan")
    assert planned.code == 3
    assert all(f"to grant     {role}" in planned.out for role in GRAPH_ROLES[App.LIFECYCLE])
    assert all(request.startswith("GET ") for request in tenant.requests)
    assert tenant.grants == []


async def test_apply_grants_exactly_the_roles_of_each_app(tenant: Tenant) -> None:
    """After an apply every identity holds its roles of shared/rights.py and no others."""
    applied = await run(tenant, "--apply")
    assert (applied.code, applied.err) == (0, "")
    assert {app: tenant.held(principal) for app, principal in PRINCIPALS.items()} == {
        app: sorted(roles) for app, roles in GRAPH_ROLES.items()
    }


async def test_applying_again_changes_nothing(tenant: Tenant) -> None:
    """A second apply sends reads only, and the plan then exits 0."""
    await run(tenant, "--apply")
    tenant.requests.clear()
    assert (await run(tenant, "--apply")).code == 0
    assert (await run(tenant, "--plan")).code == 0
    assert all(request.startswith("GET ") for request in tenant.requests)


async def test_a_role_on_a_later_page_is_not_granted_again(tenant: Tenant) -> None:
    """Roles are read to the last page before anything is called missing."""
    for number in range(3):
        tenant.grant(LIFECYCLE, f"role-of-another-api-{number}", resource_id="another-api")
    for app, principal in PRINCIPALS.items():
        for role in GRAPH_ROLES[app]:
            tenant.grant(principal, ROLES[role])
    before = list(tenant.grants)
    assert (await run(tenant, "--apply")).code == 0
    assert tenant.grants == before
    assert not any(request.startswith("POST ") for request in tenant.requests)


async def test_a_role_that_a_lagging_replica_hid_is_no_failure(tenant: Tenant) -> None:
    """Granting what is there already counts as done, and does not double it."""
    for role in sorted(GRAPH_ROLES[App.LIFECYCLE]):
        tenant.grant(LIFECYCLE, ROLES[role])
    with GraphDirectory(tenant.root, TOKEN) as graph:
        await asyncio.to_thread(graph.grant, LIFECYCLE, ROLES[NEEDED[0]])
    assert tenant.held(LIFECYCLE) == sorted(GRAPH_ROLES[App.LIFECYCLE])


async def test_too_much_is_shown_and_kept_without_prune(tenant: Tenant) -> None:
    """A role beyond the need is named, stays, and keeps the exit code at 3."""
    tenant.grant(PRINCIPALS[App.INTAKE], ROLES["Directory.ReadWrite.All"])
    applied = await run(tenant, "--apply")
    assert applied.code == 3
    assert "too much     Directory.ReadWrite.All" in applied.out
    assert tenant.held(PRINCIPALS[App.INTAKE]) == ["Directory.ReadWrite.All"]


async def test_prune_removes_only_excess_roles_of_graph(tenant: Tenant) -> None:
    """Pruning takes away Graph's excess roles and leaves other APIs' roles alone."""
    tenant.grant(PRINCIPALS[App.INTAKE], ROLES["Directory.ReadWrite.All"])
    tenant.grant(PRINCIPALS[App.INTAKE], "role-of-another-api", resource_id="another-api")
    assert (await run(tenant, "--apply", "--prune")).code == 0
    assert tenant.held(PRINCIPALS[App.INTAKE]) == ["role-of-another-api"]
    assert tenant.held(LIFECYCLE) == sorted(GRAPH_ROLES[App.LIFECYCLE])


async def test_an_app_registration_is_refused(tenant: Tenant) -> None:
    """Nothing is granted to a principal that is no managed identity."""
    tenant.principals[LIFECYCLE] = "Application"
    refused = await run(tenant, "--apply")
    assert refused.code == 1
    assert "no managed identity" in refused.err
    assert tenant.grants == []


async def test_a_role_that_this_cloud_lacks_stops_the_run(tenant: Tenant) -> None:
    """A role that Graph does not define here is named, and nothing is granted."""
    del tenant.roles[NEEDED[0]]
    try:
        refused = await run(tenant, "--apply")
    finally:
        tenant.roles[NEEDED[0]] = f"role-{NEEDED[0]}"
    assert refused.code == 1
    assert NEEDED[0] in refused.err
    assert tenant.grants == []


async def test_throttling_is_waited_out(tenant: Tenant) -> None:
    """A 429 and a 503 are tried again, and the run succeeds."""
    tenant.refusals += [
        problem(429, "TooManyRequests", "Slow down.", **{"Retry-After": "0"}),
        problem(503, "ServiceUnavailable", "Later.", **{"Retry-After": "0"}),
    ]
    assert (await run(tenant, "--apply")).code == 0
    assert tenant.held(LIFECYCLE) == sorted(GRAPH_ROLES[App.LIFECYCLE])


async def test_a_refusal_says_what_to_do(tenant: Tenant) -> None:
    """A missing right ends in exit code 1, Graph's own words and the next step."""
    tenant.refusals.append(problem(403, "Authorization_RequestDenied", "Insufficient privileges."))
    refused = await run(tenant, "--plan")
    assert refused.code == 1
    assert "Insufficient privileges" in refused.err
    assert "Privileged Role Administrator" in refused.err


async def test_a_bad_token_is_not_printed(tenant: Tenant) -> None:
    """A refused sign-in is told without the token."""
    refused = await run(tenant, "--plan", token="a-token-for-another-cloud")
    assert refused.code == 1
    assert "a-token-for-another-cloud" not in refused.err + refused.out


async def test_the_token_goes_to_no_other_host(tenant: Tenant) -> None:
    """A next link that leaves Graph's host ends the run instead of carrying the token away."""
    for number in range(3):
        tenant.grant(LIFECYCLE, f"role-of-another-api-{number}", resource_id="another-api")
    tenant.foreign_next_link = True
    refused = await run(tenant, "--plan")
    assert refused.code == 1
    assert "another host" in refused.err


async def test_json_tells_the_same_to_programs(tenant: Tenant) -> None:
    """The JSON names per app what is granted, missing and too much."""
    granted, *missing = sorted(GRAPH_ROLES[App.LIFECYCLE])
    tenant.grant(LIFECYCLE, ROLES[granted])
    planned = await run(tenant, "--plan", "--json")
    apps = {app["app"]: app for app in json.loads(planned.out)["apps"]}
    assert apps["lifecycle"]["granted"] == [granted]
    assert sorted(apps["lifecycle"]["missing"]) == missing
    assert apps["intake"] == {
        "app": "intake",
        "principalId": PRINCIPALS[App.INTAKE],
        "granted": [],
        "missing": [],
        "excess": [],
    }


@pytest.mark.parametrize(
    "identities",
    [
        "lifecycle=x",
        "[]",
        '{"app": "lifecycle"}',
        '[{"app": "unknown", "principalId": "x"}]',
        json.dumps([{"app": app.value, "principalId": "one-for-all"} for app in App]),
    ],
)
async def test_bad_identities_are_refused_before_anything_is_sent(
    tenant: Tenant, identities: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Identities that are not one per app end in exit code 2 and no request."""
    with pytest.raises(SystemExit) as ended:
        await run(tenant, "--apply", identities=identities)
    assert ended.value.code == 2
    assert "--identities" in capsys.readouterr().err
    assert tenant.requests == []


def test_every_cloud_has_its_own_graph() -> None:
    """The roots are those of the national clouds' documentation, one each."""
    assert sorted(grant_graph_roles.ROOTS.values()) == [
        "https://dod-graph.microsoft.us",
        "https://graph.microsoft.com",
        "https://graph.microsoft.us",
        "https://microsoftgraph.chinacloudapi.cn",
    ]
