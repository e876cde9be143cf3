"""What operators set, see and keep in order."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.cases import CaseWork

if TYPE_CHECKING:
    from shared.application.budgeting import (
        AnnounceHolds,
        ForgetSpending,
        LetFlowGoOn,
        ListBudgets,
    )
    from shared.application.controlling import ChangeControl, ReadControl
    from shared.application.health import CheckHealth, HealthCheck
    from shared.application.parking import ListParked, ReplayParked
    from shared.application.registering import Fixed, ListEntries, PutEntry, RemoveEntry


class Operation(CaseWork):
    """The use cases of operators."""

    @cached_property
    def read_control(self) -> "ReadControl":
        from shared.application.controlling import ReadControl

        return ReadControl(self.controls)

    @cached_property
    def change_control(self) -> "ChangeControl":
        from shared.application.controlling import ChangeControl
        from shared.domain.cases import QUEUE

        return ChangeControl(
            controls=self.controls,
            sources=frozenset({*self.settings.sources, *self.settings.reset_sources, QUEUE}),
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

        return PutEntry(
            registries=self.registries,
            exemptions=self.exemptions,
            cases=self.cases,
            fixed=self._fixed_entries,
            clock=self.clock,
        )

    @cached_property
    def remove_entry(self) -> "RemoveEntry":
        from shared.application.registering import RemoveEntry

        return RemoveEntry(self.registries, self._fixed_entries, self.clock)

    @property
    def _fixed_entries(self) -> "Fixed":
        from shared.domain.registries import Registry

        return {Registry.PROTECTED: self.settings.break_glass_ids}

    @cached_property
    def list_budgets(self) -> "ListBudgets":
        from shared.application.budgeting import ListBudgets

        return ListBudgets(
            budgets=self.budgets,
            limits=self.settings.limits(),
            size=self.directory_size,
            clock=self.clock,
        )

    @cached_property
    def let_flow_go_on(self) -> "LetFlowGoOn":
        from shared.application.budgeting import LetFlowGoOn

        return LetFlowGoOn(
            budgets=self.budgets,
            cases=self.cases,
            lists=self.case_lists,
            dispatch=self.dispatch,
            clock=self.clock,
        )

    @cached_property
    def announce_holds(self) -> "AnnounceHolds":
        from shared.application.budgeting import AnnounceHolds

        return AnnounceHolds(
            budgets=self.budgets,
            events=self.events,
            clock=self.clock,
            tenant_id=self.settings.tenant_id,
        )

    @cached_property
    def forget_spending(self) -> "ForgetSpending":
        from shared.application.budgeting import ForgetSpending

        return ForgetSpending(self.spent_records, self.clock)

    @cached_property
    def check_health(self) -> "CheckHealth":
        from shared.adapters.identity import GraphPermitsUs
        from shared.adapters.servicebus.probe import BrokerAnswers
        from shared.adapters.tables.probe import TablesAnswer
        from shared.application.health import CheckHealth
        from shared.rights import GRAPH_ROLES, OBSERVING_ROLES

        app = self.settings.app
        needed = OBSERVING_ROLES if app is None else GRAPH_ROLES[app]
        checks: dict[str, HealthCheck] = {
            "tables": TablesAnswer(self.controls),
            # The queue that every app may send to.
            "serviceBus": BrokerAnswers(self.namespace, self.settings.onboarding_queue),
        }
        if needed:
            checks["graph"] = GraphPermitsUs(
                self.credential, self.cloud.scope, needed, self.directory
            )
        return CheckHealth(checks)
