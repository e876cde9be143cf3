"""An administrator who enrols people in the world of the campaigns."""

import json
from dataclasses import replace as changed
from datetime import timedelta
from enum import StrEnum
from random import Random

from shared.application.due import work_due
from shared.contracts.commands import decode_command
from shared.contracts.enrolment_request import decode_enrolment
from shared.domain.approvals import plan_hash
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import PEOPLE, SWEEP, Case, CaseState
from shared.domain.control import Mode
from shared.domain.enrolment.people import Listed
from shared.domain.errors.storage import LeaseHeld, StoreUnavailable
from shared.domain.ids import CaseId, UserId
from shared.domain.plans import CaseKind, EnrolmentPlan, OnboardingPlan
from shared.settings import Settings
from tests.builders import NOW
from tests.properties.interrupting import Crash
from tests.properties.world import OVER, PROTECTED, SETTINGS, World

ADMIN = "admin-1"
A_DAY = 7
"""How many people may be enrolled on a day."""
MOST_ROUNDS = 120


class Kind(StrEnum):
    """What kind of person it is; the value is the code of what the plan says."""

    PLAIN = "enrol"
    ENFORCED = "already-enforced"
    GUEST = "guest-account"
    BLOCKED = "account-disabled"
    SERVICE = "service-account"
    PROTECTED = "protected-account"
    GONE = "not-found"
    UNKNOWN = "unknown"
    TWICE = "repeated"
    """Somebody who stands on the list already, by another name."""


