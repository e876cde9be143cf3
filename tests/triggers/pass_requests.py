"""How the tests of passes ask for one."""

from typing import Any

from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.ids import CaseId
from shared.domain.passes.methods_policy import MethodRule
from shared.names import FunctionName
from tests.builders import CASE_ID, USER_ID, a_case, accepted
from tests.triggers.deployment import Deployment, assert_problem, principal

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
