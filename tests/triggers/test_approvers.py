"""Several people decide about one case at once, over real tables: one outcome, told to all."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from itertools import count

import azure.functions as func
import pytest

from local.azurite.tables import ensure_tables
from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.leases import TableLeases
from shared.adapters.tables.store import Patience, TableStore
from shared.application.ports.cases import StoredCase
from shared.bootstrap import Services, build
from shared.domain.approvals import ask, is_approved, plan_hash
from shared.domain.cases import CaseState
from shared.domain.ids import CaseId, UserId
from shared.domain.people.rulings import Impact
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from shared.names import FunctionName
from shared.settings import Settings
from tests.builders import NOW, a_case, a_plan, accepted
from tests.fakes.broker import FakeBroker
from tests.stands.azurite import running_azurite
from tests.triggers.deployment import (
    SETTINGS,
    Deployment,
    assert_problem,
    principal,
    told,
)

pytestmark = pytest.mark.usefixtures("guarded")

APPROVERS = tuple(principal("Approver", object_ids=(f"bbbb-{number}",)) for number in range(4))
HELPDESK = principal("Helpdesk", object_ids=("hhhh-1",))
ROUNDS = 4
IMPACT = Impact.ENFORCE_UNREGISTERED
_numbers = count(1)


@pytest.fixture(scope="module")
def connection_string(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A table service of one's own."""
    with running_azurite(tmp_path_factory.mktemp("azurite")) as azurite:
        asyncio.run(ensure_tables(azurite.connection_string))
        yield azurite.connection_string


@dataclass(kw_only=True)
class Instance(Deployment):
    """One of several instances of the app, which share nothing but tables and broker."""

    store: TableStore

    def _services(self) -> Services:
        return build(
            # On the machine's clock: leases run on real time, and who waits for one really waits.
            Settings.from_environment(SETTINGS),
            cases=TableCases(self.store),
            leases=TableLeases(self.store, lasting=Settings.from_environment(SETTINGS).lease),
            commands=self.broker,
        )


@pytest.fixture
async def instances(connection_string: str) -> AsyncIterator[list[Instance]]:
    """Two instances of the app, each with its own connections."""
    broker = FakeBroker()
    patience = Patience(answer_within=20, attempt_within=10)
    stores = [
        TableStore.from_connection_string(connection_string, patience=patience) for _ in range(2)
    ]
    yield [Instance(store=store, broker=broker) for store in stores]
    for store in stores:
        await store.close()


async def waiting(instance: Instance) -> StoredCase:
    """A case of its own person that waits for an approval."""
    number = next(_numbers)
    user = UserId(f"a0000000-0000-4000-8000-{number:012d}")
    case = a_case(CaseState.OVERDUE, case_id=CaseId(f"{number:032x}"), user_id=user)
    cases = TableCases(instance.store)
    stored = await cases.create(accepted(case))
    return await cases.save(stored, ask(stored.case, IMPACT, Rules(), NOW, why="A test needs it."))


async def decide(
    instance: Instance, what: FunctionName, who: dict[str, str], stored: StoredCase
) -> func.HttpResponse:
    """The answer to a person who approves the plan that was read, or cancels the case."""
    body = json.dumps({"planHash": plan_hash(stored.case)}).encode()
    path = {"caseId": stored.case.case_id}
    return await instance.call(what, headers=who, path=path, body=body)


async def left(instance: Instance, stored: StoredCase) -> StoredCase:
    """The case as it stands in the tables."""
    found = await TableCases(instance.store).load(stored.case.case_id)
    assert found is not None
    return found


