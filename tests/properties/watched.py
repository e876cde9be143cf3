"""Ports in memory whose calls the watch sees: roles, and passes."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from shared.application.ports.leases import Lease
from shared.domain.authentication import Unknown
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability
from shared.domain.ids import UserId
from shared.domain.passes.given import GivenPass
from shared.domain.passes.methods_policy import PassTerms
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege
from tests.fakes.passes import FakeCollections, FakePasses
from tests.fakes.privileges import FakePrivileges
from tests.properties.clock import WorldClock
from tests.properties.tenant import LaggingTenant
from tests.properties.watch import Watch


class WatchedPrivileges(FakePrivileges):
    """The port `Privileges`; the watch sees what is told."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    async def privilege(self, user: UserId) -> Privilege | Unknown:
        """By what a person is privileged."""
        answer = await super().privilege(user)
        self._watch.people.privilege_told(user, answer)
        return answer


class WatchedPasses(FakePasses):
    """The port `Passes` behind its guard; the watch sees what is made.

    Attributes:
        meanwhile: what happens while the answer to who makes one is on its way.
    """

    def __init__(
        self, tenant: LaggingTenant, clock: WorldClock, watch: Watch, collections: FakeCollections
    ) -> None:
        super().__init__(tenant, clock)
        self._watch = watch
        self._collections = collections
        self._ends: dict[str, datetime] = {}
        self.meanwhile: Callable[[], Awaitable[None]] = _nothing

    def usable(self, user: UserId) -> set[str]:
        """The passes of a person that have not expired."""
        now = self.clock.now()
        return {value for value in self.of(user) if self._ends.get(value, now) > now}

    async def create(
        self,
        user: UserId,
        terms: PassTerms,
        *,
        impact: Impact,
        approved: bool,
        capability: Capability,
        lease: Lease,
        spender: Spender,
    ) -> GivenPass:
        """Make one."""
        records = [one for one in self._collections.kept.values() if one.user_id == user]
        self._watch.expect(len(records) == 1, "a pass is made, and no record tells of it")
        for record in records:
            case = self._watch.cases[record.case_id].case
            self._watch.expect(record.by not in case.approvers, "an approver collects the pass")
            self._watch.reaches(user, impact, case, lease)
        ends_at = self.clock.now() + terms.lifetime
        try:
            return await super().create(
                user,
                terms,
                impact=impact,
                approved=approved,
                capability=capability,
                lease=lease,
                spender=spender,
            )
        finally:
            for value in self.values.values():
                self._ends.setdefault(value, ends_at)
            await self.meanwhile()


async def _nothing() -> None:
    pass
