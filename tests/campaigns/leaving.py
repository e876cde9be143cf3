"""Stories of people who leave: really, by mistake, with an approval, and those who come back."""

from dataclasses import replace

from tests.campaigns.casting import Cast, earlier
from tests.campaigns.script import Account, Person, Verb


def _with_methods(one: Person) -> bool:
    return one.methods > 0 and not one.guest and one.account is Account.OPEN


def really(cast: Cast) -> None:
    """The account is blocked around the last day."""
    key, told = cast.anybody("leaves"), cast.random.randint(0, 26)
    last = told + cast.random.randint(-3, 8)
    cast.leaves(key, told, last)
    cast.acts_on(key, Verb.BLOCK, max(0, last + cast.random.randint(-1, 4)))


def deleted(cast: Cast) -> None:
    """The account is deleted, before or after the methods are gone."""
    key, told = cast.anybody("leaves and is deleted"), cast.random.randint(0, 22)
    cast.leaves(key, told, told + 1)
    gone = told + cast.random.randint(0, 7)
    if gone > told + 2:
        cast.acts_on(key, Verb.BLOCK, told + 2)
    cast.acts_on(key, Verb.DELETE, gone)


def wrong_name(cast: Cast) -> None:
    """HR has mistaken them for another: the account stays open."""
    key, told = cast.anybody("told to leave, but stays", _with_methods), cast.random.randint(0, 26)
    cast.leaves(key, told, told + cast.random.randint(-2, 3))


def wrong_manager(cast: Cast) -> None:
    """A manager, by mistake; even the account may be blocked. Nobody agrees."""
    key = cast.anybody("a manager, told to leave by mistake", _with_methods, manager=True)
    told = cast.random.randint(0, 26)
    cast.leaves(key, told, told)
    if cast.random.random() < 0.5:
        cast.acts_on(key, Verb.BLOCK, told + 1)


def manager(cast: Cast) -> None:
    """A manager leaves, and a second person agrees."""
    key = cast.anybody("a manager leaves", _with_methods, manager=True)
    told = cast.random.randint(0, 17)
    cast.leaves(key, told, told + 1)
    cast.acts_on(key, Verb.BLOCK, told + 2)
    cast.acts_on(key, Verb.APPROVE, told + cast.random.choice([2, 4]))


def wrong_administrator(cast: Cast) -> None:
    """An administrator, by mistake; even the account may be blocked. Nobody agrees."""
    key = cast.anybody("an administrator, by mistake", _with_methods, privileged=True)
    told = cast.random.randint(0, 26)
    cast.leaves(key, told, told)
    if cast.random.random() < 0.5:
        cast.acts_on(key, Verb.BLOCK, told + 1)


def administrator(cast: Cast) -> None:
    """An administrator leaves; the word of a second person lasts for some hours only."""
    key = cast.anybody("an administrator leaves", _with_methods, privileged=True)
    told = cast.random.randint(0, 17)
    last = told + cast.random.choice([-3, 0])
    cast.acts_on(key, Verb.BLOCK, told)
    cast.leaves(key, told, last)
    cast.acts_on(key, Verb.APPROVE, told + 1)
    if cast.random.random() < 0.5:
        cast.acts_on(key, Verb.APPROVE, told + 4)


def wrong_year(cast: Cast) -> None:
    """The last day is a typing error."""
    key = cast.anybody("last day in the wrong year", _with_methods)
    told = cast.random.randint(0, 26)
    cast.leaves(key, told, told + cast.random.choice([-365, -40, -32, 185, 365]))
    if cast.random.random() < 0.5:
        cast.acts_on(key, Verb.BLOCK, told + 1)


def far_ahead(cast: Cast) -> None:
    """Nothing is due before the month is over, though the account may be blocked."""
    key, told = cast.anybody("leaves after the month", _with_methods), cast.random.randint(0, 26)
    cast.leaves(key, told, told + cast.random.randint(60, 170))
    if cast.random.random() < 0.5:
        cast.acts_on(key, Verb.BLOCK, told + 3)


