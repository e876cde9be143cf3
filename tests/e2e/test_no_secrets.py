"""No signing secret, phone number or contact e-mail in anything that a full run leaves behind."""

import asyncio
import base64
import signal
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from local.stack.environment import HR_SOURCE, TICKET_SOURCE
from local.stack.stack import Options, Stack
from shared.names import Subscription
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox

MOBILE = "+1 2065550142"
PRIVATE = "kim.private@example.org"
CONTACT = {"mobile": MOBILE, "email": PRIVATE}
STORE_OF_SECRETS = {"keys.json"}
"""The one file of the stack that is made to hold secrets."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that the test itself stops, to look at what is left."""
    options = Options(settings=QUICK, broker_limits={"lock_duration_seconds": 3})
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


def spellings(secret: bytes) -> set[bytes]:
    """How something may look that was carried on: as it is, encoded in an address, in base64.

    Base64 is looked for at each of its three alignments, without what depends on the neighbours.
    """
    found = {secret, quote(secret, safe="").encode()}
    for lead in range(3):
        encoded = base64.b64encode(b"\0" * lead + secret)
        start, rest = -(-lead * 8 // 6), (len(secret) + lead) % 3
        found.add(encoded[start : len(encoded) - 4 if rest else len(encoded)])
    return found


def needles(secret: str) -> dict[str, set[bytes]]:
    """What must be nowhere, by what it is."""
    key = secret.removeprefix("whsec_")
    digits = MOBILE.replace(" ", "")
    return {
        "signing secret": spellings(secret.encode()) | spellings(key.encode()),
        "signing key": spellings(base64.b64decode(key)) | {base64.b64decode(key).hex().encode()},
        "phone number": spellings(MOBILE.encode())
        | spellings(digits.encode())
        | {digits.removeprefix("+1").encode()},
        "contact e-mail": spellings(PRIVATE.encode()) | {PRIVATE.partition("@")[0].encode()},
    }


def test_the_search_finds_every_spelling() -> None:
    """A secret is found as it is, percent-encoded, and in base64 wherever it stands in there."""
    for lead in range(6):
        text = base64.b64encode(b"x" * lead + PRIVATE.encode() + b"tail")
        assert any(needle in text for needle in spellings(PRIVATE.encode()) - {PRIVATE.encode()})
    assert quote(MOBILE, safe="").encode() in spellings(MOBILE.encode())


@pytest.mark.slow
async def test_nothing_that_is_left_behind_holds_a_secret(stack: Stack, inbox: Inbox) -> None:
    """Logs, messages, tables, events, answers: searched after a run in which much went wrong."""
    answers: list[bytes] = []

    async def keep(answer: httpx.Response) -> None:
        answers.append(await answer.aread() + repr(answer.headers.raw).encode())

    described = stack.description
    wanted = needles(described.hr_sources[HR_SOURCE].secret)
    wanted |= {"ticket secret": spellings(described.reset_sources[TICKET_SOURCE].secret.encode())}
    async with Company(described, on_answer=keep) as company:
        people = [await company.employ() for _ in range(4)]
        cases = [await company.announce(company.joiner(p, contact=CONTACT)) for p in people]
        await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
        await asyncio.to_thread(stack.restart, "host")
        await company.reach(cases, "completed")
        truths = [str(await company.truth(person["id"])) for person in people]
        assert all(MOBILE in truth and PRIVATE in truth for truth in truths)
        parked, refused = await _go_wrong(company)
        await company.reach([await _send_nonsense(company, people[0])], "completed")
        for path in ("cases", "parked", "control", *(f"cases?user={p['id']}" for p in people)):
            await company.as_person("Admin", "GET", path)
        await inbox.until("mfa.case.completed", set(cases))
        await inbox.until("mfa.case.parked", {parked})
        await inbox.until("mfa.case.refused", {refused})
    await asyncio.to_thread(stack.stop)

    events = b"\n".join(body for name in Subscription for body in inbox.bodies[name])
    files = [path for path in stack.layout.directory.rglob("*") if path.is_file()]
    assert {"host.log", "servicebus.sqlite", "__azurite_db_table__.json"} <= {f.name for f in files}
    assert (stack.layout.directory / "keys.json").read_bytes().find(b"whsec_") > 0
    left = {
        str(path.relative_to(stack.layout.directory)): path.read_bytes()
        for path in files
        # What was registered stands in the tenant: that is what it was told for.
        if path.name not in STORE_OF_SECRETS and stack.layout.data("graph") not in path.parents
    }
    left |= {"events": events, "answers": b"\n".join(answers)}
    assert _found(left, wanted) == []
    names = {"sign-in name": {p["userPrincipalName"].partition("@")[0].encode() for p in people}}
    assert _found({name: left[name] for name in ("events", "logs/host.log")}, names) == []


def _found(left: dict[str, bytes], wanted: dict[str, set[bytes]]) -> list[str]:
    return [
        f"{what} in {place}: {content[max(0, at - 60) : at + 60]!r}"
        for place, content in left.items()
        for what, spelt in wanted.items()
        for needle in spelt
        if (at := content.find(needle)) >= 0
    ]


async def _go_wrong(company: Company) -> tuple[str, str]:
    """A case that is parked and one that is refused, both with contact data."""
    stranger = await company.employ(employeeId="E-stranger")
    guest = await company.employ(userType="Guest")
    parked = await company.announce(company.joiner(stranger, employeeId="E-other", contact=CONTACT))
    refused = await company.announce(company.joiner(guest, contact=CONTACT))
    await company.reach([parked], "parked")
    await company.reach([refused], "refused")
    return parked, refused


async def _send_nonsense(company: Company, person: Json) -> str:
    """Webhooks that are turned away, each with contact data where it does not belong.

    One before them is taken: the person was prepared before, so it registers nothing.
    """
    event = company.joiner(person, contact=CONTACT)
    case_id = await company.announce(event)
    for changed in (
        {**event, "startDate": PRIVATE},
        {**event, "type": MOBILE},
        {**event, "contact": [MOBILE, PRIVATE]},
        {**event, "contact": {**CONTACT, "fax": MOBILE}},
        {**event, "contact": {"mobile": MOBILE + "\n"}},
        {**event, "userPrincipalName": f"{PRIVATE} {MOBILE}"},
        {**event, "contact": {"email": PRIVATE}},
    ):
        answer = await company.post(changed)
        assert answer.status_code in {400, 409}, answer.text
    answer = await company.post(event, signed_with="whsec_" + base64.b64encode(b"n" * 32).decode())
    assert answer.status_code == 401, answer.text
    return case_id
