"""One person live, as people read it: who may, what comes, and what nobody can tell."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, Final

import azure.functions as func
import pytest

from functions.access import Role
from shared.application.sweep.posture import TENANT_AGE
from shared.domain.authentication import PerUserMfaState
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import LicenceMissing, PermissionMissing, Throttled
from shared.domain.ids import UserId
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.rows import PersonRow, RegistrationRow
from shared.domain.sweep.slices import Slice
from shared.names import FunctionName
from tests.builders import USER_ID
from tests.properties.swept_tenant import GONE, LEFT_OUT, STAFF, SweptTenant, a_policy, populated
from tests.triggers.deployment import Deployment, assert_problem, principal, told
from tests.triggers.stages import work_through

pytestmark = pytest.mark.usefixtures("guarded")

READER: Final = principal("Reader", object_ids=("aaaa-7",))
KIM: Final = UserId("a0000000-0000-4000-8000-00000000000a")
GUEST: Final = "Kim_fabrikam.example#EXT#@contoso.example"
VIEW: Final = {
    "userId",
    "verdict",
    "summary",
    "reasons",
    "evidence",
    "legacyAuthentication",
    "appPasswords",
    "appPasswordLedger",
    "appPasswordExposure",
    "sspr",
    "asOf",
}


def with_kim(**row: Any) -> Deployment:  # noqa: ANN401  (any fact about Kim)
    """An app in a tenant of one person, of whom nothing but their own state requires MFA."""
    facts = {"sign_in_name": GUEST, "state": PerUserMfaState.ENFORCED, **row}
    means = frozenset({Means.AUTHENTICATOR_PUSH})
    told_of = RegistrationRow(
        user_id=KIM, means=means, capable=True, sspr_registered=True, sspr_capable=True
    )
    return Deployment(
        swept=SweptTenant(
            everybody={KIM: PersonRow(user_id=KIM, **facts)}, registered={KIM: told_of}
        )
    )


async def ask(
    deployment: Deployment, user: str = KIM, headers: Mapping[str, str] = READER
) -> func.HttpResponse:
    """Ask for somebody by object id."""
    return await deployment.call(FunctionName.GET_POSTURE, headers=headers, path={"objectId": user})


async def find(deployment: Deployment, name: str) -> func.HttpResponse:
    """Ask for somebody by sign-in name."""
    body = json.dumps({"userPrincipalName": name}).encode()
    return await deployment.call(FunctionName.FIND_POSTURE, headers=READER, body=body)


async def posture(deployment: Deployment, user: str = KIM) -> dict[str, Any]:
    """What is true of somebody now."""
    answer = await ask(deployment, user)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    view: dict[str, Any] = told(answer)
    assert view.keys() == VIEW
    return view


def known(view: dict[str, Any], fact: str) -> str:
    """What is known of a fact."""
    (found,) = (one["known"] for one in view["evidence"] if one["fact"] == fact)
    return str(found)


async def swept(deployment: Deployment) -> dict[UserId, Verdict]:
    """What a sweep finds now of everybody who may sign in."""
    run = await deployment.services.start_run("timer")
    await work_through(deployment.functions, deployment.stages)
    stored = await deployment.runs.load(run.run_id)
    assert stored is not None
    parts = [Slice(number, stored.run.slices) for number in range(stored.run.slices)]
    found = [line for part in parts for line in await deployment.snapshots.lines(run.run_id, part)]
    return {line.user_id: line.verdict for line in found}


@pytest.mark.parametrize("role", Role)
async def test_every_role_may_ask(role: Role) -> None:
    """Whoever has a role; who has none is refused, and nothing is read."""
    deployment = with_kim()
    assert (await ask(deployment, headers=principal())).status_code == 403
    assert (await ask(deployment, headers={})).status_code == 401
    assert deployment.swept.asked == []
    assert (await ask(deployment, headers=principal(role))).status_code == 200


async def test_the_view_tells_the_verdict_with_its_proof() -> None:
    """What is required, what is registered, which doors are open, and when it was read."""
    deployment = with_kim()
    view = await posture(deployment)
    assert (view["userId"], view["verdict"]) == (KIM, "protected")
    assert [one["code"] for one in view["reasons"]] == ["per-user-enforced"]
    assert known(view, "per-user-state") == "enforced"
    assert known(view, "methods") == "authenticator-push"
    assert view["sspr"] == {"registered": True, "enabled": False, "capable": True}
    assert view["asOf"] == deployment.clock.now().isoformat().replace("+00:00", "Z")
    assert GUEST not in json.dumps(view)


@pytest.mark.parametrize("name", [GUEST, GUEST.lower(), GUEST.upper()])
async def test_a_person_is_the_same_by_id_and_by_sign_in_name(name: str) -> None:
    """However it is written; an invited person's name holds what no address may."""
    deployment = with_kim()
    expected = await posture(deployment)
    assert told(await find(deployment, name)) == expected
    assert await posture(deployment, KIM.upper()) == expected


