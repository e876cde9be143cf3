"""The port `OneByOne` on Microsoft Graph: what no list tells, twenty people in a request."""

from collections.abc import AsyncIterator, Mapping

import pytest

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.errors.directory import MalformedAnswer, PermissionMissing, Throttled
from shared.domain.ids import UserId
from shared.domain.posture.means import Means
from shared.domain.sweep.rows import RegistrationRow
from tests.contract.recorded_graph import RecordedGraph, refused, running_graph
from tests.contract.sweep_world import Sweep, sweep_on_record, sweep_on_stand, to_the_end
from tests.stands.graph import GraphControl, GraphStand

BATCH = "/beta/$batch"
KIM = UserId("a0000000-0000-4000-8000-00000000000a")
SAM = UserId("a0000000-0000-4000-8000-00000000000b")
MODEL = "Ee041BCE-25E5-4cdb-8f86-897fd6418464"


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A Graph of the test's own."""
    async with running_graph() as running:
        yield running


@pytest.fixture
async def sweep(graph: RecordedGraph) -> AsyncIterator[Sweep]:
    """A sweep of it."""
    async with sweep_on_record(graph) as running:
        yield running


def state(user: str) -> str:
    """Where somebody's state is read."""
    return f"/beta/users/{user}/authentication/requirements"


def methods(user: str) -> str:
    """Where somebody's methods are read."""
    return f"/beta/users/{user}/authentication/methods"


def people(number: int) -> list[UserId]:
    """So many people."""
    return [UserId(f"a0000000-0000-4000-8000-{one:012x}") for one in range(number)]


def method(kind: str, **fields: object) -> dict[str, object]:
    """A method in the live list."""
    return {"@odata.type": f"#microsoft.graph.{kind}AuthenticationMethod", "id": "m", **fields}


async def states(sweep: Sweep, *users: UserId) -> Mapping[UserId, PerUserMfaState | Unknown]:
    """Their states."""
    return await sweep.sources.one_by_one.states(users)


async def registration(sweep: Sweep) -> RegistrationRow | Unknown:
    """What Kim has registered."""
    return (await sweep.sources.one_by_one.methods([KIM]))[KIM]


async def test_states_are_read_twenty_at_a_time(graph: RecordedGraph, sweep: Sweep) -> None:
    """Each in its own part, all of low priority; who is asked for twice is asked once."""
    everybody = people(95)
    for user in everybody:
        graph.says(state(user), {"perUserMfaState": "enabled"})
    found = await states(sweep, *everybody, everybody[0])
    assert found == dict.fromkeys(everybody, PerUserMfaState.ENABLED)
    assert sorted(len(one) for one in graph.batches) == [15, 20, 20, 20, 20]
    assert {one.path for one in graph.asked} == {BATCH}
    for one in graph.asked:
        assert one.headers["x-ms-throttle-priority"] == "low"
        assert {part["headers"]["x-ms-throttle-priority"] for part in one.body["requests"]} == {
            "low"
        }


async def test_nobody_asked_for_is_no_request(graph: RecordedGraph, sweep: Sweep) -> None:
    """Nothing is sent."""
    assert await states(sweep) == {}
    assert graph.asked == []


async def test_who_is_gone_is_left_out(graph: RecordedGraph, sweep: Sweep) -> None:
    """There is nothing to tell of them; the others are told."""
    graph.says(state(KIM), {"perUserMfaState": "enforced"})
    assert await states(sweep, KIM, SAM) == {KIM: PerUserMfaState.ENFORCED}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, refused(403, "Authorization_RequestDenied")),
        (400, refused(400, "badRequest")),
        (401, refused(401, "InvalidAuthenticationToken")),
        (424, refused(424, "FailedDependency")),
        (500, refused(500, "")),
        (504, "PGh0bWw+"),
        (200, {}),
        (200, {"perUserMfaState": None}),
        (200, {"perUserMfaState": "unknownFutureValue"}),
        (200, {"perUserMfaState": 3}),
        (200, None),
    ],
)
async def test_whatever_else_comes_is_unknown(
    graph: RecordedGraph, sweep: Sweep, status: int, body: object
) -> None:
    """For that person alone, with the cause; it is never `disabled`."""
    graph.says(state(KIM), body, status)
    graph.says(state(SAM), {"perUserMfaState": "disabled"})
    found = await states(sweep, KIM, SAM)
    assert isinstance(found[KIM], Unknown)
    assert found[SAM] is PerUserMfaState.DISABLED


@pytest.mark.parametrize(
    "headers",
    [None, {"Content-Encoding": "gzip"}, {"Retry-After": 7}, {"request-id": "ü"}, {"": ""}],
)
async def test_odd_headers_of_a_part_do_no_harm(
    graph: RecordedGraph, sweep: Sweep, headers: object
) -> None:
    """It is refused, whatever else is said about it."""
    body = refused(403, "Authorization_RequestDenied")
    part = {"id": "0", "status": 403, "headers": headers, "body": body}
    graph.says(BATCH, {"responses": [part]})
    assert isinstance((await states(sweep, KIM))[KIM], Unknown)


