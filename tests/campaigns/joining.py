"""Stories of people who join: in time and late, told of twice, renamed, never registered."""

from dataclasses import replace
from datetime import timedelta

from tests.campaigns.casting import Cast, earlier
from tests.campaigns.script import Verb

IMPORT_DAY = 12


def in_time(cast: Cast) -> None:
    """Told some days ahead, the account there by the first day."""
    key, told = cast.newcomer("joins in time"), cast.random.randint(0, 26)
    start = told + cast.random.randint(0, 7)
    cast.joins(key, told, start)
    cast.make(key, cast.random.randint(max(0, told - 1), start))
    cast.maybe_register(key, start + 1, start + 8)


def imported(cast: Cast) -> None:
    """One of very many who are told of at once, because a company was bought."""
    key = cast.newcomer("comes with the import")
    cast.make(key, IMPORT_DAY - cast.random.randint(0, 1))
    cast.joins(key, IMPORT_DAY, IMPORT_DAY)
    cast.maybe_register(key, IMPORT_DAY, IMPORT_DAY + 3, never=0.03)


def number_only(cast: Cast) -> None:
    """HR knows no sign-in name."""
    key, told = cast.newcomer("known by the number alone"), cast.random.randint(0, 24)
    event = cast.joins(key, told, told)
    cast.acts[-1] = replace(cast.acts[-1], event=replace(event, name=None))
    cast.make(key, told)
    cast.maybe_register(key, told, told + 5, never=0)


def account_late(cast: Cast) -> None:
    """The directory hears of them days after their first day."""
    key, told = cast.newcomer("account late"), cast.random.randint(0, 24)
    there = told + cast.random.randint(2, 11)
    cast.joins(key, told, told)
    cast.make(key, there)
    cast.maybe_register(key, there + 1, there + 5)


def account_never(cast: Cast) -> None:
    """The directory never hears of them, or when nobody waits any more."""
    key, told = cast.newcomer("no account for a fortnight"), cast.random.randint(0, 20)
    cast.joins(key, told, told)
    if cast.random.random() < 0.5:
        cast.make(key, told + 17)
        cast.acts_on(key, Verb.REGISTER, told + 18)


def account_blocked_at_first(cast: Cast) -> None:
    """IT unblocks the account on the first day."""
    key, told = cast.newcomer("account blocked at first"), cast.random.randint(0, 20)
    start = told + cast.random.randint(1, 5)
    cast.make(key, told, blocked=True)
    cast.joins(key, told, start)
    cast.acts_on(key, Verb.UNBLOCK, start + cast.random.randint(0, 3))
    cast.maybe_register(key, start + 5, start + 9)


def registers_early(cast: Cast) -> None:
    """They are quicker than HR."""
    key, told = cast.newcomer("registers before HR tells"), cast.random.randint(2, 26)
    cast.make(key, told - 2)
    cast.acts_on(key, Verb.REGISTER, told - 1)
    cast.joins(key, told, told)


def known_already(cast: Cast) -> None:
    """HR tells again of somebody who has worked here for years."""
    key = cast.anybody("told of again after years", lambda one: one.methods > 0 and not one.guest)
    cast.joins(key, cast.random.randint(0, 26), None)


def wrong_year(cast: Cast) -> None:
    """The first day is a typing error."""
    key, told = cast.newcomer("start date in the wrong year"), cast.random.randint(0, 26)
    wrong = cast.random.choice([-365, -45, -32, 185, 365])
    cast.make(key, told)
    cast.joins(key, told, told + wrong)
    cast.maybe_register(key, told + 1, told + 5, never=0.5)


def far_ahead(cast: Cast) -> None:
    """Nothing is due before the month is over."""
    key, told = cast.newcomer("starts after the month"), cast.random.randint(0, 26)
    cast.make(key, told)
    cast.joins(key, told, told + cast.random.randint(60, 170))


def told_twice(cast: Cast) -> None:
    """The same event comes again and again: at once, and days later."""
    key, told = cast.newcomer("told the same twice"), cast.random.randint(0, 22)
    cast.make(key, told)
    event = cast.joins(key, told, told)
    for _ in range(cast.random.randint(1, 3)):
        cast.tell(key, told + cast.random.choice([0, 0, 1, 4]), event)
    cast.maybe_register(key, told + 1, told + 9)


def contradicted(cast: Cast) -> None:
    """An event id comes again with another content."""
    key, told = cast.newcomer("same id, other content"), cast.random.randint(0, 22)
    cast.make(key, told)
    event = cast.joins(key, told, told + 2)
    other = replace(event, start=cast.calendar.date(told + 1))
    cast.tell(key, told + cast.random.randint(0, 3), other)
    cast.maybe_register(key, told + 4, told + 9)


