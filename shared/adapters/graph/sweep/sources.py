"""The sources of a sweep, put together."""

from dataclasses import dataclass
from typing import Self

from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.sweep.batches import Batches
from shared.adapters.graph.sweep.groups import GroupPeople
from shared.adapters.graph.sweep.joiners import GroupJoiners
from shared.adapters.graph.sweep.one_by_one import GraphOneByOne
from shared.adapters.graph.sweep.one_person import GraphOnePerson
from shared.adapters.graph.sweep.people import GraphPeople
from shared.adapters.graph.sweep.sending import HeldRoles, PacedGraph, PromptGraph
from shared.adapters.graph.sweep.tenant import GraphTenant
from shared.application.ports.clock import Clock
from shared.application.ports.pace import Pace
from shared.application.ports.sweep import OneByOne, OnePerson, PeopleSource, TenantSource


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSources:
    """All that a sweep reads from Microsoft Graph."""

    tenant: TenantSource
    people: PeopleSource
    one_by_one: OneByOne
    one_person: OnePerson

    @classmethod
    def over(
        cls,
        client: GraphClient,
        *,
        pace: Pace,
        clock: Clock,
        held_roles: HeldRoles,
        trusted_ips: bool | None = None,
        staged_rollout: bool | None = None,
    ) -> Self:
        """The sources over one connection.

        Args:
            client: sends the requests. Pages of 999 people take Graph longer than one person does,
                so that it should have more patience than usual.
            pace: gives the turns where a limit is published.
            clock: waits before throttled parts of a batch are tried again.
            held_roles: tells our own token's roles.
            trusted_ips: whether the MFA service settings name trusted IPs, which Graph does not
                tell; None where nobody has said so.
            staged_rollout: the same of a Staged Rollout for people of federated domains.
        """
        graph = PacedGraph(client, pace)
        batches = Batches(graph, clock)
        groups = GroupPeople(graph, batches, held_roles)
        joiners = GroupJoiners(graph, groups, held_roles)
        return cls(
            tenant=GraphTenant(
                graph, held_roles, trusted_ips=trusted_ips, staged_rollout=staged_rollout
            ),
            people=GraphPeople(graph, groups, joiners),
            one_by_one=GraphOneByOne(batches),
            one_person=GraphOnePerson(graph, groups, joiners),
        )


def one_person_promptly(client: GraphClient, clock: Clock, held_roles: HeldRoles) -> OnePerson:
    """Reads a single person for a case.

    Args:
        client: sends the requests.
        clock: waits before throttled parts of a batch are tried again.
        held_roles: tells our own token's roles.
    """
    graph = PromptGraph(client)
    groups = groups_promptly(client, clock, held_roles)
    return GraphOnePerson(graph, groups, GroupJoiners(graph, groups, held_roles))


def groups_promptly(client: GraphClient, clock: Clock, held_roles: HeldRoles) -> GroupPeople:
    """Reads what groups are for a case, with the arguments of `one_person_promptly`."""
    graph = PromptGraph(client)
    return GroupPeople(graph, Batches(graph, clock, priority="normal"), held_roles)
