"""The contract of the port `Contacts`."""

import secrets
from datetime import timedelta

import pytest

from shared.adapters.tables.contacts import TableContacts
from shared.application.ports.contacts import Contacts, KeptContact
from shared.domain.contacts import Contact, NoContact
from shared.domain.ids import CaseId
from tests.contract.samples import NOON, later
from tests.fakes.contacts import FakeContacts

UNTIL = NOON + timedelta(days=30)
BOTH = Contact(mobile="+1 2065550142", email="kim.private@example.org")


@pytest.fixture(params=["fake", "tables"])
def contacts(request: pytest.FixtureRequest) -> Contacts:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeContacts()
    return TableContacts(request.getfixturevalue("store"))


def new_id() -> CaseId:
    """The id of a case."""
    return CaseId(secrets.token_hex(16))


@pytest.mark.parametrize(
    "contact", [BOTH, Contact(mobile=BOTH.mobile), Contact(email=BOTH.email), Contact()]
)
async def test_what_is_kept_is_found(contacts: Contacts, contact: Contact) -> None:
    """For its case, all of it, and for no other case."""
    case_id = new_id()
    await contacts.keep(case_id, contact, UNTIL)
    assert await contacts.find(case_id, NOON) == contact
    assert await contacts.find(new_id(), NOON) == NoContact()


async def test_the_last_one_kept_stands(contacts: Contacts) -> None:
    """Kept again for the same case, nothing of the first is left."""
    case_id = new_id()
    await contacts.keep(case_id, BOTH, UNTIL)
    await contacts.keep(case_id, Contact(email="other@example.org"), UNTIL)
    assert await contacts.find(case_id, NOON) == Contact(email="other@example.org")


async def test_what_has_expired_is_gone(contacts: Contacts) -> None:
    """It is found until its time and never from then on, swept or not."""
    case_id = new_id()
    await contacts.keep(case_id, BOTH, UNTIL)
    assert await contacts.find(case_id, UNTIL - timedelta(seconds=1)) == BOTH
    assert await contacts.find(case_id, UNTIL) == NoContact()


async def test_what_is_forgotten_is_gone(contacts: Contacts) -> None:
    """Forgetting removes it; forgetting twice is no error."""
    case_id = new_id()
    await contacts.keep(case_id, BOTH, UNTIL)
    await contacts.forget(case_id)
    await contacts.forget(case_id)
    assert await contacts.find(case_id, NOON) == NoContact()
    assert await contacts.kept(None, 10) == []


async def test_all_that_is_kept_is_listed_page_by_page(contacts: Contacts) -> None:
    """The pages together name every case once, with its time and without the data."""
    ids = sorted(new_id() for _ in range(5))
    for seconds, case_id in enumerate(ids):
        await contacts.keep(case_id, BOTH, later(seconds))
    expected = [KeptContact(case_id=one, until=later(n)) for n, one in enumerate(ids)]
    found: list[KeptContact] = []
    while page := await contacts.kept(found[-1].case_id if found else None, 2):
        found += page
    assert found == expected
