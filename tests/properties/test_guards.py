"""S1 and S2: whom nobody may touch, whom only with an approval, and how somebody gets there."""

import asyncio
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.application.standings import REGISTRY_AGE, CachedStandings
from shared.domain.accounts import Account
from shared.domain.authentication import Unknown
from shared.domain.control import REQUEST_LASTS
from shared.domain.errors import LifecycleError
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import UserId
from shared.domain.people.administrators import Administrator, check_administrators_left
from shared.domain.people.rulings import Allowed, Impact, NeedsApproval, Refused, ruling
from shared.domain.people.standing import Privilege, Standing
from shared.domain.registries import Entry, Gone, Registry, stated, without
from tests.builders import NOW, USER_ID, an_account
from tests.fakes.directory import FakeDirectory
from tests.fakes.privileges import FakePrivileges
from tests.fakes.registries import FakeRegistries
from tests.properties.clock import WorldClock

IMPACTS = st.sampled_from(Impact)
UNSURE = st.sampled_from([True, False, Unknown("The read failed.")])
STANDINGS = st.builds(
    Standing,
    protected=st.booleans(),
    excluded=st.booleans(),
    guest=st.booleans(),
    service=st.booleans(),
    disabled=st.booleans(),
    privilege=st.sampled_from([*Privilege, Unknown("No permission.")]),
)
FLAGS = [field.name for field in fields(Standing) if field.name != "privilege"]


@given(IMPACTS, STANDINGS, st.sampled_from(FLAGS))
def test_special_people_may_be_touched_less(impact: Impact, standing: Standing, flag: str) -> None:
    """No further reason to leave somebody alone ever opens a way."""
    strictness = [Allowed, NeedsApproval, Refused]
    before = ruling(impact, standing)
    raised: dict[str, Any] = {flag: True}
    after = ruling(impact, replace(standing, **raised))
    assert strictness.index(type(after)) >= strictness.index(type(before))


@given(IMPACTS, STANDINGS)
def test_nothing_weakens_a_privileged_person_unapproved(impact: Impact, standing: Standing) -> None:
    """What needs no approval either strengthens, or is about somebody surely without a role.

    A break-glass account is never changed at all.
    """
    found = ruling(impact, standing)
    if isinstance(found, Allowed):
        assert impact is Impact.STRENGTHEN or standing.privilege is Privilege.NONE
    if standing.protected or standing.excluded:
        assert isinstance(found, Refused)


PEOPLE = [UserId(f"a0000000-0000-4000-8000-00000000000{number}") for number in range(5)]
ADMINISTRATORS = st.lists(
    st.builds(Administrator, user_id=st.sampled_from(PEOPLE), blocked=UNSURE, registered=UNSURE),
    unique_by=lambda one: one.user_id,
)


@given(ADMINISTRATORS, st.sampled_from(PEOPLE))
def test_no_action_leaves_fewer_than_two_administrators(
    administrators: list[Administrator], target: UserId
) -> None:
    """After what is let through two surely can sign in, unless it took away nobody who could."""
    left = [
        one
        for one in administrators
        if one.user_id != target and (one.blocked, one.registered) == (False, True)
    ]
    taken = [
        one
        for one in administrators
        if one.user_id == target and one.blocked is not True and one.registered is not False
    ]
    let_through = check_administrators_left(administrators, target) is None
    assert let_through == (len(left) >= 2 or not taken)


@dataclass(frozen=True)
class Put:
    """Somebody states the entry, with an end so many hours ahead."""

    by: str
    hours: int | None


@dataclass(frozen=True)
class Delete:
    """Somebody asks for its removal."""

    by: str


WHO = st.sampled_from(["ann", "bea", "cem"])
STEPS = st.lists(
    st.tuples(
        st.timedeltas(timedelta(0), timedelta(hours=9)),
        st.one_of(
            st.builds(Put, WHO, st.none() | st.integers(-1, 40)),
            st.builds(Delete, WHO),
            st.builds(Delete, WHO),
        ),
    ),
    max_size=12,
)


@given(st.sampled_from(Registry), STEPS)
def test_what_was_promised_holds_unless_two_agreed(
    registry: Registry, steps: list[tuple[timedelta, Put | Delete]]
) -> None:
    """Whoever was put on a list until a day is on it that long, or two people took them off.

    The two are different, asked within eight hours, and nobody stated the entry in between.
    """
    entry: Entry | None = None
    now, promised = NOW, NOW
    wishes: list[tuple[datetime, str]] = []
    for pause, step in steps:
        now += pause
        match step:
            case Put(by, hours):
                end = None if hours is None else now + timedelta(hours=hours)
                said = Entry(
                    user_id=USER_ID,
                    owner="o",
                    reason="r",
                    expires_at=end,
                    added_by=by,
                    added_at=now,
                )
                try:
                    entry = stated(registry, entry, said)
                except LifecycleError:
                    continue
                until = end or datetime.max.replace(tzinfo=NOW.tzinfo)
                assert now >= promised or until >= promised
                promised = until
                wishes.clear()
            case Delete(by) if entry is not None:
                wishes.append((now, by))
                left = without(entry, by, now)
                entry = None if isinstance(left, Gone) else left
                if entry is None:
                    others = [at for at, who in wishes if who != by and now - at < REQUEST_LASTS]
                    assert others or now >= promised
                    promised = now
                    wishes.clear()
            case Delete():
                pass
        assert (entry is not None and entry.counts(now)) == (now < promised)


CHANGES = st.sampled_from(["protect", "forget", "down", "up", "nothing"])


@given(st.lists(st.tuples(st.floats(0, 12), CHANGES), max_size=15))
def test_nobody_is_let_through_against_the_registry(steps: list[tuple[float, str]]) -> None:
    """Whatever happens to store and time: "not protected" was true within the last ten seconds."""

    async def run() -> None:
        registries, seconds = FakeRegistries(), [0.0]
        standings = CachedStandings(
            directory=FakeDirectory(),
            privileges=FakePrivileges(),
            registries=registries,
            break_glass=frozenset(),
            clock=WorldClock(),
            monotonic=lambda: seconds[0],
        )
        person: Account = an_account()
        entry = Entry(
            user_id=UserId(USER_ID.lower()),
            owner="o",
            reason="r",
            expires_at=None,
            added_by="a",
            added_at=NOW,
        )
        truth, history = False, [(0.0, False)]
        for pause, change in steps:
            seconds[0] += pause
            history.append((seconds[0], truth))
            registries.down = change == "down" or (registries.down and change != "up")
            if change in {"protect", "forget"} and not registries.down:
                old = await registries.entry(Registry.PROTECTED, entry.user_id)
                truth = change == "protect"
                if truth:
                    await registries.replace(Registry.PROTECTED, old, entry)
                elif old is not None:
                    await registries.remove(Registry.PROTECTED, old)
                history.append((seconds[0], truth))
            try:
                told = await standings.standing(person, Impact.STRENGTHEN)
            except StoreUnavailable:
                assert registries.down
                continue
            recent = {then for at, then in history if at > seconds[0] - REGISTRY_AGE} | {truth}
            assert told.protected in recent

    asyncio.run(run())