def out_of_order(cast: Cast) -> None:
    """The newer word about the first day arrives before the older one."""
    key, told = cast.newcomer("older word after the newer"), cast.random.randint(0, 22)
    start = told + cast.random.randint(2, 6)
    cast.make(key, told)
    newer = cast.joins(key, told, start)
    older = replace(newer, id=f"{newer.id}-older", occurred=earlier(newer, 3))
    date = cast.calendar.date(start + cast.random.randint(-1, 1))
    cast.tell(key, told + cast.random.randint(0, 2), replace(older, start=date))
    cast.maybe_register(key, start + 2, start + 8)


def postponed(cast: Cast) -> None:
    """The first day is moved, before or after it came."""
    key, told = cast.newcomer("first day moved"), cast.random.randint(0, 18)
    start = told + 4
    cast.make(key, told)
    cast.joins(key, told, start)
    cast.joins(key, told + cast.random.choice([1, 2, 6]), start + cast.random.randint(1, 5))
    cast.maybe_register(key, start + 7, start + 10)


def renamed_meanwhile(cast: Cast) -> None:
    """They marry between the first look and the registration."""
    key, told = cast.newcomer("renamed while the case is open"), cast.random.randint(0, 22)
    cast.make(key, told)
    cast.joins(key, told, told)
    cast.acts_on(key, Verb.RENAME, told + 2, name=f"married.{key.lower()}@contoso.example")
    cast.maybe_register(key, told + 3, told + 8, never=0.3)


def renamed_before(cast: Cast) -> None:
    """The account bears another name than HR thinks; the number is right."""
    key, told = cast.newcomer("another name than HR thinks"), cast.random.randint(0, 22)
    cast.make(key, told, name=f"other.{key.lower()}@contoso.example")
    cast.joins(key, told, told)
    cast.maybe_register(key, told + 1, told + 8)


def name_of_another(cast: Cast) -> None:
    """HR gives a newcomer the sign-in name of somebody who works here."""
    other = cast.anybody("their name is given to a newcomer")
    key, told = cast.newcomer("told under another's name"), cast.random.randint(0, 22)
    cast.joins(key, told, told, name=cast.people[other].name)
    if cast.random.random() < 0.5:
        cast.make(key, told)


def gone_again(cast: Cast) -> None:
    """The account is deleted while they were to register."""
    key, told = cast.newcomer("deleted before registering"), cast.random.randint(0, 22)
    cast.make(key, told)
    cast.joins(key, told, told)
    cast.acts_on(key, Verb.DELETE, told + cast.random.randint(2, 9))


def blocked_meanwhile(cast: Cast) -> None:
    """The account is blocked while they were to register, and HR says nothing."""
    key, told = cast.newcomer("blocked before registering"), cast.random.randint(0, 22)
    cast.make(key, told)
    cast.joins(key, told, told)
    cast.acts_on(key, Verb.BLOCK, told + cast.random.randint(2, 9))


def administrator(cast: Cast) -> None:
    """They hold a role: in time, late, never, or after a second person agreed."""
    key = cast.newcomer("joins as an administrator", privileged=True)
    told = cast.random.randint(0, 14)
    cast.make(key, told)
    cast.joins(key, told, told)
    match cast.random.randrange(4):
        case 0:
            cast.maybe_register(key, told + 1, told + 9, never=0)
        case 1:
            cast.acts_on(key, Verb.APPROVE, told + 16)
        case 2:
            cast.acts_on(key, Verb.REGISTER, told + 17)


def excluded(cast: Cast) -> None:
    """An administrator has put them on the list of exclusions."""
    key = cast.anybody("joins, but is excluded", untouchable=True)
    cast.joins(key, cast.random.randint(0, 26), None)


def guest(cast: Cast) -> None:
    """HR tells of a guest."""
    key = cast.anybody("a guest whom HR tells of", lambda one: one.guest)
    cast.joins(key, cast.random.randint(0, 26), None)


def soon_leaves(cast: Cast) -> None:
    """They leave before they registered."""
    key, told = cast.newcomer("leaves before registering"), cast.random.randint(0, 14)
    cast.make(key, told)
    joining = cast.joins(key, told, told)
    left = told + cast.random.randint(2, 8)
    cast.leaves(key, left, left)
    cast.acts_on(key, Verb.BLOCK, left + cast.random.randint(0, 2))
    if cast.random.random() < 0.5:
        # HR's queue gives up an old word: an event of its own, about the same first day.
        stray = replace(joining, id=f"{joining.id}-stray", occurred=joining.occurred)
        cast.tell(key, left + 4, replace(stray, occurred=stray.occurred + timedelta(minutes=1)))


def fixed_term(cast: Cast) -> None:
    """HR tells the last day together with the first."""
    key, told = cast.newcomer("joins for a fixed term"), cast.random.randint(0, 6)
    start, last = told + 3, told + cast.random.randint(17, 24)
    cast.make(key, told + 1)
    cast.joins(key, told, start)
    cast.leaves(key, told + cast.random.randint(0, 1), last)
    cast.acts_on(key, Verb.REGISTER, start + cast.random.randint(2, 8))
    cast.acts_on(key, Verb.BLOCK, last + 1)
