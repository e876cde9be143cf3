"""The composition root: the only place that names concrete adapters.

Everything is built when it is first used, and imported then: an app that only takes in webhooks
never loads Microsoft Graph, and indexing the functions loads nothing at all.
"""

import functools
import os
import time
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azure.core.credentials_async import AsyncTokenCredential

    from shared.adapters.graph.client import GraphClient
    from shared.adapters.graph.clouds import Cloud
    from shared.adapters.graph.groups import GraphGroups
    from shared.adapters.servicebus.namespace import Namespace
    from shared.adapters.tables.store import TableStore
    from shared.application.advance import AdvanceCases
    from shared.application.approving import ApproveCase
    from shared.application.cancelling import CancelCase
    from shared.application.collecting import CollectPass
    from shared.application.contacts import ForgetContacts
    from shared.application.controlling import ChangeControl, ReadControl
    from shared.application.dispatch import Dispatch
    from shared.application.draining import KeepDeadLetters
    from shared.application.guarded_passes import PassGuard
    from shared.application.health import CheckHealth, HealthCheck
    from shared.application.holding import Holding
    from shared.application.intake import AcceptHrEvent
    from shared.application.outbox import Outbox
    from shared.application.parking import ListParked, Parking, ReplayParked
    from shared.application.ports.cases import CaseLists, Cases, Claims, DueCases
    from shared.application.ports.clock import Clock
    from shared.application.ports.contacts import Contacts
    from shared.application.ports.control import Controls, Modes, Suspensions
    from shared.application.ports.directory import Directory, DirectoryWrites
    from shared.application.ports.groups import Groups
    from shared.application.ports.leases import Leases
    from shared.application.ports.messages import Commands, DeadLetters, Events
    from shared.application.ports.newcomers import Newcomers
    from shared.application.ports.parked import ParkedMessages
    from shared.application.ports.passes import (
        Collections,
        PassChecks,
        PassCounts,
        Passes,
    )
    from shared.application.ports.people import (
        BreakGlass,
        EmployeeNumbers,
        Privileges,
        Standings,
    )
    from shared.application.ports.registries import Registries
    from shared.application.ports.sources import HrSource, Volumes
    from shared.application.reading import ListCases, ReadCase
    from shared.application.recovery import RecoverDueCases
    from shared.application.registering import Fixed, ListEntries, PutEntry, RemoveEntry
    from shared.application.withdrawing import WithdrawPass, WithdrawPasses
    from shared.application.working import WorkOnMessage
    from shared.domain.ids import SourceName
    from shared.settings import Settings

SEND_LIMIT: Final = timedelta(seconds=0.8)
"""How long a caller waits for the broker; a webhook has three seconds for everything."""


