"""A tenant as a sweep reads it, page by page, while it changes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from shared.application.ports.sweep import Bonds, RowPage
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.reading import Surroundings, read_policy
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.directory import AccountNotVisible, LicenceMissing
from shared.domain.ids import GroupId, UserId
from shared.domain.posture.means import Means
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.rows import Link, MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import OwnRecords, TenantReading

PAGE = 4
STAFF, LEFT_OUT, GONE = GroupId("9a" * 16), GroupId("9b" * 16), GroupId("9c" * 16)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MFA = {"operator": "OR", "builtInControls": ["mfa"]}


def a_policy(name: str = "MFA for the staff", **conditions: object) -> dict[str, object]:
    """A policy of Conditional Access as Graph tells it."""
    users = {
        "includeGroups": [STAFF],
        "excludeGroups": [LEFT_OUT, GONE],
    }
    said = {
        "users": users,
        "clientAppTypes": ["all"],
        "applications": {"includeApplications": ["All"]},
        **conditions,
    }
    return {"id": name, "displayName": name, "conditions": said, "grantControls": MFA}


@dataclass
class SweptTenant:
    """The ports `TenantSource`, `PeopleSource`, `OneByOne`, `OnePerson` and `Records`.

    Attributes:
        everybody: all people, by id.
        registered: what the report tells, by id.
        members: who is in which group.
        joiners: who could join which, by whatever way.
        policies: those that are switched on.
        report: whether there is one.
        bulk: whether the list of people tells the per-user MFA state.
        asked: what was read, in order.
        meanwhile: called before each page of people.
        counted: how many people Graph says that there are; 0 for as many as there are.
        refused: what is refused, by how a line of `asked` begins, and why.
    """

    everybody: dict[UserId, PersonRow] = field(default_factory=dict)
    registered: dict[UserId, RegistrationRow] = field(default_factory=dict)
    members: dict[GroupId, set[UserId]] = field(default_factory=dict)
    joiners: dict[GroupId, set[UserId]] = field(default_factory=dict)
    policies: list[dict[str, object]] = field(default_factory=list)
    report: bool = True
    bulk: bool = True
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    refused: dict[str, LifecycleError] = field(default_factory=dict)
    own: OwnRecords = field(default_factory=OwnRecords)
    counted: int = 0

    async def tenant(self, *, last_try: bool = False) -> TenantReading:
        """All of it; without its policies where they are in the way to the last."""
        self._ask("tenant")
        if not last_try:
            self._ask("policies")
        await asyncio.sleep(0)  # It takes a while, in which others get their turn.
        read = [read_policy(policy, Surroundings()) for policy in self.policies]
        policies = tuple(policy for policy in read if policy is not None)
        settings = Settings(policies=policies)
        if "policies" in self.refused:
            settings = Settings(policies=Unknown(self.refused["policies"].detail))
        return TenantReading(settings=settings, people=self.counted or len(self.everybody))

    async def records(self) -> OwnRecords:
        """What our own records say."""
        return self.own

    async def people(self, page: str | None) -> RowPage[PersonRow]:
        """A page of everybody, by id: who comes or goes meanwhile moves nobody else."""
        self.meanwhile()
        self._ask(f"people {page or ''}")
        found, following = _after(sorted(self.everybody), page)
        rows = [self.everybody[UserId(user)] for user in found]
        told = rows if self.bulk else [replace(row, state=None) for row in rows]
        return RowPage(tuple(told), following)

    async def registrations(self, page: str | None) -> RowPage[RegistrationRow]:
        """A page of the report."""
        self._ask(f"registrations {page or ''}")
        if not self.report:
            raise LicenceMissing("no premium licence")
        found, following = _after(sorted(self.registered), page)
        return RowPage(tuple(self.registered[UserId(user)] for user in found), following)

    async def linked(self, group: GroupId, link: Link, page: str | None) -> RowPage[MemberRow]:
        """A page of a group."""
        self._ask(f"{link} {group} {page or ''}")
        if group not in self.members:
            raise AccountNotVisible("404")
        found, following = _after(sorted(self._bound(group, link)), page)
        return RowPage(tuple(MemberRow(group, UserId(user), link) for user in found), following)

    async def states(self, users: Sequence[UserId]) -> Mapping[UserId, PerUserMfaState | Unknown]:
        """The states, one by one."""
        refused = self._refused("states")
        if refused is not None:
            return dict.fromkeys(users, refused)
        known = {user: self.everybody[user].state for user in users if user in self.everybody}
        return {user: state for user, state in known.items() if state is not None}

    async def methods(self, users: Sequence[UserId]) -> Mapping[UserId, RegistrationRow | Unknown]:
        """What people have registered, one by one."""
        refused = self._refused("methods")
        if refused is not None:
            return dict.fromkeys(users, refused)
        return {
            user: self.registered.get(user, RegistrationRow(user_id=user))
            for user in users
            if user in self.everybody
        }

    async def person(self, name: str) -> PersonRow | None:
        """Somebody by object id or sign-in name, whatever the case of its letters."""
        self._ask(f"person {name}")
        wanted = name.casefold()
        for row in self.everybody.values():
            if wanted in {row.user_id, row.sign_in_name.casefold()}:
                return replace(row, state=None)
        return None

    async def bonds(self, user: UserId, groups: Sequence[GroupToRead]) -> Bonds:
        """The groups of somebody, of these; a group that is refused is unread."""
        rows, unread = [], []
        for one in groups:
            try:
                self._ask(f"{one.link} {one.group_id} of {user}")
            except LifecycleError:
                unread.append(one)
                continue
            if user in self._bound(one.group_id, one.link):
                rows.append(MemberRow(one.group_id, user, one.link))
        return Bonds(members=tuple(rows), unread=tuple(unread))

    async def reported(self, user: UserId) -> RegistrationRow | None:
        """What the report tells of somebody."""
        self._ask(f"reported {user}")
        if not self.report:
            raise LicenceMissing("no premium licence")
        return self.registered.get(user)

    def _bound(self, group: GroupId, link: Link) -> set[UserId]:
        bound = self.members if link is Link.MEMBER else self.joiners
        return bound.get(group, set())

    def _refused(self, what: str) -> Unknown | None:
        """Why what is read one by one can't be; passing trouble is raised."""
        try:
            self._ask(what)
        except LifecycleError as error:
            if error.disposition is Disposition.DEFER:
                raise
            return Unknown(error.detail)
        return None

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        for start, error in self.refused.items():
            if what.startswith(start):
                raise error


