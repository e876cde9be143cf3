"""An app over fakes, called in the way of the worker: a request in, the function's answer out."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Self, cast

import azure.functions as func
from standardwebhooks.webhooks import Webhook

from function_app import create_app
from shared.application.gate import Gate
from shared.application.guarded_passes import GuardedPasses, PassGuard
from shared.application.modes import CachedModes
from shared.application.standings import CachedStandings
from shared.application.suspensions import CachedSuspensions
from shared.bootstrap import Services, build
from shared.domain.authentication import Unknown
from shared.domain.budgets.flows import Budget
from shared.domain.budgets.limits import Limit
from shared.names import FunctionName
from shared.settings import Settings
from tests.fakes.broker import FakeBroker, FakeTicketQueue
from tests.fakes.budgets import ROOMY, FakeBudgets, FakeDirectorySize, spending
from tests.fakes.cases import FakeCases
from tests.fakes.claims import FakeClaims
from tests.fakes.controls import FakeControls
from tests.fakes.directory import FakeDirectory
from tests.fakes.enrolments import FakeEnrolmentLists
from tests.fakes.exemptions import FakeExemptions
from tests.fakes.leases import FakeLeases
from tests.fakes.ledger import FakeLedger
from tests.fakes.own_changes import FakeOwnChanges
from tests.fakes.parked import FakeParkedMessages
from tests.fakes.passes import (
    FakeBreakGlass,
    FakeCollections,
    FakePassChecks,
    FakePassCounts,
    FakePasses,
)
from tests.fakes.privileges import FakePrivileges
from tests.fakes.registries import FakeRegistries
from tests.fakes.runs import FakeRuns
from tests.fakes.sweep_commands import FakeSweepCommands
from tests.fakes.sweeping import FakeHistory, FakeSnapshots, FakeStaging
from tests.fakes.volumes import FakeVolumes
from tests.properties.clock import WorldClock
from tests.properties.swept_tenant import SweptTenant

SECRET, OTHER_SECRET, DESK_SECRET, QUEUE_SECRET, NEXT_QUEUE_SECRET = (
    "whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in range(7, 12)
)
BREAK_GLASS = "0b7d3a1e-5c2f-4e8a-9d6b-1f2e3d4c5b6a"
CROWD_SECRET = "the-secret-of-the-source-crowd"
CROWD_LIMIT = 3
"""New events a day of the source `crowd`."""
SETTINGS = {
    "MFA_TENANT_ID": "3f0c9a52-8a39-4b4c-8d8d-0a8f6c1f2b11",
    "TABLES_ENDPOINT": "https://contoso.table.example",
    "ServiceBusConnection__fullyQualifiedNamespace": "contoso.servicebus.example",
    "MFA_BREAK_GLASS_IDS": BREAK_GLASS,
    "HR_SOURCE_DEMO": (
        '{"dailyVolume":100,"types":["joiner","leaver"],"preparation":["email","mobile"]}'
    ),
    "HR_SECRET_DEMO_1": SECRET,
    "HR_SOURCE_OTHER": '{"timeZone":"Pacific/Apia"}',
    "HR_SECRET_OTHER_1": OTHER_SECRET,
    "HR_SOURCE_CROWD": json.dumps(
        {
            "scheme": "x-hub-signature",
            "types": ["joiner", "rehire"],
            "domains": ["contoso.example"],
            "dailyVolume": CROWD_LIMIT,
            "mapping": {
                "records": "people",
                "type": {"path": "what", "values": {"IN": "joiner", "BACK": "rehire"}},
                "id": "number",
                "userPrincipalName": "login",
            },
        }
    ),
    "HR_SECRET_CROWD_1": CROWD_SECRET,
    "RESET_SOURCE_DESK": '{"dailyVolume":3}',
    "RESET_SECRET_DESK_1": DESK_SECRET,
    "RESETS_SECRET_1": QUEUE_SECRET,
    "RESETS_SECRET_2": NEXT_QUEUE_SECRET,
}
ROLES_TYPE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
ID_TYPE = "http://schemas.microsoft.com/identity/claims/objectidentifier"


@dataclass
class Deployment:
    """An app with its own ports.

    Attributes:
        cases: and the other attributes: the ports in memory.
    """

    cases: FakeCases = field(default_factory=FakeCases)
    claims: FakeClaims = field(default_factory=FakeClaims)
    volumes: FakeVolumes = field(default_factory=FakeVolumes)
    enrolment_lists: FakeEnrolmentLists = field(default_factory=FakeEnrolmentLists)
    controls: FakeControls = field(default_factory=FakeControls)
    parked: FakeParkedMessages = field(default_factory=FakeParkedMessages)
    registries: FakeRegistries = field(default_factory=FakeRegistries)
    exemptions: FakeExemptions = field(default_factory=FakeExemptions)
    budgets: FakeBudgets = field(default_factory=FakeBudgets)
    limits: dict[Budget, Limit] = field(default_factory=ROOMY.copy)
    broker: FakeBroker = field(default_factory=FakeBroker)
    tickets: FakeTicketQueue = field(default_factory=FakeTicketQueue)
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    runs: FakeRuns = field(default_factory=FakeRuns)
    staging: FakeStaging = field(default_factory=FakeStaging)
    snapshots: FakeSnapshots = field(default_factory=FakeSnapshots)
    history: FakeHistory = field(default_factory=FakeHistory)
    stages: FakeSweepCommands = field(default_factory=FakeSweepCommands)
    swept: SweptTenant = field(default_factory=SweptTenant)
    own_changes: FakeOwnChanges = field(default_factory=FakeOwnChanges)
    collections: FakeCollections = field(default_factory=FakeCollections)
    counts: FakePassCounts = field(default_factory=FakePassCounts)
    privileges: FakePrivileges = field(default_factory=FakePrivileges)
    break_glass: FakeBreakGlass = field(default_factory=FakeBreakGlass)
    clock: WorldClock = field(default_factory=WorldClock)

    def __post_init__(self) -> None:
        self.services = self._services()
        indexed = create_app(lambda: self.services).get_functions()
        self.functions: dict[str, Any] = {
            str(function.get_function_name()): function.get_user_function() for function in indexed
        }
        self.triggers: dict[str, dict[str, Any]] = {
            str(function.get_function_name()): _plain(trigger.get_dict_repr())
            for function in indexed
            if (trigger := function.get_trigger()) is not None
        }

    def emptied(self) -> Self:
        """The same app over new, empty ports; indexing it anew for every example would be slow."""
        fresh = {part.name: part.default_factory for part in fields(self)}
        for name, factory in fresh.items():
            assert callable(factory)
            setattr(self, name, factory())
        self.services = self._services()
        return self

    def _services(self) -> Services:
        modes = CachedModes(self.controls, self.clock.monotonic)
        self.passes = FakePasses(self.directory, self.clock)
        self.checks = FakePassChecks(self.directory)
        guard = PassGuard(
            CachedStandings(
                directory=self.directory,
                privileges=self.privileges,
                registries=self.registries,
                break_glass=frozenset(),
                clock=self.clock,
                monotonic=self.clock.monotonic,
            )
        )
        return build(
            Settings.from_environment(SETTINGS),
            clock=self.clock,
            cases=self.cases,
            case_lists=self.cases,
            due_cases=self.cases,
            claims=self.claims,
            volumes=self.volumes,
            enrolment_lists=self.enrolment_lists,
            ledger=FakeLedger(),
            controls=self.controls,
            parked=self.parked,
            untold=self.parked,
            tickets=self.tickets,
            registries=self.registries,
            exemptions=self.exemptions,
            budgets=self.budgets,
            spent_records=self.budgets,
            commands=self.broker,
            events=self.broker,
            dead_letters=self.broker,
            directory=self.directory,
            employee_numbers=self.directory,
            privileges=FakePrivileges(),
            directory_size=FakeDirectorySize(Unknown("The fake does not say.")),
            groups=self.directory,
            group_members=self.directory,
            newcomers=self.directory,
            policies=self.directory,
            managers=self.directory,
            sign_ins=self.directory,
            registration_guards=self.directory,
            legacy_clients=self.directory,
            audits=self.directory,
            mailboxes=self.directory,
            contacts=self.directory.contacts,
            writes=self.directory,
            leases=FakeLeases(),
            modes=modes,
            passes=GuardedPasses(
                self.passes,
                guard=guard,
                break_glass=self.break_glass,
                gate=Gate(
                    modes, spending(self.budgets, self.clock, self.limits), self.clock.monotonic
                ),
            ),
            pass_checks=self.checks,
            pass_guard=guard,
            collections=self.collections,
            pass_counts=self.counts,
            suspensions=CachedSuspensions(self.controls, self.clock.monotonic),
            monotonic=self.clock.monotonic,
            runs=self.runs,
            staging=self.staging,
            snapshots=self.snapshots,
            history=self.history,
            sweep_commands=self.stages,
            tenant_source=self.swept,
            tenant_now=self.swept,
            people_source=self.swept,
            one_by_one=self.swept,
            one_person=self.swept,
            own_changes=self.own_changes,
            records=self.swept,
        )

    async def call(
        self,
        name: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        path: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> func.HttpResponse:
        """The answer of an HTTP function."""
        request = func.HttpRequest(
            method="POST",
            url=f"https://app.contoso.example/api/{name}",
            headers=dict(headers or {}),
            params=dict(query or {}),
            route_params=dict(path or {}),
            body=body,
        )
        return cast("func.HttpResponse", await self.functions[name](request))

    async def post(self, body: bytes, **headers: str) -> func.HttpResponse:
        """The answer to a webhook that the source `demo` has signed."""
        return await self.call(
            FunctionName.ONBOARDING_WEBHOOK,
            headers={**signed(body), **headers},
            path={"source": "demo"},
            body=body,
        )


def _plain(trigger: dict[str, Any]) -> dict[str, Any]:
    """A trigger as the host is told it."""
    written: dict[str, Any] = json.loads(json.dumps(trigger, default=lambda value: value.value))
    return written


def signed(
    body: bytes, *, secret: str = SECRET, message_id: str = "msg_1", at: datetime | None = None
) -> dict[str, str]:
    """The headers of a webhook; a body that is no text is signed as nobody could."""
    at = at or datetime.now(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }


def principal(*roles: str, object_ids: tuple[str, ...] = ("aaaa-1",)) -> dict[str, str]:
    """The header of a signed-in person, as App Service Authentication injects it."""
    claims = [
        *({"typ": ID_TYPE, "val": object_id} for object_id in object_ids),
        *({"typ": ROLES_TYPE, "val": role} for role in roles),
    ]
    told = {"auth_typ": "aad", "name_typ": "name", "role_typ": ROLES_TYPE, "claims": claims}
    return {"x-ms-client-principal": base64.b64encode(json.dumps(told).encode()).decode()}


def told(answer: func.HttpResponse) -> Any:  # noqa: ANN401  (any JSON)
    """What an answer says."""
    return json.loads(answer.get_body())


def assert_problem(answer: func.HttpResponse, status: int) -> dict[str, Any]:
    """The answer is a problem document of this status that nobody may keep."""
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    document: dict[str, Any] = told(answer)
    assert document.keys() == {"type", "title", "status", "detail", "code", "remedy"}
    assert document["status"] == status
    assert document["type"] == f"urn:mfa-lifecycle:error:{document['code']}"
    assert b"Traceback" not in answer.get_body()
    return document
