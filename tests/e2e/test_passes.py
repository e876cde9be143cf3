"""A pass through the whole stack: handed out, lost on the way, and never to be found again."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from local.stack.stack import Options, Stack
from shared.names import FunctionName, Subscription
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.test_no_secrets import spellings
from tests.e2e.waiting import eventually

CREATE = "POST /v1.0/users/[^/]+/authentication/temporaryAccessPassMethods"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that the test itself stops, to look at what is left."""
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=QUICK)) as stack:
        yield stack


async def waiting(company: Company) -> tuple[Json, str]:
    """A joiner whose case waits for them to register."""
    person = await company.employ()
    case_id = await company.announce(company.joiner(person))
    await company.reach([case_id], "waiting-registration")
    return person, case_id


async def collect(company: Company, case_id: str) -> httpx.Response:
    """The answer to a helpdesk person who collects a pass."""
    return await company.as_person("Helpdesk", "POST", f"cases/{case_id}/pass")


async def passes_of(company: Company, person: Json) -> list[str]:
    """The passes with which a person can sign in, by the tenant's own truth."""
    methods = (await company.truth(person["id"]))["methods"]
    kinds = [method["@odata.type"] for method in methods]
    return [kind for kind in kinds if "temporaryAccessPass" in kind]


async def lost_and_withdrawn(company: Company) -> None:
    """A collection whose answer is lost leaves no pass, and the timer proves it."""
    person, case_id = await waiting(company)
    await company.sim("POST", "faults", {"match": CREATE, "drop": True, "applied": True})
    assert (await collect(company, case_id)).json()["code"] == "pass-unanswered"
    assert await passes_of(company, person) == []
    await company.sim("DELETE", "faults")

    async def withdrawn() -> bool:
        await company.let_pass(61)
        case = await company.case(case_id)
        return ("withdraw-pass", "done") in {(s["action"], s["outcome"]) for s in case["steps"]}

    await eventually(withdrawn, "the pass is withdrawn")
    assert (await collect(company, case_id)).status_code == 200


@pytest.mark.slow
async def test_a_pass_is_in_one_answer_and_nowhere_else(stack: Stack, inbox: Inbox) -> None:
    """Logs, messages, tables, events and later answers hold no pass that was handed out."""
    answers: list[bytes] = []

    async def keep(answer: httpx.Response) -> None:
        if not answer.request.url.path.endswith("/pass"):
            answers.append(await answer.aread())

    async with Company(stack.description, on_answer=keep) as company:
        person, case_id = await waiting(company)
        given = [await collect(company, case_id) for _ in range(3)]
        assert [answer.status_code for answer in given] == [200] * 3
        assert all(answer.headers["Cache-Control"] == "no-store" for answer in given)
        assert len(await passes_of(company, person)) == 1
        assert (await collect(company, case_id)).json()["code"] == "passes-used-up"
        await lost_and_withdrawn(company)
        await company.case(case_id)
        await company.register(person["id"])
        await company.reach([case_id], "completed")
        assert (await collect(company, case_id)).json()["code"] == "not-ready"
        await inbox.until("mfa.pass.collected", {case_id})
    await asyncio.to_thread(stack.stop)

    files = [path for path in stack.layout.directory.rglob("*") if path.is_file()]
    left = {str(path): path.read_bytes() for path in files}
    left["events"] = b"\n".join(body for name in Subscription for body in inbox.bodies[name])
    left["answers"] = b"\n".join(answers)
    assert any(name.endswith("host.log") for name in left)
    assert FunctionName.COLLECT_PASS.encode() in b"".join(left.values())
    values = [answer.json()["temporaryAccessPass"] for answer in given]
    assert len(set(values)) == 3
    assert [
        place
        for place, content in left.items()
        for value in values
        if any(needle in content for needle in spellings(value.encode()))
    ] == []