async def test_a_refusal_names_the_role(graph: RecordedGraph, sweep: Sweep) -> None:
    """The operator knows what to grant."""
    graph.refuses(methods(KIM), 403, "accessDenied")
    found = await registration(sweep)
    assert isinstance(found, Unknown)
    assert "UserAuthenticationMethod.Read.All" in found.reason


async def test_only_throttled_parts_are_asked_again(graph: RecordedGraph, sweep: Sweep) -> None:
    """After the longest pause that any of them asks for."""
    kim, sam, ann = people(3)
    graph.refuses(state(kim), 429, "TooManyRequests", retry_after="7")
    graph.says(state(kim), {"perUserMfaState": "enabled"})
    graph.refuses(state(sam), 429, "TooManyRequests", Retry_After="3")
    graph.refuses(state(sam), 503, "ServiceUnavailable")
    graph.says(state(sam), {"perUserMfaState": "enforced"})
    graph.says(state(ann), {"perUserMfaState": "disabled"})
    found = await states(sweep, kim, sam, ann)
    assert [found[one] for one in (kim, sam, ann)] == [
        PerUserMfaState.ENABLED,
        PerUserMfaState.ENFORCED,
        PerUserMfaState.DISABLED,
    ]
    assert [len(one) for one in graph.batches] == [3, 2, 1]
    assert sweep.clock.taken == [7, 2]


async def test_nobody_asks_for_ever(graph: RecordedGraph, sweep: Sweep) -> None:
    """After the third time the work is put off, for as long as was asked."""
    graph.refuses(state(KIM), 429, "TooManyRequests", Retry_After="4")
    with pytest.raises(Throttled) as told:
        await states(sweep, KIM)
    assert told.value.retry_after is not None
    assert told.value.retry_after.total_seconds() == 4
    assert len(graph.batches) == 3


async def test_a_long_pause_is_made_by_whoever_asked(graph: RecordedGraph, sweep: Sweep) -> None:
    """It is told at once how long it would be."""
    graph.refuses(state(KIM), 429, "TooManyRequests", Retry_After="120")
    with pytest.raises(Throttled) as told:
        await states(sweep, KIM)
    assert told.value.retry_after is not None
    assert told.value.retry_after.total_seconds() == 120
    assert len(graph.batches) == 1
    assert sweep.clock.taken == []


@pytest.mark.parametrize(
    "responses",
    [
        None,
        [{"id": "7", "status": 200, "body": {"perUserMfaState": "enabled"}}],
        [{"id": "0", "status": 200, "body": {"perUserMfaState": "enabled"}}] * 2,
        [{"id": "0"}],
        [{"id": 0, "status": 200}],
    ],
)
async def test_a_batch_that_answers_nonsense_answers_nothing(
    graph: RecordedGraph, sweep: Sweep, responses: object
) -> None:
    """What was not asked, twice, without a status: none of it is anybody's state."""
    graph.says(BATCH, {"responses": responses})
    with pytest.raises(MalformedAnswer):
        await states(sweep, KIM)


async def test_who_is_left_unanswered_is_unknown(graph: RecordedGraph, sweep: Sweep) -> None:
    """A batch that came says nothing of its parts."""
    graph.says(BATCH, {"responses": []})
    found = await states(sweep, KIM)
    assert isinstance(found[KIM], Unknown)


async def test_a_batch_that_is_refused_is_told(graph: RecordedGraph, sweep: Sweep) -> None:
    """It is nobody's in particular."""
    graph.refuses(BATCH, 403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing):
        await states(sweep, *people(60))


@pytest.mark.parametrize(
    ("entry", "means"),
    [
        (method("microsoftAuthenticator"), Means.AUTHENTICATOR_PUSH),
        (method("passwordlessMicrosoftAuthenticator"), Means.AUTHENTICATOR_PASSWORDLESS),
        (method("softwareOath"), Means.SOFTWARE_OATH),
        (method("hardwareOath"), Means.HARDWARE_OATH),
        (method("fido2", aaGuid=MODEL), Means.PASSKEY),
        (method("windowsHelloForBusiness"), Means.WINDOWS_HELLO),
        (method("platformCredential"), Means.PLATFORM_CREDENTIAL),
        (method("external"), Means.EXTERNAL),
        (method("email"), Means.EMAIL),
        (method("qrCodePin"), Means.QR_CODE),
        (method("temporaryAccessPass", isUsable=True), Means.PASS),
        (method("phone", id="3179E48A-750b-4051-897c-87b9720928f7"), Means.MOBILE_PHONE),
        (method("phone", id="b6332ec1-7057-4abe-9331-3d72feddfe41"), Means.ALTERNATE_PHONE),
        (method("phone", id="e37fc753-ff3b-4958-9484-eaa9425c82bc"), Means.OFFICE_PHONE),
        (method("phone", id="another"), Means.UNRECOGNISED),
        (method("resourceAccountKey"), Means.UNRECOGNISED),
        (method("telepathy"), Means.UNRECOGNISED),
    ],
)
async def test_what_a_method_is_good_for(
    graph: RecordedGraph, sweep: Sweep, entry: dict[str, object], means: Means
) -> None:
    """Beside the password, which everybody has; a kind that nobody knows may be anything."""
    graph.lists(methods(KIM), method("password"), entry)
    found = await registration(sweep)
    assert isinstance(found, RegistrationRow)
    assert found.means == {means}


