"""What each app may do with tables is what it does, over real tables: no less and no more."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from random import Random

import pytest

from local.azurite.tables import ensure_tables
from shared.adapters.tables.indexes import marks_of, write_indexes
from shared.adapters.tables.store import TableStore
from shared.application.ports.messages import DeadLetter
from shared.contracts.commands import encode_command
from shared.domain.approvals import ask, plan_hash
from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.budgets.flows import Budget, Flow
from shared.domain.budgets.limits import Allowance
from shared.domain.cases import CaseState
from shared.domain.contacts import ContactKind
from shared.domain.ids import CaseId, SourceName, UserId
from shared.domain.people.rulings import Impact
from shared.domain.schedules import Rules
from shared.domain.sweep.outcomes import Outcome
from shared.domain.sweep.pace import REPORTS
from shared.domain.sweep.reconciling import AuditLine
from shared.names import FUNCTIONS, App, FunctionName, Queue
from shared.rights import TABLE_RIGHTS
from tests.builders import a_case, accepted
from tests.fakes.broker import FakeBroker
from tests.fakes.directory import FakeDirectory
from tests.fakes.sweep_commands import FakeSweepCommands
from tests.infra.deployed import DeployedApp
from tests.properties.clock import WorldClock
from tests.properties.swept_tenant import populated
from tests.stands.azurite import running_azurite
from tests.triggers.deployment import DESK_SECRET, principal, signed, told

ADMINS = [
    principal("Admin", "Reader", "Helpdesk", "Approver", object_ids=(name,))
    for name in ("aaaa-1", "bbbb-2")
]
COLLECTOR = principal("Helpdesk", object_ids=("cccc-3",))


@pytest.fixture
def connection_string(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A table service of one's own."""
    with running_azurite(tmp_path_factory.mktemp("azurite")) as azurite:
        yield azurite.connection_string