def renamed(cast: Cast) -> None:
    """HR still uses the old sign-in name."""
    key, told = cast.anybody("renamed, then leaves"), cast.random.randint(2, 24)
    cast.acts_on(key, Verb.RENAME, told - 2, name=f"married.{key.lower()}@contoso.example")
    cast.leaves(key, told, told)
    cast.acts_on(key, Verb.BLOCK, told + 1)


def name_of_another(cast: Cast) -> None:
    """The sign-in name in the event is somebody else's; so nobody is touched."""
    leaving, told = cast.anybody("leaves under another's name"), cast.random.randint(0, 24)
    other = cast.anybody("their name stands in another's event", _with_methods)
    cast.leaves(leaving, told, told, name=cast.people[other].name)
    cast.acts_on(leaving, Verb.BLOCK, told + 1)
    if cast.random.random() < 0.5:
        cast.acts_on(other, Verb.BLOCK, told + 1)


def number_of_nobody(cast: Cast) -> None:
    """The number in the event is not the account's."""
    key = cast.anybody("told to leave under a wrong number", _with_methods)
    told = cast.random.randint(0, 24)
    cast.leaves(key, told, told, number=f"X{key}")
    cast.acts_on(key, Verb.BLOCK, told + 1)


def corrected(cast: Cast) -> None:
    """HR moves the last day; the two words may come in either order."""
    key, told = cast.anybody("last day moved"), cast.random.randint(0, 14)
    later, sooner = told + 9, told + 5
    first, second = cast.random.sample([later, sooner], 2)
    newer = cast.leaves(key, told + 2, second)
    older = replace(newer, id=f"{newer.id}-older", occurred=earlier(newer, 2))
    day = cast.random.choice([told, told + 3])
    cast.tell(key, day, replace(older, effective=cast.calendar.evening(first)))
    cast.acts_on(key, Verb.BLOCK, later + 2)


def guest(cast: Cast) -> None:
    """HR tells of a guest."""
    key = cast.anybody("a guest told to leave", lambda one: one.guest)
    told = cast.random.randint(0, 24)
    cast.leaves(key, told, told)


def stays_after_all(cast: Cast) -> None:
    """Before the last day HR takes it back, by a rehire."""
    key, told = cast.anybody("stays after all", _with_methods), cast.random.randint(0, 18)
    last = told + cast.random.randint(4, 8)
    cast.leaves(key, told, last)
    cast.joins(key, told + 2, last, "rehire")
    # Parental leave, say. HR has nothing to tell about it.
    cast.acts_on(key, Verb.BLOCK, last + 4)


def comes_back(cast: Cast) -> None:
    """Left for good, methods and all; weeks later they work here again, under the same number."""
    key, told = cast.anybody("rehired", _with_methods), cast.random.randint(0, 12)
    cast.leaves(key, told, told)
    cast.acts_on(key, Verb.BLOCK, told)
    back = told + cast.random.randint(6, 12)
    cast.joins(key, back - cast.random.randint(0, 3), back, "rehire")
    cast.acts_on(key, Verb.UNBLOCK, back + cast.random.randint(0, 3))
    cast.maybe_register(key, back + 4, back + 10, never=0.3)


def renewed(cast: Cast) -> None:
    """A new contract begins soon after the old one ended; the account was never blocked.

    Some weeks later the account is blocked, without a word of HR.
    """
    key, told = cast.anybody("contract renewed", _with_methods), cast.random.randint(0, 16)
    last = told + 2
    cast.leaves(key, told, last)
    cast.joins(key, told + cast.random.choice([1, 4]), last + cast.random.randint(1, 4), "rehire")
    cast.acts_on(key, Verb.BLOCK, last + 9)


def seasonal(cast: Cast) -> None:
    """HR tells the next season before this one is over: in between, they have left."""
    key, told = (
        cast.anybody("leaves until the next season", _with_methods),
        cast.random.randint(0, 9),
    )
    last = told + 2
    cast.leaves(key, told, last)
    back = last + cast.random.randint(8, 12)
    cast.joins(key, told + 1, back, "rehire")
    cast.acts_on(key, Verb.BLOCK, last + 1)
    cast.acts_on(key, Verb.UNBLOCK, back)
    cast.maybe_register(key, back + 2, back + 9, never=0.3)
