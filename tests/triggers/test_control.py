"""Control: one person stops, two start, and who is turned away stays out."""

from datetime import timedelta
from typing import Any

import pytest

from shared.names import FunctionName
from tests.triggers.deployment import Deployment, assert_problem, principal, told

pytestmark = pytest.mark.usefixtures("guarded")

APPROVER = principal("Approver", object_ids=("cccc-3",))
FIRST = principal("Admin", object_ids=("aaaa-1",))
FIRST_AGAIN = principal("Admin", object_ids=("AAAA-1",))
SECOND = principal("Admin", object_ids=("bbbb-2",))
EVENT = b'{"id":"evt-1","type":"joiner","userPrincipalName":"robin@contoso.example"}'


async def put(deployment: Deployment, who: dict[str, str], body: str) -> tuple[int, Any]:
    """The answer to a change of control."""
    answer = await deployment.call(FunctionName.PUT_CONTROL, headers=who, body=body.encode())
    return answer.status_code, told(answer)


async def mode(deployment: Deployment) -> str:
    """The mode that holds."""
    answer = await deployment.call(FunctionName.GET_CONTROL, headers=FIRST)
    found: str = told(answer)["onboarding"]["mode"]
    return found


async def test_a_new_deployment_observes(deployment: Deployment) -> None:
    """Nothing acts before two people said so."""
    assert await mode(deployment) == "observe"


async def test_one_approver_stops(deployment: Deployment) -> None:
    """Stopping takes one person, at once."""
    status, view = await put(deployment, APPROVER, '{"onboarding":"stop"}')
    assert (status, view["onboarding"]["mode"]) == (200, "stop")
    assert view["onboarding"]["changedBy"] == "cccc-3"


async def test_act_needs_two_admins(deployment: Deployment) -> None:
    """The first one's wish waits for a second person; the same one twice is one person."""
    for who in (FIRST, FIRST, FIRST_AGAIN):
        status, view = await put(deployment, who, '{"onboarding":"act"}')
        assert (status, view["onboarding"]["mode"]) == (202, "observe")
        assert view["onboarding"]["actRequestedBy"] == "aaaa-1"
    status, view = await put(deployment, SECOND, '{"onboarding":"act"}')
    assert (status, view["onboarding"]["mode"]) == (200, "act")
    assert (view["onboarding"]["actRequestedBy"], view["onboarding"]["changedBy"]) == (
        "aaaa-1",
        "bbbb-2",
    )


async def test_a_wish_to_act_expires(deployment: Deployment) -> None:
    """After eight hours the second person is the first one of a new pair."""
    await put(deployment, FIRST, '{"onboarding":"act"}')
    deployment.clock.advance(timedelta(hours=8))
    status, view = await put(deployment, SECOND, '{"onboarding":"act"}')
    assert (status, view["onboarding"]["actRequestedBy"]) == (202, "bbbb-2")
    status, _ = await put(deployment, FIRST, '{"onboarding":"act"}')
    assert (status, await mode(deployment)) == (200, "act")


async def test_a_veto_takes_the_wish_to_act_back(deployment: Deployment) -> None:
    """Asking for the stop that holds already is a veto, not a formality."""
    await put(deployment, APPROVER, '{"onboarding":"stop"}')
    await put(deployment, FIRST, '{"onboarding":"act"}')
    await put(deployment, APPROVER, '{"onboarding":"stop"}')
    status, _ = await put(deployment, SECOND, '{"onboarding":"act"}')
    assert (status, await mode(deployment)) == (202, "stop")


async def test_a_stop_takes_the_wish_to_act_back(deployment: Deployment) -> None:
    """After a stop, two people have to agree anew."""
    await put(deployment, FIRST, '{"onboarding":"act"}')
    await put(deployment, APPROVER, '{"onboarding":"stop"}')
    status, _ = await put(deployment, SECOND, '{"onboarding":"act"}')
    assert (status, await mode(deployment)) == (202, "stop")


@pytest.mark.parametrize(
    "body",
    ['{"onboarding":"act"}', '{"onboarding":"observe"}', '{"sources":{"demo":"active"}}'],
)
async def test_an_approver_starts_nothing(deployment: Deployment, body: str) -> None:
    """An approver stops; whatever lets something go on is for administrators."""
    status, problem = await put(deployment, APPROVER, body)
    assert (status, problem["code"]) == (403, "role-missing")
    assert await mode(deployment) == "observe"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        '{"onboarding":"on"}',
        '{"onboarding":1}',
        '{"other":1}',
        "\x00",
        "[" * 9999,
    ],
)
async def test_what_is_no_change_is_refused(deployment: Deployment, body: str) -> None:
    """A body that is not what the contract says changes nothing."""
    answer = await deployment.call(FunctionName.PUT_CONTROL, headers=FIRST, body=body.encode())
    assert assert_problem(answer, 400)["code"] == "invalid-request"


async def test_a_suspended_source_is_turned_away(deployment: Deployment) -> None:
    """One approver suspends: what was read is believed for five seconds at most, then it is 403."""
    assert (await deployment.post(EVENT)).status_code == 202
    status, view = await put(deployment, APPROVER, '{"sources":{"demo":"suspended"}}')
    assert (status, view["sources"]["demo"]["access"]) == (200, "suspended")
    deployment.clock.advance(timedelta(seconds=5))
    assert assert_problem(await deployment.post(EVENT), 403)["code"] == "source-suspended"


async def test_a_source_is_let_in_again(deployment: Deployment) -> None:
    """Two administrators let it in; its next event is taken."""
    await put(deployment, APPROVER, '{"sources":{"demo":"suspended"}}')
    assert_problem(await deployment.post(EVENT), 403)
    status, view = await put(deployment, FIRST, '{"sources":{"demo":"active"}}')
    assert (status, view["sources"]["demo"]["access"]) == (202, "suspended")
    status, view = await put(deployment, SECOND, '{"sources":{"demo":"active"}}')
    assert (status, view["sources"]["demo"]["access"]) == (200, "active")
    deployment.clock.advance(timedelta(seconds=5))
    assert (await deployment.post(EVENT)).status_code == 202


async def test_a_stranger_learns_nothing_of_suspensions(deployment: Deployment) -> None:
    """Who can't sign is told so, whether the source is suspended or not."""
    await put(deployment, APPROVER, '{"sources":{"demo":"suspended"}}')
    answer = await deployment.post(EVENT, **{"webhook-signature": "v1,AAAA"})
    assert assert_problem(answer, 401)["code"] == "invalid-signature"


async def test_a_misspelt_source_is_refused(deployment: Deployment) -> None:
    """A suspension that would turn nobody away is no suspension."""
    status, problem = await put(deployment, APPROVER, '{"sources":{"demoo":"suspended"}}')
    assert (status, problem["code"]) == (400, "invalid-request")