@pytest.mark.parametrize("name", ["robin@contoso.example", "me", "", "../groups", f"{KIM}\n"])
async def test_only_an_object_id_stands_in_the_address(name: str) -> None:
    """A sign-in name there would be in everybody's logs; nothing is read."""
    deployment = with_kim()
    assert assert_problem(await ask(deployment, name), 400)["code"] == "invalid-request"
    assert deployment.swept.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'{"userPrincipalName":1}',
        b'{"userPrincipalName":"robin"}',
        b'{"userPrincipalName":"robin@contoso.example\\n"}',
        b'{"userPrincipalName":"robin@contoso.example","x":1}',
        b'{"userPrincipalName":"\xff@contoso.example"}',
        b'{"userPrincipalName":"%s@contoso.example"}' % (b"x" * 256),
    ],
)
async def test_a_body_that_asks_for_nobody(body: bytes) -> None:
    """It is refused before anything is read, and not repeated."""
    deployment = with_kim()
    answer = await deployment.call(FunctionName.FIND_POSTURE, headers=READER, body=body)
    assert "contoso" not in assert_problem(answer, 400)["detail"]
    assert deployment.swept.asked == []


async def test_there_is_nobody_of_this_name() -> None:
    """By object id and by sign-in name; the answer does not repeat it."""
    deployment = with_kim()
    for answer in (await ask(deployment, USER_ID), await find(deployment, "x@contoso.example")):
        problem = assert_problem(answer, 404)
        assert problem["code"] == "not-found"
        assert "contoso" not in problem["detail"]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("report", [True, False])
@pytest.mark.parametrize("refused", [None, STAFF, LEFT_OUT])
async def test_the_sweep_and_a_look_at_everybody_agree(
    seed: int, refused: str | None, *, report: bool
) -> None:
    """Whatever the report, and where the members of a group can't be read, too."""
    tenant = populated(Random(seed), 20)  # noqa: S311  (it makes test data)
    tenant.report = report
    if report:
        # Of whom it tells nothing yet a sweep can't tell; who looks now sees that it is nothing.
        nothing = {user: RegistrationRow(user_id=user, capable=True) for user in tenant.everybody}
        tenant.registered = nothing | tenant.registered
    if refused is not None:
        tenant.refused = {f"member {refused}": PermissionMissing("no role")}
    deployment = Deployment(swept=tenant)
    expected = await swept(deployment)
    assert expected
    live = {user: (await posture(deployment, user))["verdict"] for user in expected}
    assert live == expected
    assert len(set(live.values())) > 1


async def test_who_is_exempt_is_so_live() -> None:
    """Our own records count as they do for a sweep."""
    deployment = with_kim(state=PerUserMfaState.DISABLED)
    deployment.swept.own = replace(deployment.swept.own, exempt=frozenset({KIM}))
    assert (await posture(deployment))["verdict"] == "exempt"


@pytest.mark.parametrize(("enabled", "told_of"), [(True, "open"), (False, "blocked")])
async def test_the_view_says_whether_they_may_sign_in(told_of: str, *, enabled: bool) -> None:
    """Of a blocked account the rest is what would hold if it were open."""
    assert known(await posture(with_kim(enabled=enabled)), "sign-in") == told_of


