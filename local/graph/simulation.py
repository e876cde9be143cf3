"""Everything that runs in one process: the tenant, the service over it, and what disturbs it."""

import gc
from dataclasses import dataclass
from pathlib import Path

from local.clock import StackClock
from local.graph.api.service import GraphService
from local.graph.exchange.service import ExchangeService
from local.graph.faults import Faults
from local.graph.identity import Identities, IdentityConfig
from local.graph.journal import Journal
from local.graph.tenant.population import populate
from local.graph.tenant.population_groups import organise
from local.graph.tenant.snapshot import load, save
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.times import graph_time
from local.graph.throttling import Throttling

_SNAPSHOT = "tenant.json"
_SIGNING_KEY = "signing.key"


@dataclass(frozen=True)
class Simulation:
    """One simulated tenant with its service."""

    clock: StackClock
    tenant: Tenant
    service: GraphService
    exchange: ExchangeService
    identities: Identities
    throttling: Throttling
    faults: Faults
    journal: Journal
    data: Path

    def load_population(self, count: int, seed: int) -> None:
        """Add a reproducible population; it counts as replicated long ago.

        Raises:
            DuplicateError: one of these people is here already; nobody was added.
        """
        # Nothing of it is garbage; looking for some takes longer than making it.
        gc.disable()
        try:
            self._populate(count, seed)
        finally:
            gc.enable()
        self.settle()

    def _populate(self, count: int, seed: int) -> None:
        now = self.clock.now()
        people = populate(count, seed, now)
        self.tenant.people.add_all(people)
        organised = organise(people, seed, graph_time(now))
        for group in organised.groups:
            self.tenant.groups.write(group.id, group, lag=0)
        for role in organised.roles:
            self.tenant.add_role(role, lag=0)

    def settle(self) -> None:
        """What is there counts as having been there long ago, for the report of registrations too.

        The collector of garbage leaves it out from now on: looking through a large tenant takes it
        half a second, in the midst of some request.
        """
        self.tenant.report.make_now()
        gc.freeze()

    def save(self) -> None:
        """Write the tenant to disk, for the next start."""
        save(self.tenant, self.data / _SNAPSHOT)


def build(
    clock: StackClock, data: Path, config: IdentityConfig, users: int, seed: int
) -> Simulation:
    """Put a simulation together, from the snapshot in `data` if there is one.

    Args:
        users: how many people a fresh tenant has.
        seed: which people those are.
    """
    data.mkdir(parents=True, exist_ok=True)
    tenant = Tenant(clock.now)
    throttling = Throttling(clock.now)
    faults = Faults()
    identities = Identities(config, data / _SIGNING_KEY)
    simulation = Simulation(
        clock=clock,
        tenant=tenant,
        service=GraphService(tenant, throttling, faults, clock.now),
        exchange=ExchangeService(tenant, identities),
        identities=identities,
        throttling=throttling,
        faults=faults,
        journal=Journal(),
        data=data,
    )
    tenant.organization.id = config.tenant_id
    if (data / _SNAPSHOT).exists():
        load(tenant, data / _SNAPSHOT)
        simulation.settle()
    elif users:
        simulation.load_population(users, seed)
    return simulation
