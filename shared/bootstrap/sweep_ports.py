"""The ports of the sweep: over tables, Microsoft Graph, the broker, and our own records."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from shared.bootstrap.operation import Operation

if TYPE_CHECKING:
    from shared.adapters.graph.client import GraphClient
    from shared.adapters.graph.sweep.sources import GraphSources
    from shared.application.ports.audits import OwnChanges
    from shared.application.ports.pace import Pace
    from shared.application.ports.runs import History, Runs, Snapshots, Staging
    from shared.application.ports.sweep import (
        OneByOne,
        OnePerson,
        PeopleSource,
        Records,
        SweepCommands,
        TenantSource,
    )
    from shared.application.sweep.app_passwords import ReadAppPasswords
    from shared.application.sweep.sending import SendStage
    from shared.application.sweep.starting import StartRun

_LONG_PAGE: Final = 1_000
"""Lines of a list of cases that are asked for at once, where all of it is read."""
_SEND_LIMIT: Final = timedelta(seconds=8)
"""Nobody waits for an answer here, and what is not sent stands still until the watch looks."""


class SweepPorts(Operation):
    """What the sweep reads and keeps, by port; and how a run begins, which two apps do."""

    @cached_property
    def runs(self) -> "Runs":
        from shared.adapters.tables.sweep.runs import TableRuns

        return TableRuns(self.table_store)

    @cached_property
    def staging(self) -> "Staging":
        from shared.adapters.tables.sweep.staging import TableStaging

        return TableStaging(self.table_store)

    @cached_property
    def snapshots(self) -> "Snapshots":
        from shared.adapters.tables.sweep.snapshots import TableSnapshots

        return TableSnapshots(self.table_store)

    @cached_property
    def history(self) -> "History":
        from shared.adapters.tables.sweep.history import TableHistory

        return TableHistory(self.table_store)

    @cached_property
    def pace(self) -> "Pace":
        from shared.adapters.tables.pace import TablePace

        return TablePace(self.table_store, self.clock, scale=1 / self.settings.sweep_pace)

    @cached_property
    def tenant_source(self) -> "TenantSource":
        return self._patient_sources.tenant

    @cached_property
    def tenant_now(self) -> "TenantSource":
        """The same for somebody who waits for the answer."""
        return self._sources.tenant

    @cached_property
    def people_source(self) -> "PeopleSource":
        return self._patient_sources.people

    @cached_property
    def one_by_one(self) -> "OneByOne":
        return self._sources.one_by_one

    @cached_property
    def one_person(self) -> "OnePerson":
        return self._sources.one_person

    @cached_property
    def own_changes(self) -> "OwnChanges":
        from shared.adapters.graph.sweep.own_changes import GraphOwnChanges
        from shared.adapters.graph.sweep.sending import PacedGraph

        return GraphOwnChanges(
            PacedGraph(self.patient_graph, self.pace),
            self.settings.identities,
            self._who_we_are,
            self._own_roles,
        )

    @cached_property
    def records(self) -> "Records":
        from shared.adapters.tables.lists import TableCaseLists
        from shared.application.sweep.records import ReadRecords

        return ReadRecords(
            cases=self.cases,
            lists=TableCaseLists(self.table_store, page=_LONG_PAGE),
            registries=self.registries,
            clock=self.clock,
            break_glass=self.settings.break_glass_ids,
            grace=self.settings.grace,
        )

    @cached_property
    def app_passwords(self) -> "ReadAppPasswords":
        from shared.application.sweep.app_passwords import ReadAppPasswords

        return ReadAppPasswords(self.ledger, self.clock)

    @cached_property
    def sweep_commands(self) -> "SweepCommands":
        from shared.adapters.servicebus.sweep_commands import ServiceBusSweepCommands

        queue = self.settings.compliance_queue
        return ServiceBusSweepCommands(self.namespace.queue_sender(queue, limit=_SEND_LIMIT))

    @cached_property
    def send_stage(self) -> "SendStage":
        from shared.application.sweep.sending import SendStage

        return SendStage(self.sweep_commands, self.clock)

    @cached_property
    def start_run(self) -> "StartRun":
        from shared.application.sweep.starting import StartRun

        return StartRun(self.runs, self.send_stage, self.clock)

    @cached_property
    def _sources(self) -> "GraphSources":
        return self._sources_over(self.graph)

    @cached_property
    def _patient_sources(self) -> "GraphSources":
        return self._sources_over(self.patient_graph)

    def _sources_over(self, client: "GraphClient") -> "GraphSources":
        from shared.adapters.graph.sweep.sources import GraphSources

        return GraphSources.over(
            client,
            pace=self.pace,
            clock=self.clock,
            held_roles=self._own_roles,
            trusted_ips=self.settings.trusted_ips,
            staged_rollout=self.settings.staged_rollout,
        )