@pytest.mark.parametrize(("what", "fact"), [("states", "per-user-state"), ("methods", "methods")])
async def test_what_cannot_be_read_is_unknown_with_its_cause(what: str, fact: str) -> None:
    """Neither `disabled` nor nothing registered; the view says why nobody can tell."""
    deployment = with_kim()
    deployment.swept.refused = {what: PermissionMissing("The role is missing.")}
    view = await posture(deployment)
    assert view["verdict"] == "unknown"
    assert known(view, fact) == "unknown: The role is missing."
    assert any("The role is missing." in one["detail"] for one in view["reasons"])


async def test_a_group_that_cannot_be_read_is_named() -> None:
    """Who may be in it or not is judged as if nobody could tell."""
    deployment = with_kim(state=PerUserMfaState.DISABLED)
    deployment.swept.policies = [a_policy()]
    deployment.swept.refused = {f"member {STAFF}": PermissionMissing("no role")}
    view = await posture(deployment)
    assert (view["verdict"], known(view, "unread-groups")) == ("unknown", STAFF)


@pytest.mark.parametrize("error", [LicenceMissing("no licence"), PermissionMissing("no role")])
async def test_without_the_report_only_password_reset_is_unknown(error: LifecycleError) -> None:
    """The verdict stands on the live list."""
    deployment = with_kim()
    deployment.swept.refused = {"reported": error}
    view = await posture(deployment)
    assert view["verdict"] == "protected"
    assert view["sspr"] == {"registered": None, "enabled": None, "capable": None}


async def test_who_is_not_in_the_report_yet_has_nothing_told_of_them() -> None:
    """Not that they lack anything."""
    deployment = with_kim()
    deployment.swept.registered.clear()
    assert set((await posture(deployment))["sspr"].values()) == {None}


@pytest.mark.parametrize("what", ["person", "tenant", "states", "methods", "reported"])
async def test_passing_trouble_is_no_verdict(what: str) -> None:
    """Who asks is told to come again, and then all is as it was."""
    deployment = with_kim()
    deployment.swept.refused = {what: Throttled("429")}
    assert_problem(await ask(deployment), 503)
    deployment.swept.refused = {}
    assert (await posture(deployment))["verdict"] == "protected"


async def test_the_tenant_is_read_once_a_minute() -> None:
    """Whoever asks meanwhile, side by side too, is judged by what was read; then it is anew."""
    deployment = with_kim()
    await asyncio.gather(*(ask(deployment) for _ in range(3)))
    deployment.clock.advance(TENANT_AGE - timedelta(seconds=1))
    began = deployment.clock.now() - (TENANT_AGE - timedelta(seconds=1))
    view = await posture(deployment)
    assert view["asOf"] == began.isoformat().replace("+00:00", "Z")
    assert deployment.swept.asked.count("tenant") == 1
    deployment.swept.policies = [a_policy(users={"includeUsers": ["All"]})]
    deployment.swept.everybody[KIM] = replace(
        deployment.swept.everybody[KIM], state=PerUserMfaState.DISABLED
    )
    # Their own state is read each time.
    assert (await posture(deployment))["verdict"] == "unprotected"
    deployment.clock.advance(timedelta(seconds=1))
    assert (await posture(deployment))["verdict"] == "protected"
    assert deployment.swept.asked.count("tenant") == 2


async def test_only_groups_that_count_are_asked_about() -> None:
    """Those that policies name, and for the left out who could join them."""
    deployment = with_kim()
    deployment.swept.policies = [a_policy()]
    await posture(deployment)
    asked = {one for one in deployment.swept.asked if " of " in one}
    members = {f"member {group} of {KIM}" for group in (STAFF, LEFT_OUT, GONE)}
    assert asked == members | {f"could-join {group} of {KIM}" for group in (LEFT_OUT, GONE)}


async def test_who_asks_is_logged_without_anybodys_name(caplog: pytest.LogCaptureFixture) -> None:
    """The reader and whom they read of, by object id; a name that is nobody's neither."""
    caplog.set_level(logging.DEBUG)
    deployment = with_kim()
    await ask(deployment)
    await find(deployment, GUEST)
    await find(deployment, "nobody@contoso.example")
    await ask(deployment, "nobody@contoso.example")
    lines = [one.getMessage() for one in caplog.records]
    assert lines.count(f"posture.read user_id={KIM} by=aaaa-7") == 2
    assert "@" not in caplog.text
