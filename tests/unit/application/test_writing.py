"""What is announced as one is written request by request, in an order that the directory takes."""

from dataclasses import replace

import pytest

from shared.application.writing import WriteEffect
from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    AuthenticationMethod,
    MethodType,
)
from shared.domain.control import Capability
from shared.domain.effects.methods import PreferMethod, RemoveMethod, RemoveMethods
from shared.domain.errors.directory import DirectoryUnavailable, MethodStillNeeded
from shared.domain.ids import UserId
from shared.domain.people.rulings import Impact
from tests.contract.leases import A_SPENDER, PlainLease
from tests.fakes.directory import FakeDirectory

APP, CODE, KEY, TOKEN, PHONE = (
    MethodType.MICROSOFT_AUTHENTICATOR,
    MethodType.SOFTWARE_OATH,
    MethodType.FIDO2,
    MethodType.HARDWARE_OATH,
    MethodType.PHONE,
)


def with_methods(*kinds: MethodType) -> tuple[FakeDirectory, UserId]:
    """A directory with somebody who has these; the first that can be is the default."""
    directory = FakeDirectory()
    user = directory.add("kim@contoso.example")
    for kind in kinds:
        directory.register(user, kind)
    return directory, user


async def remove(
    directory: FakeDirectory, user: UserId, *kinds: MethodType, preference: str | None = None
) -> None:
    """Remove the person's methods of these kinds, in this order."""
    methods = directory.people[user].methods
    going = tuple(one for kind in kinds for one in methods if one.method_type is kind)
    await WriteEffect(directory)(
        user,
        RemoveMethods(going, Impact.CONTAIN, preference),
        capability=Capability.RESET,
        lease=PlainLease(user),
        spender=A_SPENDER,
        approved=False,
    )


def left(directory: FakeDirectory, user: UserId) -> set[MethodType]:
    """What the person has left, the password aside."""
    kinds = {one.method_type for one in directory.people[user].methods}
    return kinds - {MethodType.PASSWORD}


async def test_what_is_refused_is_tried_again_when_the_others_are_gone() -> None:
    """The default is kept while another could be it, and goes in the end."""
    directory, user = with_methods(APP, CODE, KEY)
    await remove(directory, user, APP, CODE, KEY)
    assert left(directory, user) == set()
    gone = [one.method_type for _, one in directory.writes if isinstance(one, RemoveMethod)]
    assert gone == [CODE, KEY, APP]


async def test_another_default_is_chosen_among_what_stays() -> None:
    """Where the default goes and something that can be it stays, that becomes the default."""
    directory, user = with_methods(APP, TOKEN)
    await remove(directory, user, APP, preference="oath")
    assert left(directory, user) == {TOKEN}
    assert [type(one) for _, one in directory.writes] == [PreferMethod, RemoveMethod]


async def test_what_stays_becomes_the_default_at_the_first_refusal() -> None:
    """Nothing else need go first: no request is refused twice."""
    directory, user = with_methods(APP, CODE, TOKEN)
    await remove(directory, user, APP, CODE, preference="oath")
    assert left(directory, user) == {TOKEN}
    kinds = [type(one) for _, one in directory.writes]
    assert kinds == [PreferMethod, RemoveMethod, RemoveMethod]


@pytest.mark.parametrize("others", [(), (APP,)])
async def test_an_alternate_mobile_that_is_the_default_goes_before_its_mobile(
    others: tuple[MethodType, ...],
) -> None:
    """Each of them keeps the other, so that the mobile is made the default for a moment."""
    directory, user = with_methods(*others)
    person = directory.people[user]
    mobiles = tuple(AuthenticationMethod(one, PHONE) for one in (ALTERNATE_MOBILE, MOBILE))
    directory.people[user] = replace(
        person, methods=(*person.methods, *mobiles), default=ALTERNATE_MOBILE
    )
    await remove(directory, user, PHONE, *others)
    assert left(directory, user) == set()
    last = [one for _, one in directory.writes][-3:]
    assert [type(one) for one in last] == [PreferMethod, RemoveMethod, RemoveMethod]


async def test_what_is_kept_in_any_order_is_told() -> None:
    """It is tried once for each method that went, and then it is an error, not an endless loop."""
    directory, user = with_methods(APP, TOKEN, CODE)
    with pytest.raises(MethodStillNeeded):
        await remove(directory, user, APP, CODE)
    assert left(directory, user) == {APP, TOKEN}


async def test_trouble_on_the_way_ends_it() -> None:
    """What went before stays gone; the rest is for the next attempt."""
    directory, user = with_methods(CODE, KEY)
    directory.troubles = [None, DirectoryUnavailable("Away.")]
    with pytest.raises(DirectoryUnavailable):
        await remove(directory, user, KEY, CODE)
    assert left(directory, user) == {CODE}