class Enrolling:
    """A world with people in it, and one enrolment.

    Attributes:
        world: where it happens.
        named: whom the request names, in order.
        kinds: what each of them is.
        group: the group that has the same people.
    """

    def __init__(
        self,
        chance: Random,
        kinds: list[Kind],
        *,
        a_day: int = A_DAY,
        settings: Settings = SETTINGS,
    ) -> None:
        self.world = World(chance, changed(settings, enrolled_a_day=a_day))
        self.chance = chance
        self.kinds = kinds
        self.named: list[str] = []
        self.group = self.world.tenant.add_group("c0000000-0000-4000-8000-000000000001")
        for number, kind in enumerate(kinds):
            self._add(number, kind)

    def _add(self, number: int, kind: Kind) -> None:
        tenant, name = self.world.tenant, f"person{number}@contoso.example"
        if kind is Kind.TWICE:
            self.named.append(self._other_name() or name)
            return
        if kind is Kind.GONE:
            self.named.append(name)
            return
        name = f"sync_{number}@contoso.example" if kind is Kind.SERVICE else name
        protected = PROTECTED if kind is Kind.PROTECTED else None
        user = tenant.add(
            name, enabled=kind is not Kind.BLOCKED, guest=kind is Kind.GUEST, user_id=protected
        )
        if kind is Kind.ENFORCED:
            tenant.found_in(user, PerUserMfaState.ENFORCED)
        if kind is Kind.UNKNOWN:
            tenant.unknown.add(user)
        tenant.members[self.group].add(user)
        self.named.append(name.upper() if number % 2 else user)

    def _other_name(self) -> str | None:
        """Another name of the first plain person, where there is one."""
        first = next(iter(self.people()), None)
        if first is None or first not in self.named:
            return first
        return self.world.tenant.people[first].name

    def people(self) -> list[UserId]:
        """The plain people, in the order in which they appeared."""
        there = [one for one in self.world.tenant.people if self._is_plain(one)]
        return sorted(there)

    def _is_plain(self, user: UserId) -> bool:
        person, unknown = self.world.tenant.people[user], self.world.tenant.unknown
        account = person.account
        return (
            account.enabled
            and not account.guest
            and not account.service
            and person.state is PerUserMfaState.DISABLED
            and user not in unknown
            and user != PROTECTED
        )

    async def ask(self, *, by_group: bool = False, unasked: int | None = None) -> None:
        """Ask for the enrolment until it is acknowledged; as a sweep does, of so many unasked."""
        by, source = (ADMIN, PEOPLE) if unasked is None else (SWEEP, SWEEP)
        asked = {"groupId": self.group} if by_group else {"users": self.named}
        body = json.dumps({"id": "autumn", **asked}).encode()
        for _ in range(20):
            request = self.world.hosts[0].request_enrolment(
                decode_enrolment(body), by, source=source, unasked=unasked or 0
            )
            answer = await self.world.attempt("admin", request)
            if isinstance(answer, Case):
                return
        raise AssertionError("The request was never taken.")

    @property
    def case(self) -> Case:
        """The enrolment as it stands."""
        (found,) = (
            stored.case
            for stored in self.world.watch.cases.values()
            if stored.case.kind is CaseKind.ENROLMENT
        )
        return found

    @property
    def plan(self) -> EnrolmentPlan:
        """Its plan."""
        assert isinstance(self.case.plan, EnrolmentPlan)
        return self.case.plan

    def opened(self) -> dict[CaseId, Case]:
        """The cases that it opened."""
        return {
            case_id: stored.case
            for case_id, stored in self.world.watch.cases.items()
            if isinstance(stored.case.plan, OnboardingPlan) and stored.case.plan.enrolled
        }

    async def listed(self) -> list[Listed]:
        """Everybody on the list, as it stands in the store."""
        plan = self.plan
        parts = await self.world.enrolment_lists.read(
            self.case.case_id, plan.edition or 0, 0, plan.parts
        )
        return [one for part in parts for one in part.people]

    async def confirm(self, seen: str | None = None) -> object:
        """Confirm the plan as it stands, or another."""
        confirmation = self.world.hosts[1].confirm_case(
            self.case.case_id, seen or plan_hash(self.case), ADMIN
        )
        answer = await self.world.attempt("admin", confirmation)
        if not isinstance(answer, LeaseHeld | StoreUnavailable | Crash):
            return answer
        # A worker died a moment ago, or the store is away; the person tries again a little later.
        self.world.clock.advance(timedelta(minutes=2))
        return await self.confirm(seen)

    async def go_on(self, until: frozenset[CaseState], *, lossy: bool = False) -> None:
        """Let the workers of the enrolment work, and time go by; the people's cases rest."""
        world = self.world
        for _ in range(MOST_ROUNDS):
            if self.case.state in until:
                return
            mine = [
                one
                for one in world.broker.deliverable(world.clock.now())
                if self._is_mine(one.body)
            ]
            for message in mine:
                again = lossy and self.chance.random() < 0.2
                await world.deliver(message, host=self.chance.randrange(2), settlement_lost=again)
            await world.timers()
            world.broker.queue = [one for one in world.broker.queue if self._is_mine(one.body)]
            if self.case.state in until:
                return
            moments = [one.at for one in world.broker.queue if one.at is not None]
            # Nothing happens before the next message, or before recovery takes the case up.
            due = max(work_due(self.case) or NOW, world.clock.now()) + timedelta(minutes=1)
            if not world.broker.deliverable(world.clock.now()):
                world.clock.advance_to(min([*moments, due]))
            elif lossy:
                # A worker that died holds its lease for a minute.
                world.clock.advance(timedelta(minutes=2))
            if self.case.state is CaseState.PARKED and CaseState.PARKED not in until:
                await self._replay()
        raise AssertionError(f"It stays {self.case.state}.")

    def _is_mine(self, body: bytes) -> bool:
        return decode_command(body).case_id == self.case.case_id

    async def _replay(self) -> None:
        """Somebody takes up again what was given up."""
        kept, _ = await self.world.parked.newest(None)
        for one in kept:
            replay = self.world.hosts[0].replay_parked(one.parked_id, ADMIN)
            await self.world.attempt("admin", replay)

    async def act(self) -> None:
        """Let everything act."""
        await self.world.set_mode(Mode.ACT)


DONE = OVER - {CaseState.PARKED}
PLANNED = DONE | {CaseState.AWAITING_CONFIRMATION}
