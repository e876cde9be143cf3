"""Passes over HTTP: who gets one, who does not, and what is left of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.authentication import MethodType, PerUserMfaState, Unknown
from shared.domain.cases import CaseState, Change, EventType, StepOutcome
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.ids import CaseId, UserId
from shared.domain.passes.methods_policy import CERTIFICATES, PASSES, MethodRule
from tests.builders import CASE_ID, USER_ID, a_case, accepted
from tests.fakes.passes import ALLOWED
from tests.triggers.deployment import Deployment, assert_problem, principal, told
from tests.triggers.pass_requests import COLLEAGUE, NOBODY, ask, refusal, steps, waiting

pytestmark = pytest.mark.usefixtures("guarded")


async def test_a_pass_is_handed_out() -> None:
    """Who may collect gets a pass for one use, for as long as the settings say."""
    deployment = await waiting()
    answer = await ask(deployment)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    document = told(answer)
    assert document.keys() == {"temporaryAccessPass", "startsAt", "expiresAt", "isUsableOnce"}
    assert {document["temporaryAccessPass"]} == deployment.passes.of(USER_ID)
    assert document["isUsableOnce"] is True
    assert await steps(deployment) == [("pass", StepOutcome.BEGUN), ("pass", StepOutcome.DONE)]
    assert deployment.collections.kept == {}


async def test_the_case_says_who_collected_it_and_until_when_it_lasts() -> None:
    """The case and its event tell of the pass, and not what it is."""
    deployment = await waiting()
    document = told(await ask(deployment))
    stored = await deployment.services.read_case(CASE_ID)
    last = stored.steps[-1]
    until = deployment.clock.now() + timedelta(hours=1)
    assert last.after == until.isoformat()
    assert "hhhh-1" in (last.detail or "")
    assert stored.events[-1].type is EventType.PASS_COLLECTED
    assert document["temporaryAccessPass"] not in repr(stored)


@pytest.mark.parametrize("state", sorted(set(CaseState)))
async def test_a_pass_is_for_who_is_waited_for(state: CaseState) -> None:
    """Before the worker is done, and once the case is over, there is no pass."""
    deployment = await waiting(a_case(state, user_id=USER_ID))
    if state in {CaseState.WAITING_REGISTRATION, CaseState.OVERDUE}:
        assert (await ask(deployment)).status_code == 200
    else:
        assert await refusal(deployment, 409) == "not-ready"


async def test_no_pass_while_a_change_is_under_way() -> None:
    """A worker that has begun something comes to its end first."""
    case = a_case(CaseState.OVERDUE)
    begun = Change(
        effect=SetMfaState(PerUserMfaState.ENFORCED),
        before="enabled",
        begun_at=case.updated_at,
        then=CaseState.ENFORCED,
    )
    assert await refusal(await waiting(replace(case, change=begun)), 409) == "not-ready"


@pytest.mark.parametrize("method_type", [MethodType.MICROSOFT_AUTHENTICATOR, MethodType.FIDO2])
async def test_no_pass_for_who_has_registered(method_type: MethodType) -> None:
    """Who has a method of their own needs no pass, whatever the case says yet."""
    deployment = await waiting()
    deployment.directory.register(USER_ID, method_type)
    assert await refusal(deployment, 409) == "already-registered"


async def test_no_pass_for_who_has_a_method_that_nobody_knows() -> None:
    """A kind of method that we don't know may be a usable one."""
    deployment = await waiting()
    deployment.directory.register(USER_ID, MethodType.UNRECOGNISED)
    assert await refusal(deployment, 503) == "state-unknown"


@pytest.mark.parametrize("method_type", [MethodType.EMAIL, MethodType.WINDOWS_HELLO])
async def test_a_pass_for_who_can_t_sign_in_elsewhere(method_type: MethodType) -> None:
    """What signs in nowhere, or on one machine only, is no method that one could use."""
    deployment = await waiting()
    deployment.directory.register(USER_ID, method_type)
    assert (await ask(deployment)).status_code == 200


@pytest.mark.parametrize(
    "part", [{"actors": frozenset({"HHHH-1"})}, {"approvers": frozenset({"hhhh-1"})}]
)
async def test_who_has_a_part_in_the_case_collects_nothing(part: dict[str, Any]) -> None:
    """Who asked for the case or approved it is refused, and the case says so once."""
    deployment = await waiting(replace(a_case(CaseState.WAITING_REGISTRATION), **part))
    for _ in range(2):
        assert await refusal(deployment, 403) == "own-pass"
    assert await steps(deployment) == [("pass", StepOutcome.REFUSED)]
    assert (await ask(deployment, COLLEAGUE)).status_code == 200


async def test_nobody_collects_their_own_pass() -> None:
    """The person whom the pass would let in is refused."""
    deployment = await waiting()
    own = principal("Helpdesk", object_ids=(USER_ID.upper(),))
    assert await refusal(deployment, 403, own) == "own-pass"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"guest": True}, "guest-account"), ({"enabled": False}, "account-disabled")],
)
async def test_guests_and_blocked_accounts_get_none(fields: dict[str, Any], code: str) -> None:
    """They are refused, with an audited reason."""
    deployment = Deployment()
    deployment.directory.add("robin@contoso.example", user_id=USER_ID, **fields)
    await waiting(deployment=deployment)
    assert await refusal(deployment, 409) == code
    assert await steps(deployment) == [("pass", StepOutcome.REFUSED)]