async def test_a_pass_that_is_over_is_none(graph: RecordedGraph, sweep: Sweep) -> None:
    """It is still listed for a while."""
    graph.lists(methods(KIM), method("temporaryAccessPass", isUsable=False))
    found = await registration(sweep)
    assert isinstance(found, RegistrationRow)
    assert found.means == frozenset()


@pytest.mark.parametrize(
    ("models", "keys"),
    [([], frozenset()), ([MODEL, "b"], {MODEL.lower(), "b"}), ([MODEL, None], None), ([""], None)],
)
async def test_the_models_of_passkeys_are_told_where_all_are_known(
    graph: RecordedGraph, sweep: Sweep, models: list[str | None], keys: frozenset[str] | None
) -> None:
    """A strength may take certain models only."""
    graph.lists(methods(KIM), *(method("fido2", aaGuid=model) for model in models))
    found = await registration(sweep)
    assert isinstance(found, RegistrationRow)
    assert found.keys == keys


@pytest.mark.parametrize(
    "body",
    [
        {"value": [{"id": "m"}]},
        {"value": None},
        {},
        {"value": [], "@odata.nextLink": "https://graph.example/more"},
    ],
)
async def test_methods_that_cannot_all_be_read_are_unknown(
    graph: RecordedGraph, sweep: Sweep, body: object
) -> None:
    """Half a list is none, and no list is not an empty one."""
    graph.says(methods(KIM), body)
    assert isinstance(await registration(sweep), Unknown)


async def test_the_simulated_tenant_tells_the_same(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """States and methods of those who are there, hardware tokens included."""
    made = [
        UserId(tenant.create_user(userPrincipalName=f"one-{number}@contoso.example")["id"])
        for number in range(23)
    ]
    kim = made[0]
    for kind in ("hardwareOath", "fido2"):
        tenant.register(kim, kind)
    gone = people(1)[0]
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        tenant.do("DELETE", "requests")
        found = await states(sweep, *made, gone)
        assert set(found) == set(made)
        assert found[made[1]] is PerUserMfaState.DISABLED
        told = await sweep.sources.one_by_one.methods([*made, gone])
        assert set(told) == set(made)
        assert told[made[1]] == RegistrationRow(user_id=made[1], capable=None, keys=frozenset())
        mine = told[kim]
        assert isinstance(mine, RegistrationRow)
        assert mine.means == {Means.HARDWARE_OATH, Means.PASSKEY}
        assert mine.keys is not None
        assert len(mine.keys) == 1
    assert tenant.stats()["requests"]["POST /beta/$batch"] == 4


async def test_the_simulated_tenant_throttles_parts(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """The batch is 200 all the same."""
    user = UserId(tenant.create_user(userPrincipalName="throttled-part@contoso.example")["id"])
    tenant.fault(f"GET .*/{user}/authentication/requirements", status=429, retryAfter=2, times=1)
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        assert await states(sweep, user) == {user: PerUserMfaState.DISABLED}
        assert sweep.clock.taken == [2]


KINDS = (
    "microsoftAuthenticator",
    "softwareOath",
    "hardwareOath",
    "fido2",
    "windowsHelloForBusiness",
    "platformCredential",
    "mobile",
    "office",
    "email",
    "external",
    "qrCodePin",
)


async def test_the_report_and_the_live_list_tell_the_same(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Of every method that the simulated tenant knows, in the same words."""
    users = {}
    for kind in KINDS:
        made = tenant.create_user(userPrincipalName=f"alike-{kind.lower()}@contoso.example")
        tenant.register(made["id"], kind)
        users[kind] = UserId(made["id"])
    tenant.do("POST", "report")
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        live = await sweep.sources.one_by_one.methods(list(users.values()))
        report = await to_the_end(sweep.sources.people.registrations)
    reported = {row.user_id: row.means for row in report}
    for kind, user in users.items():
        row = live[user]
        assert isinstance(row, RegistrationRow)
        assert row.means == reported[user] != frozenset(), kind