async def test_of_approvers_at_once_one_approves(instances: list[Instance]) -> None:
    """Whoever comes later hears that it was done; the case names one approver, once."""
    for _ in range(ROUNDS):
        stored = await waiting(instances[0])
        answers = await asyncio.gather(
            *(
                decide(instances[number % 2], FunctionName.APPROVE_CASE, who, stored)
                for number, who in enumerate(APPROVERS)
            )
        )
        approved, *late = sorted(answers, key=lambda answer: answer.status_code)
        assert (approved.status_code, told(approved)["state"]) == (200, "overdue")
        for answer in late:
            problem = assert_problem(answer, 409)
            assert problem["code"] == "illegal-transition"
            assert "It was approved already." in problem["detail"]
        ended = await left(instances[0], stored)
        (step,) = (step for step in ended.steps if step.action == "approve")
        assert ended.case.approval is not None
        assert step.detail == f"Approved by {ended.case.approval.by}."
        assert ended.case.approvers == {ended.case.approval.by}
        assert told(approved)["steps"][-1]["detail"] == step.detail


async def test_of_an_approval_and_a_cancellation_at_once_nobody_is_deceived(
    instances: list[Instance],
) -> None:
    """The case is cancelled in any order; the approver is told 200 only if theirs came first."""
    for turn in range(ROUNDS):
        stored = await waiting(instances[0])
        both = [
            decide(instances[0], FunctionName.APPROVE_CASE, APPROVERS[0], stored),
            decide(instances[1], FunctionName.CANCEL_CASE, HELPDESK, stored),
        ]
        answers = await asyncio.gather(*(both if turn % 2 else reversed(both)))
        approval, cancellation = answers if turn % 2 else reversed(answers)
        assert (cancellation.status_code, told(cancellation)["state"]) == (200, "cancelled")
        ended = await left(instances[0], stored)
        assert ended.case.state is CaseState.CANCELLED
        said = [step.action for step in ended.steps][2:]
        if approval.status_code == 200:
            assert said == ["approve", "cancel"]
        else:
            assert_problem(approval, 409)
            assert said == ["cancel"]
            assert ended.case.approval is None


async def test_who_approves_a_cancelled_case_is_told(instances: list[Instance]) -> None:
    """Nothing is approved after a cancellation, and the answer says how the case stands."""
    stored = await waiting(instances[0])
    cancelled = await decide(instances[0], FunctionName.CANCEL_CASE, HELPDESK, stored)
    assert cancelled.status_code == 200
    late = await decide(instances[1], FunctionName.APPROVE_CASE, APPROVERS[0], stored)
    assert "The case is cancelled" in assert_problem(late, 409)["detail"]
    ended = await left(instances[0], stored)
    assert (ended.case.state, ended.case.approval) == (CaseState.CANCELLED, None)


async def test_who_approves_a_plan_that_has_changed_is_told(instances: list[Instance]) -> None:
    """Two people approve, one of them what stood there before: only the present plan counts."""
    stored = await waiting(instances[0])
    other = replace(stored.case, plan=a_plan(enforce_by=NOW))
    changed = await TableCases(instances[0].store).save(stored, Transition(case=other))
    stale, fresh = await asyncio.gather(
        decide(instances[0], FunctionName.APPROVE_CASE, APPROVERS[0], stored),
        decide(instances[1], FunctionName.APPROVE_CASE, APPROVERS[1], changed),
    )
    assert stale.status_code == 409
    # Whichever came first, theirs was not the plan or nothing was left to approve.
    assert told(stale)["code"] in {"plan-changed", "illegal-transition"}
    assert fresh.status_code == 200
    ended = await left(instances[0], stored)
    assert ended.case.approval is not None
    assert ended.case.approval.by == "bbbb-1"
    assert is_approved(ended.case, IMPACT, ended.case.approval.at)


async def test_what_was_approved_before_the_plan_changed_counts_no_more(
    instances: list[Instance],
) -> None:
    """An approval is for the plan that was read: another plan is not approved by it."""
    stored = await waiting(instances[0])
    answer = await decide(instances[0], FunctionName.APPROVE_CASE, APPROVERS[0], stored)
    assert answer.status_code == 200
    approved = await left(instances[0], stored)
    assert approved.case.approval is not None
    at = approved.case.approval.at
    assert is_approved(approved.case, IMPACT, at)
    other = replace(approved.case, plan=a_plan(enforce_by=NOW))
    await TableCases(instances[0].store).save(approved, Transition(case=other))
    assert not is_approved((await left(instances[0], stored)).case, IMPACT, at)