async def test_who_is_gone_gets_none() -> None:
    """An account that was deleted meanwhile gets no pass."""
    deployment = await waiting()
    deployment.directory.remove(USER_ID)
    assert await refusal(deployment, 409) == "account-not-found"


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({PASSES: replace(ALLOWED, enabled=False)}, "pass-not-allowed"),
        ({PASSES: NOBODY}, "pass-not-allowed"),
        ({PASSES: replace(ALLOWED, excluded=frozenset({"theirs"}))}, "pass-not-allowed"),
        ({PASSES: ALLOWED, CERTIFICATES: ALLOWED}, "registers-elsewhere"),
        ({PASSES: ALLOWED, CERTIFICATES: ALLOWED, "fido2": NOBODY}, "registers-elsewhere"),
    ],
)
async def test_the_tenant_s_policy_decides(rules: dict[str, MethodRule], code: str) -> None:
    """Whom the policy lets use no pass, or nothing that is registered, gets none."""
    deployment = await waiting()
    deployment.checks.rules = rules
    deployment.checks.members = {"theirs": {USER_ID}}
    assert await refusal(deployment, 409) == code


async def test_certificates_beside_other_methods_are_no_obstacle() -> None:
    """Who may use certificates and something else can register the something else."""
    deployment = await waiting()
    deployment.checks.rules = {PASSES: ALLOWED, CERTIFICATES: ALLOWED, "fido2": ALLOWED}
    assert (await ask(deployment)).status_code == 200


async def test_federated_people_register_elsewhere() -> None:
    """Who signs in at another identity provider is told so; where it is unknown, there is none."""
    deployment = await waiting()
    deployment.checks.elsewhere[USER_ID] = True
    assert await refusal(deployment, 409) == "registers-elsewhere"
    deployment.checks.elsewhere[USER_ID] = Unknown("The test does not tell.")
    assert await refusal(deployment, 503) == "state-unknown"


@pytest.mark.parametrize(
    ("shortest", "longest", "lasts"), [(10, 30, 30), (10, 480, 60), (120, 480, 120)]
)
async def test_the_lifetime_keeps_to_the_policy(shortest: int, longest: int, lasts: int) -> None:
    """A pass lasts as long as the settings say, inside the limits of the tenant."""
    deployment = await waiting()
    limits = replace(
        deployment.checks.limits,
        shortest=timedelta(minutes=shortest),
        longest=timedelta(minutes=longest),
    )
    deployment.checks.limits = deployment.passes.limits = limits
    document = told(await ask(deployment))
    until = deployment.clock.now() + timedelta(minutes=lasts)
    assert document["expiresAt"] == until.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(("mode", "code"), [(Mode.OBSERVE, "observing"), (Mode.STOP, "stopped")])
async def test_nothing_is_made_unless_onboarding_acts(mode: Mode, code: str) -> None:
    """Neither observing nor stopped onboarding hands out a pass."""
    deployment = await waiting()
    old = await deployment.controls.entry(Capability.ONBOARDING)
    await deployment.controls.replace(Capability.ONBOARDING, old, ControlEntry(mode=mode))
    assert await refusal(deployment, 409) == code
    assert deployment.passes.values == {}


async def test_three_passes_a_case() -> None:
    """A case has three passes, each in place of the one before."""
    deployment = await waiting()
    values = [told(await ask(deployment))["temporaryAccessPass"] for _ in range(3)]
    assert deployment.passes.of(USER_ID) == {values[-1]}
    assert assert_problem(await ask(deployment), 409)["code"] == "passes-used-up"
    assert len(set(values)) == len(deployment.passes.values) == 3


async def test_ten_passes_an_hour_for_a_collector() -> None:
    """In any hour one person collects ten passes, also when they ask for all of them at once."""
    ids = [CaseId(f"{number:032x}") for number in range(14)]
    deployment = Deployment()
    for number, case_id in enumerate(ids):
        user = UserId(f"{number:08x}-0000-4000-8000-000000000001")
        case = a_case(CaseState.WAITING_REGISTRATION, case_id=case_id, user_id=user)
        deployment.directory.add(f"p{number}@contoso.example", user_id=user)
        await deployment.cases.create(accepted(case))
    await deployment.controls.replace(
        Capability.ONBOARDING, ControlEntry(), ControlEntry(mode=Mode.ACT)
    )
    answers = await asyncio.gather(*(ask(deployment, case_id=one) for one in ids[:12]))
    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [429] * 2
    assert (await ask(deployment, COLLEAGUE, ids[12])).status_code == 200
    deployment.clock.advance(timedelta(minutes=59))
    assert (await ask(deployment, case_id=ids[13])).status_code == 429
    deployment.clock.advance(timedelta(minutes=2))
    assert (await ask(deployment, case_id=ids[13])).status_code == 200
