"""What becomes of each Graph call when Graph, or the way to it, fails."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.adapters.graph.directory import GraphDirectory
from shared.adapters.graph.writes import GraphWrites
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.control import Capability
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    LicenceMissing,
    MalformedAnswer,
    PermissionMissing,
    RequestRejected,
    Throttled,
)
from shared.domain.ids import UserId
from tests.contract.graph_client import GivenTokens, Pauses, graph_client, graph_writes
from tests.contract.leases import A_SPENDER, PlainLease
from tests.stands.graph import GraphControl, GraphStand

EVERY_CALL = ".*"


@dataclass
class Line:
    """A person, and the line to Graph that is about to be disturbed."""

    tenant: GraphControl
    stand: GraphStand
    user: UserId

    @asynccontextmanager
    async def open(
        self, *, tokens: GivenTokens | None = None, patience: float = 5.0
    ) -> AsyncIterator[tuple[GraphDirectory, GraphWrites, Pauses]]:
        """The real adapters on this line, and the pauses that they take."""
        clock = Pauses()
        credential = tokens or GivenTokens([self.tenant.token()])
        async with graph_client(
            self.stand.base_url, credential, clock=clock, patience=patience
        ) as client:
            yield GraphDirectory(client), graph_writes(client), clock

    def sent(self) -> int:
        """How many requests about this person reached Graph."""
        return len(self.requests())

    def requests(self) -> list[dict[str, object]]:
        """The requests about this person that reached Graph."""
        return [entry for entry in self.tenant.requests() if self.user in entry["path"]]


Act = Callable[[GraphDirectory, GraphWrites, UserId], Awaitable[object]]


async def _find(directory: GraphDirectory, _: GraphWrites, user: UserId) -> object:
    return await directory.find_account(user)


async def _state(directory: GraphDirectory, _: GraphWrites, user: UserId) -> object:
    return await directory.mfa_state(user)


async def _methods(directory: GraphDirectory, _: GraphWrites, user: UserId) -> object:
    return await directory.methods(user)


async def _enable(_: GraphDirectory, states: GraphWrites, user: UserId) -> object:
    await states.write(
        user,
        SetMfaState(PerUserMfaState.ENABLED),
        capability=Capability.ONBOARDING,
        lease=PlainLease(subject=user),
        spender=A_SPENDER,
    )
    return None


READS: dict[str, Act] = {"find_account": _find, "mfa_state": _state, "methods": _methods}
CALLS: dict[str, Act] = {**READS, "write": _enable}
ROLES = {
    "find_account": "User.Read.All",
    "mfa_state": "Policy.ReadWrite.AuthenticationMethod",
    "methods": "UserAuthenticationMethod.Read.All",
    "write": "Policy.ReadWrite.AuthenticationMethod",
}
every_call = pytest.mark.parametrize("act", CALLS.values(), ids=CALLS.keys())
every_read = pytest.mark.parametrize("act", READS.values(), ids=READS.keys())


@pytest.fixture
def line(tenant: GraphControl, graph_stand: GraphStand) -> Line:
    """A line to the simulated tenant with one person in it."""
    name = f"kim-{uuid4().hex[:8]}@contoso.example"
    created = tenant.create_user(userPrincipalName=name, displayName="Kim")
    return Line(tenant, graph_stand, UserId(created["id"]))


async def refused(line: Line, act: Act, *, patience: float = 5.0) -> tuple[LifecycleError, Pauses]:
    """The error with which a call fails, and the pauses before it did."""
    async with line.open(patience=patience) as (directory, states, clock):
        with pytest.raises(LifecycleError) as raised:
            await act(directory, states, line.user)
        return raised.value, clock


@every_call
async def test_undisturbed_call_costs_one_request(line: Line, act: Act) -> None:
    """Each method of the ports costs exactly one request to Graph."""
    async with line.open() as (directory, states, _):
        await act(directory, states, line.user)
    assert line.sent() == 1


@pytest.mark.parametrize("status", [429, 503, 504])
async def test_write_is_sent_once(line: Line, status: int) -> None:
    """Whoever guards a write has to look again before the next one, so it is not repeated here."""
    line.tenant.fault(EVERY_CALL, status=status, times=1)
    error, clock = await refused(line, _enable)
    assert isinstance(error, Throttled | DirectoryUnavailable)
    assert (line.sent(), clock.taken) == (1, [])


@pytest.mark.parametrize("body", ['{"x":[', "<html>"])
async def test_write_with_an_answer_that_is_not_graphs_is_not_done(line: Line, body: str) -> None:
    """A proxy may answer 200 to a write that never reached Graph."""
    line.tenant.fault(EVERY_CALL, status=200, body=body)
    error, _ = await refused(line, _enable)
    assert isinstance(error, MalformedAnswer)


async def test_write_is_given_up_before_a_stop_would_be_late(line: Line) -> None:
    """However long a call may take, a write does not wait for an answer that comes so late."""
    line.tenant.fault(EVERY_CALL, delayMs=9_000)
    error, _ = await refused(line, _enable, patience=60.0)
    assert isinstance(error, DirectoryUnavailable)


@every_read
@pytest.mark.parametrize("status", [429, 503, 504])
async def test_passing_trouble_is_tried_again(line: Line, act: Act, status: int) -> None:
    """One 429, 503 or 504 is outlasted by one more request after a short pause."""
    line.tenant.fault(EVERY_CALL, status=status, times=1)
    async with line.open() as (directory, states, clock):
        await act(directory, states, line.user)
    assert line.sent() == 2
    assert len(clock.taken) == 1
    assert 0 < clock.taken[0] <= 2


@every_read
async def test_short_retry_after_is_honoured(line: Line, act: Act) -> None:
    """A `Retry-After` of a second is waited for, to the letter."""
    line.tenant.fault(EVERY_CALL, status=429, retryAfter=1, times=1)
    async with line.open() as (directory, states, clock):
        await act(directory, states, line.user)
    assert clock.taken == [1.0]


@every_call
@pytest.mark.parametrize(("status", "kind"), [(429, Throttled), (503, DirectoryUnavailable)])
@pytest.mark.parametrize("seconds", [3, 179, 180, 86_400])
async def test_long_retry_after_is_handed_up(
    line: Line, act: Act, status: int, kind: type[LifecycleError], seconds: int
) -> None:
    """A longer `Retry-After` is not waited for: it goes up with the error, after one request."""
    line.tenant.fault(EVERY_CALL, status=status, retryAfter=seconds)
    error, clock = await refused(line, act)
    assert type(error) is kind
    assert error.retry_after == timedelta(seconds=seconds)
    assert clock.taken == []
    assert line.sent() == 1


@every_read
@pytest.mark.parametrize(("status", "kind"), [(429, Throttled), (503, DirectoryUnavailable)])
async def test_lasting_trouble_is_handed_up_after_three_requests(
    line: Line, act: Act, status: int, kind: type[LifecycleError]
) -> None:
    """Only one layer tries again, twice, and waits two seconds at most."""
    line.tenant.fault(EVERY_CALL, status=status)
    error, clock = await refused(line, act)
    assert type(error) is kind
    assert error.retry_after is None
    assert line.sent() == 3
    assert sum(clock.taken) <= 2


@pytest.mark.parametrize(("times", "retry_after"), [(7, 1), (1, 10)])
async def test_who_has_patience_outlasts_more(line: Line, times: int, retry_after: int) -> None:
    """As many attempts as allowed, and waits as long as allowed, taken together."""
    line.tenant.fault(EVERY_CALL, status=429, retryAfter=retry_after, times=times)
    clock, tokens = Pauses(), GivenTokens([line.tenant.token()])
    async with graph_client(
        line.stand.base_url, tokens, clock=clock, attempts=8, waiting=10
    ) as client:
        await GraphDirectory(client).methods(line.user)
    assert clock.taken == [retry_after] * times


@pytest.mark.parametrize(("retry_after", "sent"), [(1, 8), (4, 3), (11, 1)])
async def test_patience_has_an_end(line: Line, retry_after: int, sent: int) -> None:
    """One attempt more, or a second longer, is handed up."""
    line.tenant.fault(EVERY_CALL, status=429, retryAfter=retry_after)
    clock, tokens = Pauses(), GivenTokens([line.tenant.token()])
    async with graph_client(
        line.stand.base_url, tokens, clock=clock, attempts=8, waiting=10
    ) as client:
        with pytest.raises(Throttled):
            await GraphDirectory(client).methods(line.user)
    assert line.sent() == sent
    assert sum(clock.taken) <= 10


@every_read
async def test_attempts_have_ids_of_their_own(line: Line, act: Act) -> None:
    """Each attempt carries a `client-request-id` of its own."""
    line.tenant.fault(EVERY_CALL, status=503)
    await refused(line, act)
    ids = [entry["clientRequestId"] for entry in line.requests()]
    assert len(set(ids)) == len(ids) == 3


@every_call
@pytest.mark.parametrize("status", [500, 502])
async def test_server_error_is_unavailability(line: Line, act: Act, status: int) -> None:
    """Any other server error is handed up at once."""
    line.tenant.fault(EVERY_CALL, status=status)
    error, _ = await refused(line, act)
    assert type(error) is DirectoryUnavailable
    assert line.sent() == 1


@every_call
async def test_late_answer_is_unavailability(line: Line, act: Act) -> None:
    """An answer that takes longer than the limit is none."""
    line.tenant.fault(EVERY_CALL, delayMs=2_000)
    error, _ = await refused(line, act, patience=0.2)
    assert type(error) is DirectoryUnavailable


@every_call
async def test_dropped_connection_is_unavailability(line: Line, act: Act) -> None:
    """A connection that breaks before Graph did anything is handed up, and nothing happened."""
    line.tenant.fault(EVERY_CALL, drop=True)
    error, _ = await refused(line, act)
    assert type(error) is DirectoryUnavailable
    assert line.sent() == 1
    assert line.tenant.truth(line.user)["perUserMfaState"] == "disabled"


async def test_lost_answer_to_a_write_is_unavailability(line: Line) -> None:
    """A write whose answer is lost is handed up though it was done; a read will tell."""
    line.tenant.fault("PATCH", drop=True, applied=True)
    error, _ = await refused(line, _enable)
    assert type(error) is DirectoryUnavailable
    assert line.sent() == 1
    assert line.tenant.truth(line.user)["perUserMfaState"] == "enabled"


@every_read
@pytest.mark.parametrize(
    "body",
    ["", "{", "<html>", "null", "[]", '"x"', '{"value":', '{"value":[{"id":1}]}', "\x00", "1e999"],
)
async def test_unreadable_answer_is_malformed(line: Line, act: Act, body: str) -> None:
    """A success whose body is not what the call promises is never taken for an answer."""
    line.tenant.fault(EVERY_CALL, body=body)
    async with line.open() as (directory, states, _):
        if act is _state and body == '{"value":[{"id":1}]}':
            assert isinstance(await directory.mfa_state(line.user), Unknown)
            return
        with pytest.raises(MalformedAnswer):
            await act(directory, states, line.user)


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"perUserMfaState":null}',
        '{"perUserMfaState":"unknownFutureValue"}',
        '{"perUserMfaState":"Enforced"}',
        '{"perUserMfaState":""}',
    ],
)
async def test_state_that_is_not_told_is_unknown(line: Line, body: str) -> None:
    """A missing, empty or new value is `Unknown`, never `disabled`."""
    line.tenant.fault(EVERY_CALL, body=body)
    async with line.open() as (directory, _, _):
        assert isinstance(await directory.mfa_state(line.user), Unknown)


@pytest.mark.parametrize(
    ("act", "body"),
    [
        (_state, '{"perUserMfaState":1}'),
        (_find, '{"id":"x"}'),
        (_find, '{"id":"","accountEnabled":true}'),
        (_find, '{"id":"x","accountEnabled":null}'),
        (_find, '{"id":"x","accountEnabled":"true"}'),
        (_find, '{"value":[]}'),
        (_methods, '{"value":null}'),
        (_methods, '{"value":[{"id":"x"}]}'),
        (_methods, '{"value":[],"@odata.nextLink":1}'),
    ],
)
async def test_wrong_types_are_malformed(line: Line, act: Act, body: str) -> None:
    """A field of the wrong type, or a missing one that a decision needs, is no answer."""
    line.tenant.fault(EVERY_CALL, body=body)
    error, _ = await refused(line, act)
    assert type(error) is MalformedAnswer


@every_call
async def test_refused_token_is_replaced_once(line: Line, act: Act) -> None:
    """A token that Graph does not accept is replaced by a new one, and the call succeeds."""
    tokens = GivenTokens(["stale", line.tenant.token()])
    async with line.open(tokens=tokens) as (directory, states, _):
        await act(directory, states, line.user)
    assert tokens.renewals == 1
    assert line.sent() == 2


@every_call
async def test_refused_identity_is_unavailability(line: Line, act: Act) -> None:
    """A new token that Graph does not accept either is handed up; there is no third try."""
    tokens = GivenTokens(["stale"])
    async with line.open(tokens=tokens) as (directory, states, _):
        with pytest.raises(DirectoryUnavailable):
            await act(directory, states, line.user)
    assert tokens.renewals == 1
    assert line.sent() == 2


@pytest.mark.parametrize("name", CALLS)
async def test_missing_role_is_named(line: Line, name: str) -> None:
    """A token without the call's role is refused, and the error names that role."""
    others = set(ROLES.values()) - {ROLES[name]}
    tokens = GivenTokens([line.tenant.token(sorted(others))])
    async with line.open(tokens=tokens) as (directory, states, _):
        with pytest.raises(PermissionMissing, match=ROLES[name]):
            await CALLS[name](directory, states, line.user)
    assert line.sent() == 1


