"""The registries: one administrator adds, two remove, and an end needs nobody."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from shared.names import FunctionName
from tests.triggers.deployment import BREAK_GLASS, Deployment, assert_problem, principal, told

pytestmark = pytest.mark.usefixtures("guarded")

FIRST: Final = principal("Admin", object_ids=("aaaa-1",))
FIRST_AGAIN: Final = principal("Admin", object_ids=("AAAA-1",))
SECOND: Final = principal("Admin", object_ids=("bbbb-2",))
USER: Final = "7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"
LISTS: Final = {
    "protected": (
        FunctionName.LIST_PROTECTED,
        FunctionName.PUT_PROTECTED,
        FunctionName.DELETE_PROTECTED,
    ),
    "exclusions": (
        FunctionName.LIST_EXCLUSIONS,
        FunctionName.PUT_EXCLUSION,
        FunctionName.DELETE_EXCLUSION,
    ),
}


class List:
    """A registry over HTTP."""

    def __init__(self, deployment: Deployment, name: str) -> None:
        self._deployment = deployment
        self._list, self._put, self._delete = LISTS[name]

    def later(self, **wait: float) -> str:
        """A moment so long after now, as it is written in a request."""
        moment: datetime = self._deployment.clock.now() + timedelta(**wait)
        return moment.isoformat()

    async def entries(self) -> dict[str, dict[str, Any]]:
        """What the registry holds, by user id; the setting's accounts left out."""
        answer = await self._deployment.call(self._list, headers=FIRST)
        assert answer.status_code == 200
        return {one["userId"]: one for one in told(answer)["value"] if one["origin"] == "registry"}

    async def put(
        self, body: dict[str, object], user: str = USER, who: dict[str, str] = FIRST
    ) -> Any:  # noqa: ANN401  (an answer of the worker's)
        """State an entry."""
        statement = {"owner": "Identity team", "reason": "A drill.", **body}
        return await self._deployment.call(
            self._put, headers=who, path={"userId": user}, body=json.dumps(statement).encode()
        )

    async def delete(self, who: dict[str, str], user: str = USER) -> Any:  # noqa: ANN401  (as above)
        """Ask for an entry's removal."""
        return await self._deployment.call(self._delete, headers=who, path={"userId": user})


@pytest.fixture(params=LISTS)
def registry(request: pytest.FixtureRequest, deployment: Deployment) -> List:
    """Each registry in turn."""
    return List(deployment, request.param)


async def test_entry_is_listed_with_who_and_when(registry: List) -> None:
    """An entry tells whom it is about, who answers for it, why, until when, and who added it."""
    until = registry.later(days=3)
    answer = await registry.put({"expiresAt": until}, user=USER.upper())
    assert answer.status_code == 200
    entry = (await registry.entries())[USER]
    assert entry == told(answer)
    assert datetime.fromisoformat(entry["expiresAt"]) == datetime.fromisoformat(until)
    assert datetime.fromisoformat(entry["addedAt"]) == datetime.fromisoformat(registry.later())
    expected = {
        "owner": "Identity team",
        "reason": "A drill.",
        "addedBy": "aaaa-1",
        "inForce": True,
        "removalRequestedBy": None,
    }
    assert {name: entry[name] for name in expected} == expected


async def test_removal_takes_two(registry: List) -> None:
    """The first administrator asks, a second one agrees; the same one again does not."""
    await registry.put({"expiresAt": registry.later(days=3)})
    for who in (FIRST, FIRST_AGAIN):
        answer = await registry.delete(who)
        assert (answer.status_code, told(answer)["removalRequestedBy"]) == (202, "aaaa-1")
    assert (await registry.entries())[USER]["inForce"]
    gone = await registry.delete(SECOND)
    assert (gone.status_code, gone.get_body()) == (204, b"")
    assert await registry.entries() == {}
    assert assert_problem(await registry.delete(SECOND), 404)["code"] == "not-found"


async def test_wish_to_remove_lapses(deployment: Deployment, registry: List) -> None:
    """After eight hours the second administrator is the first of two again."""
    await registry.put({"expiresAt": registry.later(days=3)})
    await registry.delete(FIRST)
    deployment.clock.advance(timedelta(hours=8))
    assert (await registry.entries())[USER]["removalRequestedBy"] is None
    assert (await registry.delete(SECOND)).status_code == 202
    assert (await registry.delete(FIRST)).status_code == 204


