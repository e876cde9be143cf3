"""Plays a month's script against a running stack, day by day."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from http import HTTPStatus

import httpx

from local.clock import StackClock
from local.host.schedule_status import StatusFile
from local.stack.environment import HR_SOURCE
from local.stack.stack import Stack
from shared.names import FunctionName
from tests.campaigns.script import (
    BY_PEOPLE,
    IN_THE_DIRECTORY,
    Account,
    Act,
    Event,
    Month,
    Verb,
)
from tests.e2e.company import Company, Json
from tests.e2e.side_by_side import side_by_side
from tests.e2e.waiting import eventually

ROLE = "Helpdesk Administrator"
_SOON = timedelta(seconds=10)
"""What is put off for so short a time belongs to what is going on; the waits of the cases
themselves are ten minutes and longer."""
_LONGEST = 240.0
_A_MINUTE = 61.0
_HELD_BACK = 31.0
"""Seconds after which a case that was held back looks again."""


@dataclass
class Record:
    """What was seen on the way.

    Attributes:
        users: the object ids.
        before: the truth about everybody who was there before the month, and about each account
            as it was made.
        cases: the cases of each person's events, in the order of the events.
        answers: the statuses that HR got, by person.
    """

    users: dict[str, str] = field(default_factory=dict)
    before: dict[str, Json] = field(default_factory=dict)
    cases: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, list[int]] = field(default_factory=dict)


class Play:
    """One month of one company.

    Args:
        stack: with the population that the month was written for.
        company: around it.
        month: the script.
    """

    def __init__(self, stack: Stack, company: Company, month: Month) -> None:
        self._stack, self._company, self._month = stack, company, month
        self.record = Record()

    async def prepare(self) -> None:
        """Give people their roles and their reports, and exclude who is excluded."""
        truths = await self._company.whole_truth()
        ids = {truth["userPrincipalName"]: user for user, truth in truths.items()}
        for person in self._month.people.values():
            if person.account is Account.NONE:
                continue
            self.record.users[person.key] = user = ids[person.name]
            if person.manager:
                await self._company.employ(manager=user)
            if person.privileged:
                await self._give_role(user)
            if person.untouchable and person.number is not None:
                await self._exclude(user)
        self.record.before = {key: truths[user] for key, user in self.record.users.items()}

    async def to_the_end(self) -> None:
        """Every day of the month."""
        month = self._month
        # What was told while a part was away, the recovery timer has to take up.
        shaken = {month.imported, month.imported + 2, month.suspended + 1}
        for day in month.days:
            rest = self._recover if day in shaken else self._rest
            if day == month.suspended:
                # Its cases look every half minute whether it still is.
                rest = partial(self._rest, soon=timedelta(0))
            await self._morning(day)
            await rest()
            await self._acts_of(day)
            if day == month.imported + 2:
                await self._restart("servicebus", signal.SIGKILL)
            await rest()
            await self._each(month.of(day), BY_PEOPLE, self._by_people)
            await rest()

    async def _recover(self) -> None:
        """Wait until the recovery timer has run and all is at rest."""
        since = await self._company.now()
        await self._company.advance(_A_MINUTE)
        with StackClock(self._stack.layout.clock) as clock:
            statuses = StatusFile(self._stack.layout.clock.with_suffix(".timers.json"), clock)

            async def has_run() -> bool:
                status = statuses.read(FunctionName.RECOVERY)
                return status is not None and status.last > since

            await eventually(has_run, "the recovery timer has run")
        await self._rest()

    async def _rest(self, soon: timedelta = _SOON) -> None:
        await self._company.rests(soon=soon, within=_LONGEST)

    async def _acts_of(self, day: int) -> None:
        """What IT does and what HR tells; the host dies in the midst of the import."""
        today = self._month.of(day)
        await self._each(today, IN_THE_DIRECTORY, self._in_the_directory)
        if day == self._month.imported:
            await self._import(today)
        else:
            await self._each(today, (Verb.TELL,), self._tell)

    async def _morning(self, day: int) -> None:
        company = self._company
        if day == self._month.suspended:
            await self._set_source("suspended", "Approver")
        ahead = self._month.calendar.morning(day) - await company.now()
        await company.advance(max(ahead, timedelta(0)).total_seconds() + 1)
        if day == self._month.suspended + 1:
            await self._set_source("active", "Admin", "Admin2")
            await company.advance(_HELD_BACK)

    async def _each(
        self, acts: Iterable[Act], verbs: tuple[Verb, ...], do: Callable[[Act], Awaitable[None]]
    ) -> None:
        """Do these, those about one person one after the other."""
        by_person: dict[str, list[Act]] = {}
        for act in acts:
            if act.verb in verbs:
                by_person.setdefault(act.key, []).append(act)

        async def in_turn(some: list[Act]) -> None:
            for act in some:
                await do(act)

        await side_by_side(*map(in_turn, by_person.values()))

    async def _import(self, today: list[Act]) -> None:
        """Everything that HR tells on the day of the import, and a host that dies in the middle."""
        telling = asyncio.create_task(self._each(today, (Verb.TELL,), self._tell))
        half = sum(map(len, self.record.answers.values())) + len(today) // 4

        async def half_told() -> bool:
            return telling.done() or sum(map(len, self.record.answers.values())) >= half

        await eventually(half_told, "half of the import is told")
        await self._restart("host", signal.SIGKILL)
        await telling

    async def _in_the_directory(self, act: Act) -> None:
        company, person = self._company, self._month.people[act.key]
        if act.verb is Verb.MAKE:
            truth = await company.employ(
                userPrincipalName=act.name,
                displayName=act.key,
                employeeId=person.number,
                accountEnabled=not act.blocked,
            )
            self.record.users[act.key] = truth["id"]
            self.record.before[act.key] = truth
            if person.privileged:
                await self._give_role(truth["id"])
            return
        user = self.record.users[act.key]
        match act.verb:
            case Verb.DELETE:
                await company.administrator.deletes(user)
            case Verb.RENAME:
                await company.administrator.corrects(user, userPrincipalName=act.name)
            case _:
                opened = act.verb is Verb.UNBLOCK
                await company.administrator.corrects(user, accountEnabled=opened)

    async def _tell(self, act: Act) -> None:
        if act.event is None:
            raise TypeError(f"HR tells nothing: {act}")
        answer = await self._delivered(act.event)
        self.record.answers.setdefault(act.key, []).append(answer.status_code)
        if answer.status_code == HTTPStatus.ACCEPTED:
            cases = self.record.cases.setdefault(act.key, [])
            case_id = answer.json()["caseId"]
            if case_id not in cases:
                cases.append(case_id)

    async def _delivered(self, event: Event) -> httpx.Response:
        """The app's word about an event; while there is none, HR sends it again."""

        async def answered() -> httpx.Response | None:
            try:
                answer = await self._company.post(event.body(), answered_within=60)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                return None
            return None if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE else answer

        return await eventually(answered, f"an answer about {event.id}")

    async def _by_people(self, act: Act) -> None:
        if act.verb is Verb.REGISTER:
            await self._company.register(self.record.users[act.key])
            return
        for case_id in self.record.cases[act.key]:
            case = await self._company.case(case_id)
            if case["state"] == "awaiting-approval":
                agreed = {"planHash": case["planHash"]}
                path = f"cases/{case_id}/approve"
                answer = await self._company.as_person("Approver", "POST", path, agreed)
                assert answer.is_success, answer.text

    async def _give_role(self, user: str) -> None:
        await self._company.sim("POST", "roles", {"displayName": ROLE, "members": [user]})

    async def _exclude(self, user: str) -> None:
        until = self._month.calendar.morning(self._month.last_day + 1)
        entry = {"owner": "Identity team", "reason": "A pilot", "expiresAt": until.isoformat()}
        answer = await self._company.as_person("Admin", "PUT", f"exclusions/{user}", entry)
        assert answer.is_success, answer.text

    async def _set_source(self, access: str, *roles: str) -> None:
        for role in roles:
            change = {"sources": {HR_SOURCE: access}}
            answer = await self._company.as_person(role, "PUT", "control", change)
            assert answer.is_success, answer.text
        # A host that runs may believe what it read some seconds ago.
        await self._restart("host", signal.SIGTERM)

    async def _restart(self, part: str, end: signal.Signals) -> None:
        await asyncio.to_thread(self._stack.kill, part, end)
        await asyncio.to_thread(self._stack.restart, part)