class Services:
    """The use cases of the app over their ports.

    Args:
        settings: the checked settings.
        clock: what time it is; the machine's by default.
        ports: adapters to use in place of the real ones, by the name of the property below.
    """

    def __init__(
        self, settings: "Settings", *, clock: "Clock | None" = None, **ports: object
    ) -> None:
        self.settings = settings
        if clock is not None:
            ports["clock"] = clock
        unknown = ports.keys() - vars(Services).keys()
        if unknown:
            raise TypeError(f"There are no such ports: {', '.join(sorted(unknown))}.")
        # A cached property yields to what stands in the instance already.
        vars(self).update(ports)

    # --- Use cases -----------------------------------------------------------------------------

    @cached_property
    def accept_hr_event(self) -> "AcceptHrEvent":
        from shared.application.contacts import KeepContact
        from shared.application.intake import AcceptHrEvent

        lasting = self.settings.contact_retention
        return AcceptHrEvent(
            sources=self.sources,
            suspensions=self.suspensions,
            claims=self.claims,
            volumes=self.volumes,
            cases=self.cases,
            keep_contact=KeepContact(self.contacts, self.clock, lasting),
            dispatch=self.dispatch,
            clock=self.clock,
        )

    @cached_property
    def work_on_message(self) -> "WorkOnMessage":
        from shared.application.working import WorkOnMessage

        return WorkOnMessage(advance=self.advance_cases, parking=self.parking)

    @cached_property
    def advance_cases(self) -> "AdvanceCases":
        from shared.application.advance import AdvanceCases
        from shared.application.contacts import ForgetContact
        from shared.application.identifying import Identify
        from shared.application.looking import Looking

        return AdvanceCases(
            cases=self.cases,
            holding=self.holding,
            looking=Looking(
                directory=self.directory,
                identify=Identify(self.directory, self.employee_numbers),
                standings=self.standings,
                groups=self.groups,
                newcomers=self.newcomers,
                contacts=self.contacts,
                clock=self.clock,
                cases=self.cases,
                lists=self.case_lists,
                modes=self.modes,
                suspensions=self.suspensions,
                attempts=self.settings.attempts,
            ),
            writes=self.writes,
            commands=self.commands,
            forget_contact=ForgetContact(self.contacts),
            dispatch=self.dispatch,
            outbox=self.outbox,
            parking=self.parking,
            clock=self.clock,
            rules=self.settings.rules(),
        )

    @cached_property
    def recover_due_cases(self) -> "RecoverDueCases":
        from shared.application.recovery import RecoverDueCases

        return RecoverDueCases(
            due_cases=self.due_cases,
            cases=self.cases,
            commands=self.commands,
            outbox=self.outbox,
            clock=self.clock,
        )

    @cached_property
    def forget_contacts(self) -> "ForgetContacts":
        from shared.application.contacts import ForgetContacts

        return ForgetContacts(contacts=self.contacts, cases=self.cases, clock=self.clock)

    @cached_property
    def keep_dead_letters(self) -> "KeepDeadLetters":
        from shared.application.draining import KeepDeadLetters

        return KeepDeadLetters(
            dead_letters=self.dead_letters,
            cases=self.cases,
            holding=self.holding,
            parking=self.parking,
            clock=self.clock,
            rules=self.settings.rules(),
        )

    @cached_property
    def read_case(self) -> "ReadCase":
        from shared.application.reading import ReadCase

        return ReadCase(self.cases)

    @cached_property
    def list_cases(self) -> "ListCases":
        from shared.application.reading import ListCases

        return ListCases(self.case_lists)

    @cached_property
    def cancel_case(self) -> "CancelCase":
        from shared.application.cancelling import CancelCase

        return CancelCase(
            cases=self.cases, holding=self.holding, dispatch=self.dispatch, clock=self.clock
        )

    @cached_property
    def approve_case(self) -> "ApproveCase":
        from shared.application.approving import ApproveCase

        return ApproveCase(
            cases=self.cases, holding=self.holding, dispatch=self.dispatch, clock=self.clock
        )

    @cached_property
    def collect_pass(self) -> "CollectPass":
        from shared.application.collecting import CollectPass

        return CollectPass(
            cases=self.cases,
            holding=self.holding,
            directory=self.directory,
            checks=self.pass_checks,
            guard=self.pass_guard,
            passes=self.passes,
            collections=self.collections,
            counts=self.pass_counts,
            withdraw=self.withdraw_pass,
            modes=self.modes,
            dispatch=self.dispatch,
            clock=self.clock,
            rules=self.settings.rules(),
            pass_rules=self.settings.pass_rules(),
        )

    @cached_property
    def withdraw_passes(self) -> "WithdrawPasses":
        from shared.application.withdrawing import WithdrawPasses

        return WithdrawPasses(
            cases=self.cases,
            holding=self.holding,
            collections=self.collections,
            withdraw=self.withdraw_pass,
        )

    @cached_property
    def read_control(self) -> "ReadControl":
        from shared.application.controlling import ReadControl

        return ReadControl(self.controls)

    @cached_property
    def change_control(self) -> "ChangeControl":
        from shared.application.controlling import ChangeControl

        return ChangeControl(
            controls=self.controls,
            sources=frozenset(self.settings.sources),
            clock=self.clock,
        )

    @cached_property
    def list_parked(self) -> "ListParked":
        from shared.application.parking import ListParked

        return ListParked(self.parked)

    @cached_property
    def replay_parked(self) -> "ReplayParked":
        from shared.application.parking import ReplayParked

        return ReplayParked(
            parked=self.parked, cases=self.cases, dispatch=self.dispatch, clock=self.clock
        )

    @cached_property
    def list_entries(self) -> "ListEntries":
        from shared.application.registering import ListEntries

        return ListEntries(self.registries, self._fixed_entries, self.clock)

    @cached_property
    def put_entry(self) -> "PutEntry":
        from shared.application.registering import PutEntry

        return PutEntry(self.registries, self._fixed_entries, self.clock)

    @cached_property
    def remove_entry(self) -> "RemoveEntry":
        from shared.application.registering import RemoveEntry

        return RemoveEntry(self.registries, self._fixed_entries, self.clock)

    @cached_property
    def check_health(self) -> "CheckHealth":
        from shared.adapters.identity import GraphPermitsUs
        from shared.adapters.servicebus.probe import BrokerAnswers
        from shared.adapters.tables.probe import TablesAnswer
        from shared.application.health import CheckHealth
        from shared.names import GRAPH_ROLES

        app = self.settings.app
        needed = frozenset().union(*GRAPH_ROLES.values()) if app is None else GRAPH_ROLES[app]
        checks: dict[str, HealthCheck] = {
            "tables": TablesAnswer(self.controls),
            # The queue that every app may send to.
            "serviceBus": BrokerAnswers(self.namespace, self.settings.resets_queue),
        }
        if needed:
            checks["graph"] = GraphPermitsUs(
                self.credential, self.cloud.scope, needed, self.directory
            )
        return CheckHealth(checks)

    # --- Parts that use cases share ------------------------------------------------------------

    @property
    def _fixed_entries(self) -> "Fixed":
        from shared.domain.registries import Registry

        return {Registry.PROTECTED: self.settings.break_glass_ids}

    @cached_property
    def dispatch(self) -> "Dispatch":
        from shared.application.dispatch import Dispatch

        return Dispatch(self.commands)

    @cached_property
    def holding(self) -> "Holding":
        from shared.application.holding import Holding

        return Holding(self.cases, self.leases, self.clock)

    @cached_property
    def outbox(self) -> "Outbox":
        from shared.application.outbox import Outbox

        return Outbox(self.cases, self.events, self.settings.tenant_id)

    @cached_property
    def parking(self) -> "Parking":
        from shared.application.parking import Parking

        return Parking(self.parked, self.clock)

    @cached_property
    def withdraw_pass(self) -> "WithdrawPass":
        from shared.application.withdrawing import WithdrawPass

        return WithdrawPass(
            cases=self.cases,
            collections=self.collections,
            directory=self.directory,
            passes=self.passes,
            clock=self.clock,
        )

    @cached_property
    def pass_guard(self) -> "PassGuard":
        from shared.application.guarded_passes import PassGuard

        return PassGuard(self.standings)

    @cached_property
    def modes(self) -> "Modes":
        from shared.application.break_glass import SafeModes
        from shared.application.modes import CachedModes

        return SafeModes(CachedModes(self.controls, self.monotonic), self.break_glass)

    @cached_property
    def standings(self) -> "Standings":
        from shared.application.standings import CachedStandings

        return CachedStandings(
            directory=self.directory,
            privileges=self.privileges,
            registries=self.registries,
            break_glass=self.settings.break_glass_ids,
            clock=self.clock,
            monotonic=self.monotonic,
        )

    @cached_property
    def break_glass(self) -> "BreakGlass":
        from shared.application.break_glass import ResolvedBreakGlass

        return ResolvedBreakGlass(
            directory=self.directory,
            registries=self.registries,
            configured=self.settings.break_glass_ids,
            clock=self.clock,
            monotonic=self.monotonic,
        )

    @cached_property
    def suspensions(self) -> "Suspensions":
        from shared.application.suspensions import CachedSuspensions

        return CachedSuspensions(self.controls, self.monotonic)

    # --- Ports ---------------------------------------------------------------------------------

    @cached_property
    def clock(self) -> "Clock":
        from shared.adapters.system_clock import SystemClock

        return SystemClock()

    @cached_property
    def monotonic(self) -> "Callable[[], float]":
        return time.monotonic

    @cached_property
    def sources(self) -> "Mapping[SourceName, HrSource]":
        from shared.adapters.signatures.schemes import scheme_of
        from shared.application.ports.sources import HrSource

        return {
            name: HrSource(
                name=name,
                scheme=scheme_of(source.profile.scheme, source.secrets, source.profile.callers),
                reader=source.profile.reader,
                daily_volume=source.profile.daily_volume,
                preparation=source.profile.preparation,
            )
            for name, source in self.settings.sources.items()
        }

    @cached_property
    def claims(self) -> "Claims":
        from shared.adapters.tables.claims import TableClaims

        return TableClaims(self.table_store)

    @cached_property
    def volumes(self) -> "Volumes":
        from shared.adapters.tables.volumes import TableVolumes

        return TableVolumes(self.table_store)

    @cached_property
    def cases(self) -> "Cases":
        from shared.adapters.tables.cases import TableCases

        return TableCases(self.table_store)

    @cached_property
    def case_lists(self) -> "CaseLists":
        from shared.adapters.tables.lists import TableCaseLists

        return TableCaseLists(self.table_store)

    @cached_property
    def due_cases(self) -> "DueCases":
        from shared.adapters.tables.due import TableDueCases

        return TableDueCases(self.table_store)

    @cached_property
    def leases(self) -> "Leases":
        from shared.adapters.tables.leases import TableLeases

        return TableLeases(self.table_store, lasting=self.settings.lease)

    @cached_property
    def controls(self) -> "Controls":
        from shared.adapters.tables.controls import TableControls

        return TableControls(self.table_store)

    @cached_property
    def parked(self) -> "ParkedMessages":
        from shared.adapters.tables.parked import TableParkedMessages

        return TableParkedMessages(self.table_store)

    @cached_property
    def contacts(self) -> "Contacts":
        from shared.adapters.tables.contacts import TableContacts

        return TableContacts(self.table_store)

    @cached_property
    def registries(self) -> "Registries":
        from shared.adapters.tables.registries import TableRegistries

        return TableRegistries(self.table_store)

    @cached_property
    def commands(self) -> "Commands":
        from shared.adapters.servicebus.commands import ServiceBusCommands

        return ServiceBusCommands(
            {
                queue: self.namespace.queue_sender(name, limit=SEND_LIMIT)
                for queue, name in self.settings.queues().items()
            }
        )

    @cached_property
    def events(self) -> "Events":
        from shared.adapters.servicebus.events import ServiceBusEvents

        topic = self.settings.events_topic
        return ServiceBusEvents(self.namespace.topic_sender(topic, limit=SEND_LIMIT))

    @cached_property
    def dead_letters(self) -> "DeadLetters":
        from shared.adapters.servicebus.dead_letters import ServiceBusDeadLetters

        return ServiceBusDeadLetters(self.namespace, self.settings.queues())

    @cached_property
    def directory(self) -> "Directory":
        from shared.adapters.graph.directory import GraphDirectory

        return GraphDirectory(self.graph)

    @cached_property
    def groups(self) -> "Groups":
        return self._graph_groups

    @cached_property
    def newcomers(self) -> "Newcomers":
        from shared.adapters.graph.newcomers import GraphNewcomers

        return GraphNewcomers(self.graph, time.monotonic)

    @cached_property
    def employee_numbers(self) -> "EmployeeNumbers":
        from shared.adapters.graph.directory import GraphDirectory

        return GraphDirectory(self.graph)

    @cached_property
    def privileges(self) -> "Privileges":
        from shared.adapters.graph.privileges import GraphPrivileges
        from shared.adapters.identity import held_roles

        own_roles = functools.partial(held_roles, self.credential, self.cloud.scope)
        return GraphPrivileges(self.graph, own_roles, self.monotonic)

    @cached_property
    def unguarded_writes(self) -> "DirectoryWrites":
        from shared.adapters.graph.writes import GraphWrites

        return GraphWrites(
            self.graph, groups=self._graph_groups, contacts=self.contacts, clock=self.clock
        )

    @cached_property
    def writes(self) -> "DirectoryWrites":
        from shared.application.guarded import GuardedWrites

        return GuardedWrites(
            self.unguarded_writes,
            modes=self.modes,
            standings=self.standings,
        )

    @cached_property
    def passes(self) -> "Passes":
        from shared.adapters.graph.passes import GraphPasses
        from shared.application.gate import Gate
        from shared.application.guarded_passes import GuardedPasses

        return GuardedPasses(
            GraphPasses(self.graph),
            guard=self.pass_guard,
            break_glass=self.break_glass,
            gate=Gate(self.modes),
        )

    @cached_property
    def pass_checks(self) -> "PassChecks":
        from shared.adapters.graph.pass_checks import GraphPassChecks

        return GraphPassChecks(self.graph)

    @cached_property
    def collections(self) -> "Collections":
        from shared.adapters.tables.passes import TableCollections

        return TableCollections(self.table_store)

    @cached_property
    def pass_counts(self) -> "PassCounts":
        from shared.adapters.tables.passes import TablePassCounts

        return TablePassCounts(self.table_store)

    @cached_property
    def _graph_groups(self) -> "GraphGroups":
        from shared.adapters.graph.groups import GraphGroups

        return GraphGroups(self.graph, self.settings.groups())

    # --- Connections ---------------------------------------------------------------------------

    @cached_property
    def table_store(self) -> "TableStore":
        from shared.adapters.tables.store import TableStore

        if self.settings.tables_connection_string is not None:
            return TableStore.from_connection_string(self.settings.tables_connection_string)
        return TableStore(self.settings.tables_endpoint or "", self.credential)

    @cached_property
    def namespace(self) -> "Namespace":
        from shared.adapters.servicebus.namespace import Namespace

        if self.settings.service_bus_connection_string is not None:
            return Namespace.from_connection_string(self.settings.service_bus_connection_string)
        return Namespace.from_host(self.settings.service_bus_namespace or "", self.credential)

    @cached_property
    def graph(self) -> "GraphClient":
        from shared.adapters.graph.client import GraphClient

        return GraphClient(
            self.credential,
            root=self.settings.graph_base_url or self.cloud.graph_root,
            scope=self.cloud.scope,
            clock=self.clock,
            timeout=self.settings.graph_timeout,
        )

    @cached_property
    def credential(self) -> "AsyncTokenCredential":
        from shared.adapters.identity import IdentityKind, open_credential

        return open_credential(
            IdentityKind(self.settings.identity),
            client_id=self.settings.client_id,
            authority=self.cloud.authority,
        )

    @cached_property
    def cloud(self) -> "Cloud":
        from shared.adapters.graph.clouds import CLOUDS

        return CLOUDS[self.settings.cloud]

    async def close(self) -> None:
        """Close every connection that was opened."""
        for name in ("graph", "namespace", "table_store", "credential"):
            if name in vars(self):
                await vars(self)[name].close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def build(
    settings: "Settings",
    *,
    clock: "Clock | None" = None,
    **ports: Any,  # noqa: ANN401  (any port)
) -> Services:
    """The services over these settings; see `Services` for the seams."""
    return Services(settings, clock=clock, **ports)


@functools.cache
def services() -> Services:
    """The services of this process, from its environment.

    Raises:
        SettingsInvalid: settings are missing or wrong; it is tried again at the next call.
    """
    from shared.settings import Settings

    return build(Settings.from_environment(os.environ))
