"""The month's script from a seed: the same seed, the same month."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from tests.campaigns import joining, leaving
from tests.campaigns.casting import Cast
from tests.campaigns.script import Account, Calendar, Month, Person, Verb

COMPANY: Final = 2000
LAST_DAY: Final = 48
"""The stories end by day 38; the deadlines of the last joiners are ten days later."""
SUSPENDED: Final = 20
BREAK_GLASS: Final = ("break-glass-1@contoso.example", "break-glass-2@contoso.example")

Story = Callable[[Cast], None]

STORIES: Final[Mapping[Story, int]] = MappingProxyType(
    {
        joining.imported: 80,
        joining.in_time: 30,
        joining.number_only: 3,
        joining.account_late: 9,
        joining.account_never: 5,
        joining.account_blocked_at_first: 5,
        joining.registers_early: 6,
        joining.known_already: 4,
        joining.wrong_year: 5,
        joining.far_ahead: 3,
        joining.told_twice: 8,
        joining.contradicted: 6,
        joining.out_of_order: 8,
        joining.postponed: 8,
        joining.renamed_meanwhile: 6,
        joining.renamed_before: 4,
        joining.name_of_another: 3,
        joining.gone_again: 3,
        joining.blocked_meanwhile: 3,
        joining.administrator: 5,
        joining.excluded: 2,
        joining.guest: 2,
        joining.soon_leaves: 6,
        joining.fixed_term: 5,
        leaving.really: 30,
        leaving.deleted: 6,
        leaving.wrong_name: 4,
        leaving.wrong_manager: 3,
        leaving.manager: 3,
        leaving.wrong_administrator: 3,
        leaving.administrator: 3,
        leaving.wrong_year: 4,
        leaving.far_ahead: 3,
        leaving.renamed: 4,
        leaving.name_of_another: 3,
        leaving.number_of_nobody: 3,
        leaving.corrected: 6,
        leaving.guest: 2,
        leaving.stays_after_all: 4,
        leaving.comes_back: 8,
        leaving.renewed: 6,
        leaving.seasonal: 5,
    }
)
"""How many people of a company of 2,000 live through each story in the month."""


def write(seed: int, opening: datetime, size: int = COMPANY) -> Month:
    """The script of one month.

    Args:
        seed: decides everything.
        opening: nine in the morning of the first day, UTC.
        size: how many people the company has; each story is at least somebody's.
    """
    calendar = Calendar(opening)
    cast = Cast(calendar, size, seed)
    for story, count in STORIES.items():
        for _ in range(max(1, count * size // COMPANY)):
            story(cast)
    for name in BREAK_GLASS:
        _threaten(cast, name)
    ranks = {key: cast.random.random() for key in cast.people}
    order = list(Verb)
    # Of one person in the order in which it was written down, of several in any.
    acts = sorted(cast.acts, key=lambda act: (act.day, order.index(act.verb), ranks[act.key]))
    month = Month(
        seed=seed,
        calendar=calendar,
        last_day=LAST_DAY,
        suspended=SUSPENDED,
        imported=joining.IMPORT_DAY,
        people=MappingProxyType(cast.people),
        acts=tuple(acts),
    )
    return month.with_repetitions()


def _threaten(cast: Cast, name: str) -> None:
    """HR tells of an account that is nobody's, and that nothing may ever change."""
    cast.people[name] = Person(
        key=name,
        story="a break-glass account that HR tells of",
        name=name,
        number=None,
        account=Account.OPEN,
        untouchable=True,
    )
    cast.joins(name, cast.random.randint(0, 24), None)
    told = cast.random.randint(0, 24)
    cast.leaves(name, told, told)