@pytest.mark.parametrize("name", CALLS)
async def test_named_role_is_enough(line: Line, name: str) -> None:
    """A token with nothing but the role that the error would name can make the call."""
    tokens = GivenTokens([line.tenant.token([ROLES[name]])])
    async with line.open(tokens=tokens) as (directory, states, _):
        await CALLS[name](directory, states, line.user)


@every_call
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "badRequest", RequestRejected),
        (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", LicenceMissing),
        (403, "Authorization_RequestDenied", PermissionMissing),
        (403, "accessDenied", PermissionMissing),
        (409, "conflict", RequestRejected),
        (302, "moved", MalformedAnswer),
    ],
)
async def test_refusal_is_told_without_its_message(
    line: Line, act: Act, status: int, code: str, kind: type[LifecycleError]
) -> None:
    """A refusal is handed up by kind; Graph's message, which may hold names, is left out."""
    body = f'{{"error":{{"code":"{code}","message":"kim@contoso.example"}}}}'
    line.tenant.fault(EVERY_CALL, status=status, body=body)
    error, _ = await refused(line, act)
    assert type(error) is kind
    assert "contoso" not in error.detail
    if kind is RequestRejected:
        assert code in error.detail


@every_call
@pytest.mark.parametrize("status", [400, 403, 404])
async def test_refusal_by_a_stranger_is_malformed(line: Line, act: Act, status: int) -> None:
    """A refusal without Graph's error document comes from a proxy: it proves nothing."""
    line.tenant.fault(EVERY_CALL, status=status, body="<html>blocked</html>")
    error, _ = await refused(line, act)
    assert type(error) is MalformedAnswer


async def test_account_that_lags_behind_is_not_visible_yet(line: Line) -> None:
    """A person whom readers do not see yet is deferred, and seen when replication is through."""
    line.tenant.lag(30)
    created = line.tenant.create_user(
        userPrincipalName=f"late-{uuid4().hex[:8]}@contoso.example", displayName="Late"
    )
    user = UserId(created["id"])
    async with line.open() as (directory, _, _):
        with pytest.raises(AccountNotVisible):
            await directory.mfa_state(user)
        line.tenant.advance(31)
        assert await directory.mfa_state(user) is PerUserMfaState.DISABLED
