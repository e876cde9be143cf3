"""The ports over Microsoft Graph and Exchange through which the directory is read."""

import functools
import time
from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.messaging import Messaging

if TYPE_CHECKING:
    from shared.adapters.graph.audits import GraphAudits, WhoWeAre
    from shared.adapters.graph.coverage import GraphCoverage
    from shared.adapters.graph.groups import GraphGroups
    from shared.adapters.graph.policies import GraphPolicies
    from shared.adapters.graph.privileges import HeldRoles
    from shared.application.ports.audits import Audits
    from shared.application.ports.budgets import DirectorySize
    from shared.application.ports.directory import Directory
    from shared.application.ports.enrolments import GroupMembers
    from shared.application.ports.groups import Groups
    from shared.application.ports.mailboxes import Mailboxes
    from shared.application.ports.newcomers import Newcomers
    from shared.application.ports.passes import PassChecks
    from shared.application.ports.people import (
        Administrators,
        EmployeeNumbers,
        Managers,
        Privileges,
    )
    from shared.application.ports.policies import Policies
    from shared.application.ports.sign_ins import LegacyClients, RegistrationGuards, SignIns


class DirectoryReading(Messaging):
    """What is read of the directory, by port."""

    @cached_property
    def directory(self) -> "Directory":
        from shared.adapters.graph.directory import GraphDirectory

        return GraphDirectory(self.graph)

    @cached_property
    def groups(self) -> "Groups":
        return self._graph_groups

    @cached_property
    def group_members(self) -> "GroupMembers":
        from shared.adapters.graph.group_members import GraphGroupMembers

        return GraphGroupMembers(self.graph)

    @cached_property
    def newcomers(self) -> "Newcomers":
        from shared.adapters.graph.newcomers import GraphNewcomers

        return GraphNewcomers(self.graph, time.monotonic)

    @cached_property
    def policies(self) -> "Policies":
        return self._graph_policies

    @cached_property
    def managers(self) -> "Managers":
        from shared.adapters.graph.directory import GraphDirectory

        return GraphDirectory(self.graph)

    @cached_property
    def sign_ins(self) -> "SignIns":
        from shared.adapters.graph.sign_ins import GraphSignIns

        return GraphSignIns(self.graph, self._graph_audits)

    @cached_property
    def audits(self) -> "Audits":
        return self._graph_audits

    @cached_property
    def legacy_clients(self) -> "LegacyClients":
        from shared.adapters.graph.legacy_clients import GraphLegacyClients

        return GraphLegacyClients(self.graph, self._graph_policies, self._graph_coverage)

    @cached_property
    def mailboxes(self) -> "Mailboxes":
        from shared.adapters.exchange.mailboxes import ExchangeMailboxes

        return ExchangeMailboxes(self.exchange)

    @cached_property
    def registration_guards(self) -> "RegistrationGuards":
        from shared.adapters.graph.registration_guards import GraphRegistrationGuards

        return GraphRegistrationGuards(self._graph_coverage)

    @cached_property
    def employee_numbers(self) -> "EmployeeNumbers":
        from shared.adapters.graph.directory import GraphDirectory

        return GraphDirectory(self.graph)

    @cached_property
    def privileges(self) -> "Privileges":
        from shared.adapters.graph.privileges import GraphPrivileges
        from shared.adapters.graph.sweep.sources import groups_promptly

        groups = groups_promptly(self.graph, self.clock, self._own_roles)
        return GraphPrivileges(self.graph, groups, self._own_roles, self.monotonic)

    @cached_property
    def administrators(self) -> "Administrators":
        from shared.adapters.graph.administrators import GraphAdministrators

        return GraphAdministrators(self.graph, self.directory, self.sign_ins, self._own_roles)

    @cached_property
    def _own_roles(self) -> "HeldRoles":
        from shared.adapters.identity import held_roles

        return functools.partial(held_roles, self.credential, self.cloud.scope)

    @cached_property
    def directory_size(self) -> "DirectorySize":
        from shared.adapters.graph.size import GraphDirectorySize

        return GraphDirectorySize(self.graph, self.monotonic)

    @cached_property
    def pass_checks(self) -> "PassChecks":
        from shared.adapters.graph.pass_checks import GraphPassChecks

        return GraphPassChecks(self.graph)

    @cached_property
    def _graph_groups(self) -> "GraphGroups":
        from shared.adapters.graph.groups import GraphGroups

        return GraphGroups(self.graph, self.settings.groups())

    @cached_property
    def _graph_policies(self) -> "GraphPolicies":
        from shared.adapters.graph.policies import GraphPolicies

        return GraphPolicies(self.graph, self.clock, self.monotonic)

    @cached_property
    def _graph_coverage(self) -> "GraphCoverage":
        from shared.adapters.graph.belongings import GraphBelongings
        from shared.adapters.graph.coverage import GraphCoverage
        from shared.adapters.graph.sweep.sources import one_person_promptly

        person = one_person_promptly(self.graph, self.clock, self._own_roles)
        return GraphCoverage(self._graph_policies, GraphBelongings(person, self.privileges))

    @cached_property
    def _graph_audits(self) -> "GraphAudits":
        from shared.adapters.graph.audits import GraphAudits

        return GraphAudits(self.graph, self._who_we_are)

    @cached_property
    def _who_we_are(self) -> "WhoWeAre":
        from shared.adapters.identity import own_identity

        return functools.partial(own_identity, self.credential, self.cloud.scope)
