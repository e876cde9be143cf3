"""A pass that may have been made and reached nobody: none stays behind."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.cases import StepOutcome
from shared.domain.errors.directory import (
    DirectoryUnavailable,
    RequestRejected,
)
from shared.domain.ids import CaseId
from shared.names import FunctionName
from tests.builders import USER_ID
from tests.triggers.deployment import assert_problem, told
from tests.triggers.pass_requests import COLLEAGUE, ask, refusal, steps, waiting

pytestmark = pytest.mark.usefixtures("guarded")


async def test_an_unanswered_creation_leaves_no_pass() -> None:
    """A pass that did not reach us is removed before the answer; then there is another one."""
    deployment = await waiting()
    deployment.passes.lost.append(DirectoryUnavailable("The answer is lost."))
    assert await refusal(deployment, 503) == "pass-unanswered"
    assert deployment.passes.values != {}
    assert await refusal(deployment, 503) == "pass-unanswered"
    deployment.clock.advance(timedelta(seconds=5))
    assert (await ask(deployment)).status_code == 200
    assert await steps(deployment) == [
        ("pass", StepOutcome.BEGUN),
        ("withdraw-pass", StepOutcome.UNVERIFIED),
        ("withdraw-pass", StepOutcome.DONE),
        ("pass", StepOutcome.BEGUN),
        ("pass", StepOutcome.DONE),
    ]


async def test_what_could_not_be_removed_at_once_is_removed_by_the_timer() -> None:
    """Where Graph stays away, the case says so, and the timer makes it good."""
    deployment = await waiting()
    away = DirectoryUnavailable("Graph is away.")
    deployment.passes.lost.append(away)
    deployment.directory.troubles += [None, None, None, away]
    assert assert_problem(await ask(deployment), 503)["code"] == "pass-unanswered"
    assert len(deployment.passes.of(USER_ID)) == 1
    assert (await steps(deployment))[-1] == ("withdraw-pass", StepOutcome.DEFERRED)
    for _ in range(2):
        await deployment.functions[FunctionName.WITHDRAW_PASSES](None)
        deployment.clock.advance(timedelta(minutes=1))
        assert deployment.passes.of(USER_ID) == set()
    assert (await steps(deployment))[-1] == ("withdraw-pass", StepOutcome.DONE)
    assert deployment.collections.kept == {}


async def test_where_nobody_could_look_the_pass_has_expired_in_the_end() -> None:
    """A record is kept for as long as a pass may be usable, and then the case says so."""
    deployment = await waiting()
    deployment.passes.lost.append(DirectoryUnavailable("Graph is away."))
    deployment.directory.troubles += [None, None, None, *[DirectoryUnavailable("Away.")] * 3]
    await ask(deployment)
    await deployment.functions[FunctionName.WITHDRAW_PASSES](None)
    assert deployment.collections.kept != {}
    deployment.clock.advance(timedelta(minutes=71))
    await deployment.functions[FunctionName.WITHDRAW_PASSES](None)
    assert deployment.collections.kept == {}
    assert (await steps(deployment))[-1] == ("withdraw-pass", StepOutcome.UNVERIFIED)


async def test_a_refusal_by_graph_is_final() -> None:
    """What Graph refused was not made: there is nothing to withdraw."""
    deployment = await waiting()
    deployment.passes.limits = replace(deployment.passes.limits, shortest=timedelta(hours=2))
    assert await refusal(deployment, 503) == RequestRejected.code
    assert deployment.collections.kept == {}
    assert (await steps(deployment))[-1] == ("pass", StepOutcome.REFUSED)


async def test_a_pass_that_can_t_be_used_is_withdrawn() -> None:
    """A pass that Graph calls useless is not handed out, and not left."""
    deployment = await waiting()
    deployment.passes.unusable = "DisabledByPolicy"
    assert await refusal(deployment, 409) == "pass-not-allowed"


async def test_a_pass_that_is_not_on_record_is_not_handed_out() -> None:
    """Where the record of a collection can't be closed, the pass is withdrawn."""
    deployment = await waiting()
    deployment.collections.stuck = True
    assert await refusal(deployment, 503) == "pass-unanswered"
    assert deployment.collections.kept != {}


async def test_two_collectors_at_once_have_one_pass_that_counts() -> None:
    """Both are answered, one after the other; the later pass takes the place of the earlier."""
    deployment = await waiting()
    answers = await asyncio.gather(ask(deployment), ask(deployment, COLLEAGUE))
    values = {told(answer)["temporaryAccessPass"] for answer in answers}
    assert len(values) == 2
    assert deployment.passes.of(USER_ID) < values


async def test_an_unknown_case_has_no_pass() -> None:
    """A case that does not exist is not found, whatever its id looks like."""
    deployment = await waiting()
    for case_id in ("", "x", "f" * 32):
        answer = await ask(deployment, case_id=CaseId(case_id))
        assert assert_problem(answer, 404)["code"] == "not-found"
