"""The function apps over real tables, each with a record of what it did there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import azure.functions as func
from azure.core.pipeline.transport import AioHttpTransport
from azure.functions.servicebus import ServiceBusMessage

from shared.adapters.tables.controls import TableControls
from shared.adapters.tables.due import TableDueCases
from shared.adapters.tables.probe import TablesAnswer
from shared.adapters.tables.store import Patience, TableStore
from shared.application.health import CheckHealth
from shared.application.modes import CachedModes
from shared.bootstrap import Services, build
from shared.contracts.commands import encode_command
from shared.names import FUNCTIONS, App, FunctionName, Queue, Table
from shared.rights import Access
from shared.settings import Settings
from tests.fakes.administrators import FakeAdministrators
from tests.fakes.budgets import FakeDirectorySize
from tests.fakes.passes import FakePassChecks, FakePasses
from tests.fakes.privileges import FakePrivileges
from tests.triggers.deployment import SETTINGS, Deployment
from tests.triggers.stages import work_through

WORKERS = {
    Queue.ONBOARDING: FunctionName.ONBOARDING_WORKER,
    Queue.RESETS: FunctionName.RESETS_WORKER,
    Queue.EXEMPTIONS: FunctionName.EXEMPTION_WORKER,
}


class RecordingTransport(AioHttpTransport):  # type: ignore[misc]  # exported lazily, so untyped
    """Carries requests over real connections, and keeps what role each of them needs in Azure.

    Attributes:
        used: the tables that were asked for, with the weakest access that allows all of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.used: dict[Table, Access] = {}

    async def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401  (the SDK's own signature is four overloads of this)
        """Note a request, or each one inside a transaction, and send it."""
        for one in _single(request):
            table = Table(urlsplit(one.url).path.rpartition("/")[2].partition("(")[0])
            if one.method != "GET" or table not in self.used:
                self.used[table] = Access.READ if one.method == "GET" else Access.WRITE
        return await super().send(request, **options)


def _single(request: Any) -> Iterator[Any]:  # noqa: ANN401  (one of the SDK's two request types)
    inside = getattr(request, "multipart_mixed_info", None)
    if inside is None:
        yield request
    else:
        for part in inside[0]:
            yield from _single(part)


@dataclass(kw_only=True)
class DeployedApp(Deployment):
    """One of the function apps: it has its own functions only.

    The broker and the directory are in memory, everything else is what bootstrap makes of it.

    Attributes:
        app: which.
        connection_string: where the tables are.
        called: its functions that were called.
    """

    app: App
    connection_string: str
    called: set[FunctionName] = field(default_factory=set)

    def _services(self) -> Services:
        self.tables = RecordingTransport()
        self.store = TableStore.from_connection_string(
            # What a busy test machine makes slow is not what is tested.
            self.connection_string,
            transport=self.tables,
            patience=Patience(answer_within=20),
        )
        modes = CachedModes(TableControls(self.store), self.clock.monotonic)
        settings = Settings.from_environment(SETTINGS)
        return build(
            settings,
            clock=self.clock,
            table_store=self.store,
            commands=self.broker,
            events=self.broker,
            tickets=self.tickets,
            dead_letters=self.broker,
            directory=self.directory,
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
            modes=modes,
            unguarded_writes=self.directory,
            employee_numbers=self.directory,
            privileges=FakePrivileges(),
            administrators=FakeAdministrators(),
            directory_size=FakeDirectorySize(1000),
            monotonic=self.clock.monotonic,
            passes=FakePasses(self.directory, self.clock),
            pass_checks=FakePassChecks(self.directory),
            # What is left over may be removed at once, and not only after a minute of real time.
            due_cases=TableDueCases(self.store, settled_after=timedelta(0)),
            check_health=CheckHealth({"tables": TablesAnswer(TableControls(self.store))}),
            sweep_commands=self.stages,
            tenant_source=self.swept,
            tenant_now=self.swept,
            people_source=self.swept,
            one_by_one=self.swept,
            one_person=self.swept,
            own_changes=self.own_changes,
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
        """The answer of an HTTP function, which has to be a good one."""
        self._enabled(name)
        answer = await super().call(name, headers=headers, query=query, path=path, body=body)
        assert answer.status_code < 300, answer.get_body()
        return answer

    async def fire(self, name: FunctionName) -> None:
        """A timer fires."""
        self._enabled(name)
        await self.functions[name](None)

    async def work(self) -> None:
        """Every command that is in the queue of its worker is delivered once, and no others."""
        for queue, worker in WORKERS.items():
            if worker in FUNCTIONS[self.app]:
                await self._work_on(queue, worker)

    async def _work_on(self, queue: Queue, worker: FunctionName) -> None:
        self._enabled(worker)
        sent = [one for one in self.broker.commands if one.command.queue is queue]
        self.broker.commands = [one for one in self.broker.commands if one not in sent]
        for one in sent:
            message = ServiceBusMessage(
                body=encode_command(one.command),
                message_id="m",
                user_properties={},
                application_properties={},
                delivery_count=1,
            )
            await self.functions[worker](message)

    async def work_on_stages(self) -> None:
        """Every stage of a run is delivered, those that follow from it too."""
        self._enabled(FunctionName.SWEEP_WORKER)
        await work_through(self.functions, self.stages)

    def _enabled(self, name: str) -> None:
        """Note a call of a function that this app has.

        Raises:
            KeyError: it is one of another app.
        """
        if name not in FUNCTIONS[self.app]:
            raise KeyError(f"{self.app} has no {name}.")
        self.called.add(FunctionName(name))
