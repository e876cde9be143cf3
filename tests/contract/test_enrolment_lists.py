"""The contract of the port `EnrolmentLists`."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.tables.enrolments import TableEnrolmentLists
from shared.adapters.tables.rules import PROPERTY_BYTES
from shared.adapters.tables.store import TableStore
from shared.application.ports.enrolments import EnrolmentLists, KeptList
from shared.domain.enrolment.people import PART, Finding, Listed, Verdict, in_parts
from shared.domain.errors.storage import Conflict
from shared.domain.ids import CaseId, UserId, UserPrincipalName
from tests.contract.samples import NOON, later
from tests.fakes.enrolments import FakeEnrolmentLists


@pytest.fixture(params=["fake", "tables"])
def lists(request: pytest.FixtureRequest) -> EnrolmentLists:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeEnrolmentLists()
    return TableEnrolmentLists(request.getfixturevalue("store"))


def new_id() -> CaseId:
    """The id of a case."""
    return CaseId(secrets.token_hex(16))


def people(count: int, name: str = "zoë.müller@contoso.example") -> list[Listed]:
    """So many people."""
    return [
        Listed(position=position, name=UserPrincipalName(f"{position}{name}"))
        for position in range(1, count + 1)
    ]


async def test_a_list_is_read_in_parts_and_in_its_order(lists: EnrolmentLists) -> None:
    """All of it, none of another case's, and from any part on."""
    case_id, everybody = new_id(), people(5 * PART + 3)
    await lists.write(case_id, 0, in_parts(everybody), NOON)
    await lists.write(new_id(), 0, in_parts(people(4, "@example.com")), NOON)
    parts = await lists.read(case_id, 0, 0, 100)
    assert [one for part in parts for one in part.people] == everybody
    assert [part.number for part in parts] == list(range(6))
    assert [part.number for part in await lists.read(case_id, 0, 4, 1)] == [4]
    assert await lists.read(case_id, 0, 6, 9) == ()
    assert await lists.read(new_id(), 0, 0, 9) == ()


async def test_thousands_of_people_fit(lists: EnrolmentLists) -> None:
    """A list of the size of a request is stored in a few transactions, the last part included."""
    case_id, everybody = new_id(), people(6000)
    await lists.write(case_id, 0, in_parts(everybody), NOON)
    (last,) = await lists.read(case_id, 0, 6000 // PART - 1, 9)
    assert last.people[-1] == everybody[-1]


async def test_editions_do_not_mix(lists: EnrolmentLists) -> None:
    """A list that is written anew does not touch the one that somebody works with."""
    case_id = new_id()
    await lists.write(case_id, 7, in_parts(people(PART + 1)), NOON)
    await lists.write(case_id, 8, in_parts(people(1, "@example.com")), NOON)
    assert [len(part.people) for part in await lists.read(case_id, 7, 0, 9)] == [PART, 1]
    assert [len(part.people) for part in await lists.read(case_id, 8, 0, 9)] == [1]


async def test_the_same_edition_is_written_twice(lists: EnrolmentLists) -> None:
    """Whoever died halfway writes it again, and what stands there does not hinder them."""
    case_id = new_id()
    for _ in range(2):
        await lists.write(case_id, 0, in_parts(people(PART + 1)), NOON)
    assert [len(part.people) for part in await lists.read(case_id, 0, 0, 9)] == [PART, 1]


async def test_what_became_of_people_is_kept(lists: EnrolmentLists) -> None:
    """Every field comes back, and the version moves on."""
    case_id = new_id()
    await lists.write(case_id, 0, in_parts(people(2)), NOON)
    (part,) = await lists.read(case_id, 0, 0, 1)
    known = Listed(
        position=1,
        user_id=UserId("7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"),
        planned=Verdict(finding=Finding.ENROL),
        case_id=new_id(),
    )
    late = Verdict(finding=Finding.REFUSED, reason="guest-account")
    passed_over = Listed(position=2, planned=Verdict(finding=Finding.ENROL), passed_over=late)
    await lists.replace(case_id, 0, part, [known, passed_over])
    (again,) = await lists.read(case_id, 0, 0, 1)
    assert again.people == (known, passed_over)
    assert again.version != part.version


async def test_who_comes_late_changes_nothing(lists: EnrolmentLists) -> None:
    """A worker that was overtaken can't write over what its successor found."""
    case_id = new_id()
    await lists.write(case_id, 0, in_parts(people(1)), NOON)
    (part,) = await lists.read(case_id, 0, 0, 1)
    found = [replace(part.people[0], planned=Verdict(finding=Finding.ENROL))]
    await lists.replace(case_id, 0, part, found)
    with pytest.raises(Conflict):
        await lists.replace(case_id, 0, part, list(part.people))
    (kept,) = await lists.read(case_id, 0, 0, 1)
    assert kept.people == tuple(found)
    # The same once more is the second attempt of a write whose answer was lost.
    await lists.replace(case_id, 0, part, found)
    with pytest.raises(Conflict):
        await lists.replace(new_id(), 0, part, found)


async def test_what_is_forgotten_is_gone(lists: EnrolmentLists) -> None:
    """Every edition, and twice is no error."""
    case_id = new_id()
    for edition in (0, 5):
        await lists.write(case_id, edition, in_parts(people(PART + 1)), NOON)
    await lists.forget(case_id)
    await lists.forget(case_id)
    assert await lists.read(case_id, 0, 0, 9) == ()
    assert await lists.read(case_id, 5, 0, 9) == ()
    assert await lists.kept(None, 9) == []


async def test_all_lists_are_told_page_by_page(lists: EnrolmentLists) -> None:
    """The pages together name every case once, with the time of its last writing."""
    ids = sorted(new_id() for _ in range(5))
    for seconds, case_id in enumerate(ids):
        await lists.write(case_id, 0, in_parts(people(1)), NOON - timedelta(days=1))
        await lists.write(case_id, 1, in_parts(people(1)), later(seconds))
    expected = [KeptList(case_id=one, written_at=later(n)) for n, one in enumerate(ids)]
    found: list[KeptList] = []
    while page := await lists.kept(found[-1].case_id if found else None, 2):
        found += page
    assert found == expected


async def test_a_part_of_the_longest_names_fits_into_a_row(store: TableStore) -> None:
    """The longest names that a request may hold, and all that can become known of people."""
    lists, case_id = TableEnrolmentLists(store), new_id()
    longest = [Listed(position=10_000, name=UserPrincipalName("ü" * 256)) for _ in range(PART)]
    await lists.write(case_id, 0, [longest], NOON)
    (part,) = await lists.read(case_id, 0, 0, 1)
    verdict = Verdict(finding=Finding.ALREADY_ENFORCED, reason="directory-unavailable")
    full = replace(
        longest[0],
        name=None,
        user_id=UserId("7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"),
        planned=verdict,
        case_id=new_id(),
        passed_over=verdict,
    )
    await lists.replace(case_id, 0, part, [full] * PART)
    assert PROPERTY_BYTES == 64 * 1024
