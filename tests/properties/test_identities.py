"""S9: an event reaches its own employee and nobody else, in any tenant and whatever HR says.

Names and numbers are shared, missing, swapped and spelt differently. Who is meant is worked out
here from what is true, and not by asking the code that finds people.
"""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.authentication import MethodType, PerUserMfaState, Unknown
from shared.domain.cases import CaseState
from shared.domain.control import Mode
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from shared.settings import Settings
from tests.builders import NOW
from tests.properties.world import ENVIRONMENT, OVER, World

NAMES = (
    "robin@contoso.example",
    "kim@contoso.example",
    "ash@agency.example",
    "lou@agency.example",
)
SPELT = (*NAMES, NAMES[0].upper(), "new@contoso.example", "new@agency.example")
NUMBERS = ("E1", "E2", "e1", None)
DAY = timedelta(days=1)
REST = OVER | {
    CaseState.WAITING_ACCOUNT,
    CaseState.WAITING_REGISTRATION,
    CaseState.WAITING_DISABLED,
    CaseState.AWAITING_APPROVAL,
    CaseState.OVERDUE,
}


def mostly(good: object, *others: object) -> st.SearchStrategy[Any]:
    """What lets an event through, and now and then what does not: near misses find most."""
    return st.sampled_from([good] * 3 * len(others) + [*others])


@dataclass(frozen=True, kw_only=True)
class Employee:
    """Somebody in the directory, as drawn."""

    number: str | None
    age: timedelta | None = timedelta(0)
    signed_in: bool = False
    method: MethodType | None = None
    privilege: Privilege | Unknown = Privilege.NONE
    state: PerUserMfaState = PerUserMfaState.DISABLED


@dataclass(frozen=True, kw_only=True)
class Told:
    """What HR says of somebody, as drawn."""

    type: str
    number: str | None
    name: str | None


@st.composite
def companies(draw: st.DrawFn) -> list[Employee]:
    """Several people, most of them with a number of their own and an account that nobody uses."""
    return [
        Employee(
            number=draw(mostly(number, *NUMBERS)),
            age=draw(mostly(0 * DAY, None, 29 * DAY, 30 * DAY)),
            signed_in=draw(mostly(False, True)),  # noqa: FBT003  (drawn)
            method=draw(mostly(None, MethodType.FIDO2, MethodType.EMAIL)),
            privilege=draw(mostly(Privilege.NONE, Privilege.ROLE, Unknown("No permission."))),
            state=draw(mostly(*PerUserMfaState)),
        )
        for number in draw(st.permutations(("E1", "E2", "E3", "E4")))[: draw(st.integers(2, 4))]
    ]


@st.composite
def sayings(draw: st.DrawFn) -> list[Told]:
    """A few events, most of them by a number alone; others name somebody, or nobody, besides."""
    return [
        Told(
            type=draw(st.sampled_from(["joiner", "joiner", "rehire", "leaver"])),
            number=number,
            name=draw(mostly(None, *SPELT) if number is not None else st.sampled_from(SPELT)),
        )
        for number in draw(st.lists(mostly("E1", *NUMBERS, "E9"), min_size=1, max_size=3))
    ]


domains = st.sampled_from([(), (), ("contoso.example",), ("agency.example",)])


