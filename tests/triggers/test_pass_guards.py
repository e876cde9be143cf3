"""Passes for privileged, protected and excluded people: what stands before them."""

from datetime import timedelta

import pytest

from shared.domain.approvals import plan_hash
from shared.domain.cases import CaseState, StepOutcome
from shared.domain.control import LET_IN, Capability, ControlEntry, Mode
from shared.domain.errors.directory import (
    DirectoryUnavailable,
    PrivilegesUnreadable,
)
from shared.domain.errors.passes import PassNeedsApproval
from shared.domain.passes.methods_policy import PassTerms
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege
from shared.domain.registries import Entry, Registry
from shared.names import FunctionName
from tests.builders import CASE_ID, USER_ID, a_case
from tests.contract.leases import A_SPENDER, PlainLease
from tests.triggers.deployment import principal
from tests.triggers.pass_requests import APPROVER, ask, refusal, steps, waiting
from tests.unit.domain.reset.decisions import a_reset

pytestmark = pytest.mark.usefixtures("guarded")


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
            impact=Impact.GIVE_PASS,
            approved=False,
            capability=Capability.ONBOARDING,
            lease=PlainLease(USER_ID),
            spender=A_SPENDER,
        )
    assert deployment.passes.values == {}


async def test_no_pass_before_the_break_glass_accounts_are_found() -> None:
    """Nothing is made while fewer than two break-glass entries resolve."""
    deployment = await waiting()
    deployment.break_glass.missing = True
    assert await refusal(deployment, 409) == "break-glass-missing"
    assert deployment.collections.kept == {}


async def test_a_suspended_source_s_people_get_none() -> None:
    """What it asked for rests, a pass that the helpdesk would hand over included."""
    deployment = await waiting()
    source = a_case().source
    suspended = ControlEntry(mode=Mode.STOP)
    await deployment.controls.replace(source, LET_IN, suspended)
    assert await refusal(deployment, 403) == "source-suspended"
    assert deployment.collections.kept == {}
    assert await steps(deployment) == [("pass", StepOutcome.REFUSED)]
    await deployment.controls.replace(source, suspended, LET_IN)
    deployment.clock.advance(timedelta(seconds=6))
    assert (await ask(deployment)).status_code == 200


async def test_a_pass_that_replaces_a_device_is_not_called_for_a_suspended_source() -> None:
    """To call for it would have the methods in the old device removed."""
    case = a_reset(CaseState.AWAITING_COLLECTION)
    deployment = await waiting(case)
    await deployment.controls.replace(case.source, LET_IN, ControlEntry(mode=Mode.STOP))
    assert await refusal(deployment, 403) == "source-suspended"
    assert (await deployment.services.read_case(CASE_ID)).case.state is case.state


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