async def test_new_statement_takes_the_wish_back(registry: List) -> None:
    """Who states the entry anew speaks against its removal."""
    until = registry.later(days=3)
    await registry.put({"expiresAt": until})
    await registry.delete(FIRST)
    await registry.put({"expiresAt": until, "reason": "Still needed."}, who=SECOND)
    assert (await registry.delete(SECOND)).status_code == 202


async def test_entry_in_force_does_not_end_earlier(registry: List) -> None:
    """Making an entry end earlier is a removal, which one person can't do; later is allowed."""
    await registry.put({"expiresAt": registry.later(days=3)})
    sooner = await registry.put({"expiresAt": registry.later(hours=1)})
    assert assert_problem(sooner, 409)["code"] == "entry-would-end-earlier"
    assert (await registry.put({"expiresAt": registry.later(days=9)})).status_code == 200


async def test_entry_ends_by_itself(deployment: Deployment, registry: List) -> None:
    """An expired entry is shown as such; one person may remove it or state it anew."""
    await registry.put({"expiresAt": registry.later(days=3)})
    deployment.clock.advance(timedelta(days=3))
    assert not (await registry.entries())[USER]["inForce"]
    assert (await registry.put({"expiresAt": registry.later(hours=1)})).status_code == 200
    deployment.clock.advance(timedelta(hours=1))
    assert (await registry.delete(FIRST)).status_code == 204


WRONG: Final[dict[str, dict[str, object]]] = {
    "in the past": {"expiresAt": "2001-01-01T00:00:00Z"},
    "without an offset": {"expiresAt": "2040-01-01T00:00:00"},
    "no owner": {"owner": ""},
    "blank owner": {"owner": "  "},
    "no reason": {"reason": ""},
    "long reason": {"reason": "x" * 1001},
    "unknown field": {"until": "2040-01-01T00:00:00Z"},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
async def test_wrong_statement_is_refused(registry: List, body: dict[str, object]) -> None:
    """A statement without owner or reason, or with an end that means nothing, changes nothing."""
    answer = await registry.put({"expiresAt": "2040-01-01T00:00:00Z", **body})
    assert assert_problem(answer, 400)["code"] == "invalid-request"
    assert await registry.entries() == {}


@pytest.mark.parametrize("user", ["robin@contoso.example", "me", f"{{{USER}}}", f"{USER}\n"])
async def test_only_object_ids_stand_in_addresses(registry: List, user: str) -> None:
    """A sign-in name changes hands, so it is on no list."""
    answer = await registry.put({"expiresAt": registry.later(days=3)}, user=user)
    assert_problem(answer, 400)
    assert_problem(await registry.delete(FIRST, user=user), 400)


async def test_exclusion_needs_an_end(deployment: Deployment) -> None:
    """An exclusion without an end is refused; a protected account may stay so for ever."""
    assert_problem(await List(deployment, "exclusions").put({}), 400)
    protected = List(deployment, "protected")
    assert (await protected.put({})).status_code == 200
    bounded = await protected.put({"expiresAt": protected.later(days=900)})
    assert assert_problem(bounded, 409)["code"] == "entry-would-end-earlier"


async def test_break_glass_of_the_setting_stays(deployment: Deployment) -> None:
    """The setting's accounts are listed as such, and nobody removes or restates them."""
    answer = await deployment.call(FunctionName.LIST_PROTECTED, headers=FIRST)
    listed = [(one["userId"], one["origin"], one["inForce"]) for one in told(answer)["value"]]
    assert listed == [(BREAK_GLASS, "setting", True)]
    protected = List(deployment, "protected")
    for user in (BREAK_GLASS, BREAK_GLASS.upper()):
        for refused in (await protected.put({}, user=user), await protected.delete(FIRST, user)):
            assert assert_problem(refused, 409)["code"] == "fixed-by-setting"


async def test_store_that_does_not_answer_is_no_empty_list(
    deployment: Deployment, registry: List
) -> None:
    """A list that can't be read is a 503, never one without entries."""
    deployment.registries.down = True
    answer = await registry.delete(FIRST)
    assert assert_problem(answer, 503)["code"] == "store-unavailable"
    for name in (FunctionName.LIST_PROTECTED, FunctionName.LIST_EXCLUSIONS):
        assert_problem(await deployment.call(name, headers=FIRST), 503)
