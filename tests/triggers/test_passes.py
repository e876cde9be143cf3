"""Passes over HTTP: who gets one, who does not, and what is left of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.approvals import plan_hash
from shared.domain.authentication import MethodType, PerUserMfaState, Unknown
from shared.domain.cases import Case, CaseState, Change, EventType, StepOutcome
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors.directory import (
    DirectoryUnavailable,
    PrivilegesUnreadable,
    RequestRejected,
)
from shared.domain.errors.passes import PassNeedsApproval
from shared.domain.ids import CaseId, UserId
from shared.domain.passes.methods_policy import CERTIFICATES, PASSES, MethodRule, PassTerms
from shared.domain.people.standing import Privilege
from shared.domain.registries import Entry, Registry
from shared.names import FunctionName
from tests.builders import CASE_ID, USER_ID, a_case, accepted
from tests.contract.leases import PlainLease
from tests.fakes.passes import ALLOWED
from tests.triggers.deployment import Deployment, assert_problem, principal, told

pytestmark = pytest.mark.usefixtures("guarded")

HELPDESK = principal("Helpdesk", object_ids=("hhhh-1",))
COLLEAGUE = principal("Helpdesk", object_ids=("hhhh-2",))
APPROVER = principal("Approver", "Helpdesk", object_ids=("pppp-1",))
NOBODY = MethodRule(enabled=True, included=frozenset({"nobody"}), excluded=frozenset())


async def waiting(case: Case | None = None, deployment: Deployment | None = None) -> Deployment:
    """A deployment that acts, with a case that waits for its person to register."""
    deployment = deployment or Deployment()
    await deployment.controls.replace(
        Capability.ONBOARDING, ControlEntry(), ControlEntry(mode=Mode.ACT)
    )
    case = case or a_case(CaseState.WAITING_REGISTRATION)
    assert case.user_id is not None
    if case.user_id not in deployment.directory.people:
        deployment.directory.add("robin@contoso.example", user_id=case.user_id)
    await deployment.cases.create(accepted(case))
    return deployment


async def ask(
    deployment: Deployment, by: dict[str, str] = HELPDESK, case_id: CaseId = CASE_ID
) -> Any:  # noqa: ANN401  (the answer of any function)
    """The answer to who asks for a pass."""
    return await deployment.call(FunctionName.COLLECT_PASS, headers=by, path={"caseId": case_id})


async def refusal(deployment: Deployment, status: int, by: dict[str, str] = HELPDESK) -> str:
    """The code with which a pass is refused; nobody could sign in with one afterwards."""
    code: str = assert_problem(await ask(deployment, by), status)["code"]
    if USER_ID in deployment.directory.people:
        assert deployment.passes.of(USER_ID) == set()
    return code


async def steps(deployment: Deployment) -> list[tuple[str, StepOutcome]]:
    """What the case says."""
    stored = await deployment.services.read_case(CASE_ID)
    return [(step.action, step.outcome) for step in stored.steps[1:]]


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


async def test_a_privileged_person_s_pass_is_approved_first() -> None:
    """A case asks for the approval; who asked does not give it, who gave it does not collect."""
    deployment = await waiting()
    deployment.privileges.held[USER_ID] = Privilege.ELIGIBLE
    assert await refusal(deployment, 409) == "pass-needs-approval"
    asking = (await deployment.services.read_case(CASE_ID)).case
    assert asking.state is CaseState.AWAITING_APPROVAL
    assert await refusal(deployment, 409) == "not-ready"
    body = b'{"planHash":"%s"}' % plan_hash(asking).encode()
    for person, status in ((principal("Approver", object_ids=("hhhh-1",)), 403), (APPROVER, 200)):
        approval = await deployment.call(
            FunctionName.APPROVE_CASE, headers=person, path={"caseId": CASE_ID}, body=body
        )
        assert approval.status_code == status
    assert await refusal(deployment, 403, APPROVER) == "own-pass"
    assert (await ask(deployment)).status_code == 200


async def test_who_may_be_privileged_counts_as_privileged() -> None:
    """Where roles may not be read, a pass needs an approval; where Graph is away, it waits."""
    deployment = await waiting()
    deployment.privileges.troubles = [DirectoryUnavailable("Graph is away.")]
    assert await refusal(deployment, 503) == "directory-unavailable"
    deployment.privileges.troubles = [PrivilegesUnreadable("No role.")] * 2
    assert await refusal(deployment, 409) == "pass-needs-approval"


async def test_the_guard_looks_again_at_the_write() -> None:
    """Who becomes privileged while a pass is collected gets none without an approval."""
    deployment = await waiting()
    guarded = deployment.services.passes
    deployment.privileges.held[USER_ID] = Privilege.ROLE
    with pytest.raises(PassNeedsApproval):
        await guarded.create(
            USER_ID,
            PassTerms(lifetime=timedelta(hours=1), usable_once=True),
            approved=False,
            capability=Capability.ONBOARDING,
            lease=PlainLease(USER_ID),
        )
    assert deployment.passes.values == {}


async def test_no_pass_before_the_break_glass_accounts_are_found() -> None:
    """Nothing is made while fewer than two break-glass entries resolve."""
    deployment = await waiting()
    deployment.break_glass.missing = True
    assert await refusal(deployment, 409) == "break-glass-missing"
    assert deployment.collections.kept == {}


async def test_excluded_people_get_none() -> None:
    """Who is on a registry is refused, whoever agrees."""
    deployment = await waiting()
    for registry, code in (
        (Registry.EXCLUSIONS, "excluded-account"),
        (Registry.PROTECTED, "protected-account"),
    ):
        entry = Entry(
            user_id=USER_ID,
            owner="Identity team",
            reason="A test",
            expires_at=None,
            added_by="aaaa-1",
            added_at=deployment.clock.now(),
        )
        await deployment.registries.replace(registry, None, entry)
        deployment.clock.advance(timedelta(seconds=6))
        assert await refusal(deployment, 409) == code


async def test_an_approval_lasts_eight_hours() -> None:
    """After that the next pass has to be approved anew."""
    deployment = await waiting()
    deployment.privileges.held[USER_ID] = Privilege.ELIGIBLE
    await ask(deployment)
    asking = (await deployment.services.read_case(CASE_ID)).case
    await deployment.services.approve_case(CASE_ID, plan_hash(asking), "pppp-1")
    deployment.clock.advance(timedelta(hours=8))
    assert await refusal(deployment, 409) == "pass-needs-approval"


async def test_an_unanswered_creation_leaves_no_pass() -> None:
    """A pass that did not reach us is removed before the answer; then there is another one."""
    deployment = await waiting()
    deployment.passes.lost.append(DirectoryUnavailable("The answer is lost."))
    assert await refusal(deployment, 503) == "pass-unanswered"
    assert deployment.passes.values != {}
    assert await refusal(deployment, 503) == "pass-unanswered"
    deployment.clock.advance(timedelta(seconds=5))
    assert (await ask(deployment)).status_code == 200
    assert await steps(deployment) == [
        ("pass", StepOutcome.BEGUN),
        ("withdraw-pass", StepOutcome.UNVERIFIED),
        ("withdraw-pass", StepOutcome.DONE),
        ("pass", StepOutcome.BEGUN),
        ("pass", StepOutcome.DONE),
    ]


async def test_what_could_not_be_removed_at_once_is_removed_by_the_timer() -> None:
    """Where Graph stays away, the case says so, and the timer makes it good."""
    deployment = await waiting()
    away = DirectoryUnavailable("Graph is away.")
    deployment.passes.lost.append(away)
    deployment.directory.troubles += [None, None, None, away]
    assert assert_problem(await ask(deployment), 503)["code"] == "pass-unanswered"
    assert len(deployment.passes.of(USER_ID)) == 1
    assert (await steps(deployment))[-1] == ("withdraw-pass", StepOutcome.DEFERRED)
    for _ in range(2):
        await deployment.functions[FunctionName.WITHDRAW_PASSES](None)
        deployment.clock.advance(timedelta(minutes=1))
        assert deployment.passes.of(USER_ID) == set()
    assert (await steps(deployment))[-1] == ("withdraw-pass", StepOutcome.DONE)
    assert deployment.collections.kept == {}


async def test_where_nobody_could_look_the_pass_has_expired_in_the_end() -> None:
    """A record is kept for as long as a pass may be usable, and then the case says so."""
    deployment = await waiting()
    deployment.passes.lost.append(DirectoryUnavailable("Graph is away."))
    deployment.directory.troubles += [None, None, None, *[DirectoryUnavailable("Away.")] * 3]
    await ask(deployment)
    await deployment.functions[FunctionName.WITHDRAW_PASSES](None)
    assert deployment.collections.kept != {}
    deployment.clock.advance(timedelta(minutes=71))
    await deployment.functions[FunctionName.WITHDRAW_PASSES](None)
    assert deployment.collections.kept == {}
    assert (await steps(deployment))[-1] == ("withdraw-pass", StepOutcome.UNVERIFIED)


async def test_a_refusal_by_graph_is_final() -> None:
    """What Graph refused was not made: there is nothing to withdraw."""
    deployment = await waiting()
    deployment.passes.limits = replace(deployment.passes.limits, shortest=timedelta(hours=2))
    assert await refusal(deployment, 503) == RequestRejected.code
    assert deployment.collections.kept == {}
    assert (await steps(deployment))[-1] == ("pass", StepOutcome.REFUSED)


async def test_a_pass_that_can_t_be_used_is_withdrawn() -> None:
    """A pass that Graph calls useless is not handed out, and not left."""
    deployment = await waiting()
    deployment.passes.unusable = "DisabledByPolicy"
    assert await refusal(deployment, 409) == "pass-not-allowed"


async def test_a_pass_that_is_not_on_record_is_not_handed_out() -> None:
    """Where the record of a collection can't be closed, the pass is withdrawn."""
    deployment = await waiting()
    deployment.collections.stuck = True
    assert await refusal(deployment, 503) == "pass-unanswered"
    assert deployment.collections.kept != {}


async def test_two_collectors_at_once_have_one_pass_that_counts() -> None:
    """Both are answered, one after the other; the later pass takes the place of the earlier."""
    deployment = await waiting()
    answers = await asyncio.gather(ask(deployment), ask(deployment, COLLEAGUE))
    values = {told(answer)["temporaryAccessPass"] for answer in answers}
    assert len(values) == 2
    assert deployment.passes.of(USER_ID) < values


async def test_an_unknown_case_has_no_pass() -> None:
    """A case that does not exist is not found, whatever its id looks like."""
    deployment = await waiting()
    for case_id in ("", "x", "f" * 32):
        answer = await ask(deployment, case_id=CaseId(case_id))
        assert assert_problem(answer, 404)["code"] == "not-found"