@pytest.fixture
async def apps(
    connection_string: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[dict[App, DeployedApp]]:
    """The apps around one broker, one directory and one set of tables."""
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", "True")
    await ensure_tables(connection_string)
    broker, directory, clock = FakeBroker(), FakeDirectory(), WorldClock()
    stages, swept = FakeSweepCommands(), populated(Random(7), 12)  # noqa: S311  (it makes test data)
    async with AsyncExitStack() as stack:
        deployed = {
            app: DeployedApp(
                app=app,
                connection_string=connection_string,
                broker=broker,
                directory=directory,
                clock=clock,
                stages=stages,
                swept=swept,
            )
            for app in App
        }
        for one in deployed.values():
            await stack.enter_async_context(one.store)
        yield deployed


async def post(intake: DeployedApp, event: str, name: str) -> CaseId:
    """A joiner's webhook; the case that it opened."""
    told_of = {
        "id": event,
        "type": "joiner",
        "userPrincipalName": f"{name}@contoso.example",
        "employeeId": f"E-{name}",
    }
    answer = await intake.post(json.dumps(told_of).encode())
    return CaseId(told(answer)["caseId"])


async def take_in(intake: DeployedApp) -> CaseId:
    """An event comes, comes again, and comes to two hosts side by side."""
    case_id = await post(intake, "evt-1", "robin")
    assert await post(intake, "evt-1", "robin") == case_id
    stored = await intake.services.read_case(case_id)
    await intake.services.cases.create(accepted(stored.case))  # The slower host's, tidied away.
    await intake.call(FunctionName.GET_CASE, path={"caseId": case_id})
    await intake.call(FunctionName.OPENAPI)
    return case_id


async def prepare(apps: dict[App, DeployedApp]) -> None:
    """A person's contact data is kept, used or not, and forgotten; so is what is left over."""
    lifecycle = apps[App.LIFECYCLE]
    alex = lifecycle.directory.add("alex@contoso.example", employee_id="E-7")
    lifecycle.directory.contacts = lifecycle.services.contacts
    told = {
        "id": "evt-alex",
        "type": "joiner",
        "userPrincipalName": "alex@contoso.example",
        "employeeId": "E-7",
        "contact": {"email": "alex@example.org"},
    }
    await apps[App.INTAKE].post(json.dumps(told).encode())
    await lifecycle.work()
    assert lifecycle.directory.told == [(alex, ContactKind.EMAIL, "alex@example.org")]
    await lifecycle.fire(FunctionName.FORGET_CONTACTS)


async def go_through(apps: dict[App, DeployedApp], case_id: CaseId) -> None:
    """A person is enabled, registers and is enforced."""
    lifecycle = apps[App.LIFECYCLE]
    robin = lifecycle.directory.add("robin@contoso.example", employee_id="E-robin")
    await lifecycle.work()
    lifecycle.directory.register(robin, MethodType.MICROSOFT_AUTHENTICATOR)
    for _ in range(5):
        lifecycle.clock.advance(timedelta(hours=6))
        await lifecycle.fire(FunctionName.RECOVERY)
        await lifecycle.work()
    ended = await apps[App.INTAKE].services.read_case(case_id)
    assert ended.case.state is CaseState.COMPLETED


async def see_off(apps: dict[App, DeployedApp]) -> None:
    """A manager leaves: the case waits for an approval, and then for a human."""
    intake, _, reset, operators, _ = apps.values()
    user = reset.directory.add("ada@contoso.example", enabled=False)
    reset.directory.register(user, MethodType.UNRECOGNISED)
    reset.directory.add("bo@contoso.example", manager=user)
    told_of = {
        "id": "evt-left",
        "type": "leaver",
        "userPrincipalName": "ada@contoso.example",
        "effectiveAt": (reset.clock.now() - timedelta(days=2)).isoformat(),
    }
    case_id = CaseId(told(await intake.post(json.dumps(told_of).encode()))["caseId"])
    await reset.work()
    asked = await operators.services.read_case(case_id)
    approval = json.dumps({"planHash": plan_hash(asked.case)}).encode()
    await operators.call(
        FunctionName.APPROVE_CASE, headers=ADMINS[0], path={"caseId": case_id}, body=approval
    )
    await reset.work()
    parked = await operators.services.read_case(case_id)
    assert parked.case.state is CaseState.PARKED


async def enrol(apps: dict[App, DeployedApp]) -> None:
    """Somebody who works here already is enrolled, and an old list is dropped."""
    lifecycle, operators = apps[App.LIFECYCLE], apps[App.OPERATORS]
    noor = lifecycle.directory.add("noor@contoso.example")
    body = json.dumps({"users": [noor]}).encode()
    asked = await operators.call(FunctionName.REQUEST_ENROLMENT, headers=ADMINS[0], body=body)
    path = {"caseId": told(asked)["caseId"]}
    await lifecycle.work()
    planned = await apps[App.INTAKE].call(FunctionName.GET_CASE, path=path)
    confirmed = json.dumps({"planHash": told(planned)["planHash"]}).encode()
    await operators.call(FunctionName.CONFIRM_CASE, headers=ADMINS[0], path=path, body=confirmed)
    for _ in range(2):
        await lifecycle.work()
    page = await operators.call(FunctionName.LIST_ENROLLED, headers=ADMINS[0], path=path)
    assert told(page)["value"][0]["caseId"] is not None
    lifecycle.clock.advance(timedelta(days=91))
    await lifecycle.fire(FunctionName.FORGET_ENROLMENTS)
    page = await operators.call(FunctionName.LIST_ENROLLED, headers=ADMINS[0], path=path)
    assert told(page)["value"] == []


async def leave_an_orphan(connection_string: str, lifecycle: DeployedApp) -> None:
    """The rows beside a case of a host that died before it wrote the case."""
    case = a_case(CaseState.WAITING_REGISTRATION, user_id=UserId("orphan"))
    async with TableStore.from_connection_string(connection_string) as store:
        await write_indexes(store, case, marks_of(case, (), None))
    lifecycle.clock.advance(timedelta(hours=2))
    await lifecycle.fire(FunctionName.RECOVERY)


async def give_up(lifecycle: DeployedApp) -> None:
    """The broker gives up the command of a case, and something that is no command."""
    bodies = [encode_command(lifecycle.broker.commands.pop().command), b"garbage"]
    lifecycle.broker.dead_letters += [
        DeadLetter(message_id="m", queue=Queue.ONBOARDING, body=body, reason="tired", attempts=5)
        for body in bodies
    ]
    await lifecycle.fire(FunctionName.DEAD_LETTERS)


async def take_tickets(apps: dict[App, DeployedApp]) -> None:
    """Tickets come by HTTP and on the queue, one of them twice, one of them bad."""
    intake, _, reset, _, _ = apps.values()
    ticket = {"ticketId": "T-1", "reason": "lost", "requestedBy": "Robin"}
    body = json.dumps({**ticket, "userPrincipalName": "robin@contoso.example"}).encode()
    answer = await intake.call(
        FunctionName.RESETS_WEBHOOK,
        headers=signed(body, secret=DESK_SECRET),
        path={"source": "desk"},
        body=body,
    )
    assert answer.status_code == 202
    for one in (body, body, body.replace(b"lost", b"stolen"), b"{}"):
        await reset.services.work_on_message(Queue.RESETS, one, 1)


async def operate(operators: DeployedApp, parked: CaseId) -> None:
    """People list, replay and cancel."""
    user = {"user": "7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"}
    await operators.call(FunctionName.LIST_CASES, headers=ADMINS[0])
    await operators.call(FunctionName.LIST_CASES, headers=ADMINS[0], query=user)
    kept = told(await operators.call(FunctionName.LIST_PARKED, headers=ADMINS[0]))["value"]
    replayable = next(one["id"] for one in kept if one["id"].startswith(parked))
    await operators.call(
        FunctionName.REPLAY_PARKED, headers=ADMINS[0], path={"parkedId": replayable}
    )


async def hold(apps: dict[App, DeployedApp]) -> None:
    """A flow is held, told of, approved, and forgotten in the end."""
    lifecycle, operators = apps[App.LIFECYCLE], apps[App.OPERATORS]
    flow, now = Flow(Budget.LEAVER, SourceName("other")), lifecycle.clock.now()
    for key in ("1", "2"):
        await lifecycle.services.budgets.spend(flow, key, Allowance(per_hour=1, per_day=1), now)
    await lifecycle.fire(FunctionName.ANNOUNCE_HOLDS)
    listed = told(await operators.call(FunctionName.LIST_BUDGETS, headers=ADMINS[0]))["value"]
    (hold_id,) = (one["holdId"] for one in listed if one["flow"] == flow.name)
    body = json.dumps({"holdId": hold_id}).encode()
    path = {"flow": flow.name}
    approved = await operators.call(
        FunctionName.APPROVE_BUDGET, headers=ADMINS[0], path=path, body=body
    )
    assert approved.status_code == HTTPStatus.OK
    lifecycle.clock.advance(timedelta(days=91))
    await lifecycle.fire(FunctionName.FORGET_SPENDING)


async def exempt(apps: dict[App, DeployedApp]) -> None:
    """An exemption is asked for, approved, begun and ended early."""
    lifecycle, operators = apps[App.LIFECYCLE], apps[App.OPERATORS]
    user = lifecycle.directory.add("exempt@contoso.example")
    lifecycle.directory.register(user, MethodType.MICROSOFT_AUTHENTICATOR)
    person = lifecycle.directory.people[user]
    lifecycle.directory.people[user] = replace(person, state=PerUserMfaState.ENFORCED)
    ends_at = (lifecycle.clock.now() + timedelta(days=3)).isoformat()
    asked = {"userId": user, "reason": "Broken phone", "endsAt": ends_at}
    body = json.dumps({**asked, "acceptUnprotected": True}).encode()
    granted = await operators.call(FunctionName.GRANT_EXEMPTION, headers=ADMINS[0], body=body)
    path = {"caseId": told(granted)["caseId"]}
    await lifecycle.work()
    stored = await operators.services.read_case(CaseId(path["caseId"]))
    body = json.dumps({"planHash": plan_hash(stored.case)}).encode()
    await operators.call(FunctionName.APPROVE_CASE, headers=ADMINS[1], path=path, body=body)
    await lifecycle.work()
    assert lifecycle.directory.people[user].state is PerUserMfaState.DISABLED
    await operators.call(FunctionName.END_EXEMPTION, headers=ADMINS[0], path=path)
    await lifecycle.work()
    assert lifecycle.directory.people[user].state is PerUserMfaState.ENFORCED


async def approve(operators: DeployedApp, case_id: CaseId) -> None:
    """A case asks for an approval and gets it."""
    stored = await operators.services.read_case(case_id)
    overdue = replace(stored.case, state=CaseState.OVERDUE)
    asked = ask(
        overdue, Impact.ENFORCE_UNREGISTERED, Rules(), overdue.updated_at, why="A test needs it."
    )
    await operators.services.cases.save(stored, asked)
    body = json.dumps({"planHash": plan_hash(asked.case)}).encode()
    path = {"caseId": case_id}
    await operators.call(FunctionName.APPROVE_CASE, headers=ADMINS[1], path=path, body=body)


async def register(operators: DeployedApp) -> None:
    """People put somebody on each list and take them off again."""
    user = {"userId": "7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"}
    statement = b'{"owner":"Identity team","reason":"A drill","expiresAt":"2099-01-01T00:00:00Z"}'
    for put, listed, delete in (
        (
            FunctionName.PUT_PROTECTED,
            FunctionName.LIST_PROTECTED,
            FunctionName.DELETE_PROTECTED,
        ),
        (FunctionName.PUT_EXCLUSION, FunctionName.LIST_EXCLUSIONS, FunctionName.DELETE_EXCLUSION),
    ):
        await operators.call(put, headers=ADMINS[0], path=user, body=statement)
        for admin in ADMINS:
            await operators.call(delete, headers=admin, path=user)
        assert user["userId"] not in str(told(await operators.call(listed, headers=ADMINS[0])))


async def approve_run(apps: dict[App, DeployedApp], which: dict[str, str]) -> None:
    """A run that is held goes on, once the plan of its enrolment is there and agreed to."""
    operators, lifecycle = apps[App.OPERATORS], apps[App.LIFECYCLE]
    run = told(await operators.call(FunctionName.GET_RUN, headers=ADMINS[0], path=which))
    for user in operators.swept.everybody:
        lifecycle.directory.add(f"{user}@contoso.example", user_id=user)
    await lifecycle.work()
    stored = await operators.services.read_case(CaseId(run["remediation"]["caseId"]))
    body = json.dumps({"planHash": plan_hash(stored.case)}).encode()
    approved = await operators.call(
        FunctionName.APPROVE_RUN, headers=ADMINS[1], path=which, body=body
    )
    assert told(approved)["remediation"]["state"] == Outcome.ENROLLING


async def sweep(apps: dict[App, DeployedApp]) -> None:
    """Two nights are swept: who lost protection is asked for; all is forgotten in the end."""
    app, operators = apps[App.SWEEP], apps[App.OPERATORS]
    app.own_changes.lines = [
        AuditLine(
            line_id="line-1",
            activity="Update user",
            at=app.clock.now(),
            identity="lifecycle",
            people=(next(iter(app.swept.everybody)),),
        )
    ]
    await app.fire(FunctionName.NIGHTLY_SWEEP)
    await app.work_on_stages()
    await app.fire(FunctionName.WATCH_RUNS)
    app.swept.everybody = {
        user: replace(row, state=PerUserMfaState.DISABLED)
        for user, row in app.swept.everybody.items()
    }
    await operators.call(FunctionName.START_RUN, headers=ADMINS[0])
    await app.work_on_stages()
    for one in (app, operators):
        await one.services.pace.wait(REPORTS)
    runs = told(await operators.call(FunctionName.LIST_RUNS, headers=ADMINS[0]))["value"]
    assert [run["remediation"]["state"] for run in runs] == [Outcome.PLANNING, Outcome.PLANNING]
    which = {"runId": runs[0]["runId"]}
    for name in (FunctionName.GET_RUN, FunctionName.LIST_FINDINGS, FunctionName.GET_REPORT):
        await operators.call(name, headers=ADMINS[0], path=which)
    whom = {"objectId": next(iter(app.swept.everybody))}
    for name in (FunctionName.GET_HISTORY, FunctionName.GET_POSTURE):
        await operators.call(name, headers=ADMINS[0], path=whom)
    asked = json.dumps({"userPrincipalName": "person0@contoso.example"}).encode()
    await operators.call(FunctionName.FIND_POSTURE, headers=ADMINS[0], body=asked)
    await approve_run(apps, which)
    app.clock.advance(timedelta(days=91))
    await app.fire(FunctionName.FORGET_RUNS)
    left, _ = await app.services.runs.newest(None, 10)
    assert [run.run_id for run in left] == [runs[0]["runId"]]


async def test_apps_touch_the_tables_of_their_rights_and_no_others(
    apps: dict[App, DeployedApp], connection_string: str
) -> None:
    """An app's functions together need exactly the rights of the list: none too many or few."""
    intake, lifecycle, reset, operators, _ = apps.values()
    act = b'{"onboarding":"act","leaver":"act","exemption":"act"}'
    for admin in ADMINS:
        await operators.call(FunctionName.PUT_CONTROL, headers=admin, body=act)
    await operators.call(
        FunctionName.PUT_CONTROL, headers=ADMINS[0], body=b'{"sources":{"demo":"active"}}'
    )
    await operators.call(FunctionName.GET_CONTROL, headers=ADMINS[0])
    await go_through(apps, await take_in(intake))
    await see_off(apps)
    await prepare(apps)
    await leave_an_orphan(connection_string, lifecycle)
    second = await post(intake, "evt-2", "kim")
    await give_up(lifecycle)
    await operate(operators, second)
    await register(operators)
    lifecycle.directory.add("kim@contoso.example", employee_id="E-kim")
    await lifecycle.work()
    await operators.call(FunctionName.COLLECT_PASS, headers=COLLECTOR, path={"caseId": second})
    await operators.fire(FunctionName.WITHDRAW_PASSES)
    await approve(operators, second)
    await operators.call(FunctionName.CANCEL_CASE, headers=ADMINS[0], path={"caseId": second})
    await exempt(apps)
    await enrol(apps)
    await take_tickets(apps)
    await reset.fire(FunctionName.KEEP_LEDGER)
    await hold(apps)
    await sweep(apps)
    for one in apps.values():
        await one.call(FunctionName.HEALTH)

    assert {app: one.called for app, one in apps.items()} == FUNCTIONS
    assert {app: one.tables.used for app, one in apps.items()} == TABLE_RIGHTS
