"""The guarded ways to change people, and what the guards go by."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.directory import DirectoryReading

if TYPE_CHECKING:
    from shared.application.gate import Gate
    from shared.application.guarded_passes import PassGuard
    from shared.application.ports.control import Modes, Suspensions
    from shared.application.ports.directory import DirectoryWrites
    from shared.application.ports.passes import Passes
    from shared.application.ports.people import BreakGlass, Standings
    from shared.application.spending import SpendBudget


class GuardedAccess(DirectoryReading):
    """Each change of the directory, behind what may forbid it."""

    @cached_property
    def modes(self) -> "Modes":
        from shared.application.break_glass import SafeModes
        from shared.application.modes import CachedModes

        return SafeModes(CachedModes(self.controls, self.monotonic), self.break_glass)

    @cached_property
    def suspensions(self) -> "Suspensions":
        from shared.application.suspensions import CachedSuspensions

        return CachedSuspensions(self.controls, self.monotonic)

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
    def unguarded_writes(self) -> "DirectoryWrites":
        from shared.adapters.graph.writes import GraphWrites

        return GraphWrites(
            self.graph,
            groups=self._graph_groups,
            mailboxes=self.mailboxes,
            contacts=self.contacts,
            clock=self.clock,
        )

    @cached_property
    def writes(self) -> "DirectoryWrites":
        from shared.application.guarded import GuardedWrites

        return GuardedWrites(
            self.unguarded_writes,
            gate=self.gate,
            standings=self.standings,
            administrators=self.administrators,
            leases=self.leases,
            enforcement=self.settings.enforcement_group,
        )

    @cached_property
    def gate(self) -> "Gate":
        from shared.application.gate import Gate

        return Gate(self.modes, self.spend_budget, self.monotonic)

    @cached_property
    def spend_budget(self) -> "SpendBudget":
        from shared.application.spending import SpendBudget

        return SpendBudget(
            budgets=self.budgets,
            limits=self.settings.limits(),
            size=self.directory_size,
            clock=self.clock,
        )

    @cached_property
    def passes(self) -> "Passes":
        from shared.adapters.graph.passes import GraphPasses
        from shared.application.guarded_passes import GuardedPasses

        return GuardedPasses(
            GraphPasses(self.graph),
            guard=self.pass_guard,
            break_glass=self.break_glass,
            gate=self.gate,
        )

    @cached_property
    def pass_guard(self) -> "PassGuard":
        from shared.application.guarded_passes import PassGuard

        return PassGuard(self.standings)
