"""The month's script, and what the model says of it, without a stack."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.campaigns.feed import COMPANY, STORIES, write
from tests.campaigns.model import foretell
from tests.campaigns.script import Account, Month, Verb

OPENING = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEEDS = (1, 2, 3)
AFTER = {
    Verb.MAKE: Account.OPEN,
    Verb.BLOCK: Account.BLOCKED,
    Verb.UNBLOCK: Account.OPEN,
    Verb.DELETE: Account.GONE,
}


@pytest.fixture(scope="module", params=SEEDS)
def month(request: pytest.FixtureRequest) -> Month:
    """The month of a seed."""
    return write(request.param, OPENING)


def test_a_seed_is_a_month() -> None:
    """The same seed writes the same month, another seed another one."""
    assert write(1, OPENING) == write(1, OPENING)
    assert write(1, OPENING).acts != write(2, OPENING).acts


def test_everybody_of_the_company_is_in_it(month: Month) -> None:
    """Whoever has no story is there as well: nothing may happen to them."""
    told = {act.key for act in month.acts}
    employed = [person for person in month.people.values() if person.user is not None]
    assert len(employed) == COMPANY
    assert sum(person.key not in told for person in employed) > 0.9 * COMPANY
    assert len(told) > sum(STORIES.values())


def test_nothing_happens_after_the_end(month: Month) -> None:
    """Nor before the beginning; and the last joiners have their fortnight before it is over."""
    days = [act.day for act in month.acts]
    assert min(days) >= 0
    assert max(days) < month.last_day


def test_nobody_does_what_cannot_be_done(month: Month) -> None:
    """Nothing is done to an account that is not there, and nobody registers who can't sign in."""
    for key, person in month.people.items():
        account = person.account
        for act in month.about(key):
            match act.verb:
                case Verb.TELL | Verb.APPROVE:
                    continue
                case Verb.MAKE:
                    assert account is Account.NONE, act
                case _:
                    assert account in {Account.OPEN, Account.BLOCKED}, act
            if act.verb is Verb.REGISTER:
                assert account is Account.OPEN, act
            account = AFTER.get(act.verb, account)
            if act.blocked:
                account = Account.BLOCKED


def test_hr_makes_every_kind_of_mistake(month: Month) -> None:
    """It repeats itself, contradicts itself, tells late and names others."""
    events = [act.event for act in month.sent() if act.event is not None]
    bodies = {event.id: event for event in events}
    assert len(events) > len(bodies)
    assert any(bodies[event.id] != event for event in events)
    told = [act for act in month.acts if act.verb is Verb.TELL and act.event is not None]
    assert any(
        one.key == other.key and one.day < other.day and one.event.occurred > other.event.occurred
        for one in told
        for other in told
        if one.event is not None and other.event is not None
    )


def test_the_model_knows_every_end(month: Month) -> None:
    """Every answer and every end of a case is somebody's in the month."""
    lives = foretell(month).values()
    assert {answer for life in lives for answer in life.answers} == {202, 403, 409}
    ends = Counter(end for life in lives for end in life.cases())
    for kind, states in {
        "onboarding": "completed superseded parked refused cancelled waiting-start",
        "leaver": "completed superseded parked refused awaiting-approval waiting-effective overdue",
    }.items():
        for state in states.split():
            assert ends[kind, state], (kind, state)


def test_nobody_in_the_model_is_weakened_without_reason(month: Month) -> None:
    """Nobody's MFA is below what it was, and only leavers lose anything."""
    order = ["disabled", "enabled", "enforced"]
    for life in foretell(month).values():
        assert order.index(life.mfa) >= order.index(life.person.mfa)
        if life.revoked or life.removed:
            assert any(request.leaver and request.begun for request in life.requests)
        if life.person.untouchable or life.person.guest:
            assert (life.revoked, life.removed, life.mfa) == ([], [], life.person.mfa)