def _after(ids: Sequence[str], page: str | None) -> tuple[Sequence[str], str | None]:
    left = [one for one in ids if page is None or one > page]
    found = left[:PAGE]
    return found, found[-1] if len(left) > PAGE else None


def populated(random: Random, count: int) -> SweptTenant:
    """A tenant of so many people of every sort."""
    tenant = SweptTenant(
        policies=[a_policy()],
        members={STAFF: set(), LEFT_OUT: set()},
        joiners={LEFT_OUT: set()},
    )
    for number in range(count):
        add_person(tenant, random, number)
    return tenant


def add_person(tenant: SweptTenant, random: Random, number: int) -> UserId:
    """One more person."""
    user = UserId(str(UUID(int=random.getrandbits(128))))
    tenant.everybody[user] = PersonRow(
        user_id=user,
        sign_in_name=f"person{number}@contoso.example",
        department=random.choice(("Sales", "Legal")),
        enabled=random.random() < 0.9,
        licensed=True,
        numbered=True,
        since=LONG_AGO,
        state=random.choice(list(PerUserMfaState)),
    )
    if random.random() < 0.9:
        means = random.choice((Means.AUTHENTICATOR_PUSH, Means.MOBILE_PHONE, Means.PASSKEY, None))
        tenant.registered[user] = RegistrationRow(
            user_id=user, means=frozenset({means} if means else ()), capable=True
        )
    if random.random() < 0.6:
        tenant.members[STAFF].add(user)
    if random.random() < 0.2:
        tenant.members[LEFT_OUT].add(user)
    if random.random() < 0.2:
        tenant.joiners[LEFT_OUT].add(user)
    return user