class Company:
    """A world of several people with an HR system that may say anything.

    Attributes:
        world: where all of it happens.
        people: who there is, by object id, in the order of their names.
    """

    def __init__(self, people: list[Employee], domains: tuple[str, ...]) -> None:
        profile = {
            "types": ["joiner", "rehire", "leaver"],
            "preparation": ["mobile"],
            "domains": domains,
        }
        settings = Settings.from_environment({**ENVIRONMENT, "HR_SOURCE_DEMO": json.dumps(profile)})
        self.world = World(Random(0), settings)  # noqa: S311  (which replica answers is no secret)
        self.domains = domains
        self.people: dict[UserId, Employee] = {}
        for name, person in zip(NAMES, people, strict=False):
            user = self.world.tenant.add(name, employee_id=person.number)
            self.people[user] = person
            if person.method is not None:
                self.world.tenant.register(user, person.method)
            self.world.privileges.held[user] = person.privilege
            self.world.tenant.people[user] = replace(
                self.world.tenant.people[user],
                created_at=None if person.age is None else NOW - person.age,
                has_signed_in=person.signed_in,
                state=person.state,
            )

    async def hear(self, told: list[Told]) -> None:
        """HR sends these, each with a phone of its own, and all that can be done is done."""
        await self.world.set_mode(Mode.ACT)
        for number, event in enumerate(told):
            body = {"id": f"evt-{number}", "type": event.type, "contact": {"mobile": phone(number)}}
            body |= {} if event.number is None else {"employeeId": event.number}
            body |= {} if event.name is None else {"userPrincipalName": event.name}
            body |= {"effectiveAt": NOW.isoformat()} if event.type == "leaver" else {}
            await self.world.post(body)
        await self.world.settle(REST)

    def meant(self, told: Told) -> UserId | None:
        """Whom an event is about, by what is true; None where nobody may be touched for it."""
        named = [user for user in self.people if folded(self._name(user)) == folded(told.name)]
        found = named[0] if named else None
        if told.number is not None:
            bearers = [
                user
                for user, person in self.people.items()
                if folded(person.number) == folded(told.number)
            ]
            if len(bearers) > 1 or (bearers and found not in {None, bearers[0]}):
                return None
            found = bearers[0] if bearers else None
        if found is None or not self.domains:
            return found
        return found if self._name(found).rpartition("@")[2] in self.domains else None

    def _name(self, user: UserId) -> str:
        return self.world.tenant.people[user].name


def folded(text: str | None) -> str | None:
    """A name or a number as the directory compares it."""
    return None if text is None else text.casefold()


def phone(number: int) -> str:
    """The phone that only this event tells."""
    return f"+1 20655501{number:02d}"


def run(company: Company, told: list[Told]) -> None:
    """Let HR say it, to the end."""
    asyncio.run(company.hear(told))


def check(company: Company, told: list[Told]) -> None:
    """Nobody was touched but whom an event of that kind meant, and each got their own contact."""
    world = company.world
    joined = {company.meant(event) for event in told if event.type != "leaver"}
    left = {company.meant(event) for event in told if event.type == "leaver"}
    for user, effect in world.tenant.writes:
        assert user in joined | left
        if isinstance(effect, SetMfaState):
            assert user in joined
        if isinstance(effect, RevokeSessions):
            assert user in left
    by_phone = {phone(number): event for number, event in enumerate(told)}
    for user, _, value in world.tenant.told:
        event, person = by_phone[value], company.people[user]
        assert company.meant(event) == user
        assert event.type == "joiner"
        assert event.number is not None
        assert folded(event.number) == folded(person.number)
        assert person.privilege is Privilege.NONE
        assert not person.signed_in
        assert person.method is None
        assert person.age is not None
        assert person.age < 30 * DAY
    assert len({user for user, _, _ in world.tenant.told}) == len(world.tenant.told)
    assert world.watch.broken == []


@settings(max_examples=300)
@given(people=companies(), told=sayings(), domains=domains)
def test_an_event_reaches_its_own_employee_alone(
    people: list[Employee], told: list[Told], domains: tuple[str, ...]
) -> None:
    """Whoever is written, and whoever gets contact data, is the one of whom the event speaks.

    Nobody whose number another account bears, whose name is somebody else's by now, or whose
    account lies outside of the source's domains.
    """
    company = Company(people, domains)
    run(company, told)
    check(company, told)


def test_among_several_the_one_who_is_meant_is_reached() -> None:
    """The rule above is not kept by touching nobody: each of them gets what was told of them."""
    people = [Employee(number="E1"), Employee(number="E2"), Employee(number="E3")]
    company = Company(people, ("contoso.example", "agency.example"))
    told = [
        Told(type="joiner", number="E2", name=None),
        Told(type="joiner", number="E1", name="robin@contoso.example"),
        Told(type="leaver", number="E3", name="gone@contoso.example"),
    ]
    run(company, told)
    check(company, told)
    robin, kim, ash = company.people
    assert {(user, value) for user, _, value in company.world.tenant.told} == {
        (kim, phone(0)),
        (robin, phone(1)),
    }
    revoked = [u for u, one in company.world.tenant.writes if isinstance(one, RevokeSessions)]
    assert revoked == [ash]
