"""The ports over Table Storage."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.connections import Connections

if TYPE_CHECKING:
    from shared.adapters.tables.budgets import TableBudgets
    from shared.application.ports.budgets import Budgets, SpentRecords
    from shared.application.ports.cases import CaseLists, Cases, Claims, DueCases
    from shared.application.ports.contacts import Contacts
    from shared.application.ports.control import Controls
    from shared.application.ports.enrolments import EnrolmentLists
    from shared.application.ports.exemptions import Exemptions
    from shared.application.ports.leases import Leases
    from shared.application.ports.ledger import Ledger
    from shared.application.ports.parked import ParkedMessages, UntoldMessages
    from shared.application.ports.passes import Collections, PassCounts
    from shared.application.ports.registries import Registries
    from shared.application.ports.sources import Volumes


class Storage(Connections):
    """What is stored, by port."""

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
    def untold(self) -> "UntoldMessages":
        from shared.adapters.tables.parked import TableParkedMessages

        return TableParkedMessages(self.table_store)

    @cached_property
    def contacts(self) -> "Contacts":
        from shared.adapters.tables.contacts import TableContacts

        return TableContacts(self.table_store)

    @cached_property
    def enrolment_lists(self) -> "EnrolmentLists":
        from shared.adapters.tables.enrolments import TableEnrolmentLists

        return TableEnrolmentLists(self.table_store)

    @cached_property
    def ledger(self) -> "Ledger":
        from shared.adapters.tables.ledger import TableLedger

        return TableLedger(self.table_store)

    @cached_property
    def registries(self) -> "Registries":
        from shared.adapters.tables.registries import TableRegistries

        return TableRegistries(self.table_store)

    @cached_property
    def collections(self) -> "Collections":
        from shared.adapters.tables.passes import TableCollections

        return TableCollections(self.table_store)

    @cached_property
    def pass_counts(self) -> "PassCounts":
        from shared.adapters.tables.passes import TablePassCounts

        return TablePassCounts(self.table_store)

    @cached_property
    def exemptions(self) -> "Exemptions":
        from shared.adapters.tables.exemptions import TableExemptions

        return TableExemptions(self.table_store)

    @cached_property
    def budgets(self) -> "Budgets":
        return self._table_budgets

    @cached_property
    def spent_records(self) -> "SpentRecords":
        return self._table_budgets

    @cached_property
    def _table_budgets(self) -> "TableBudgets":
        from shared.adapters.tables.budgets import TableBudgets

        return TableBudgets(self.table_store, self.monotonic)
