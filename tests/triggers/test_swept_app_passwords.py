"""App passwords in what people read of the sweep: of one person, of a run, and as findings."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

import pytest

from shared.domain.alive import Alive
from shared.domain.errors import LifecycleError
from shared.domain.errors.storage import StoreDenied, StoreUnavailable, UnreadableRow
from shared.domain.ledger import Coverage, Doing, LedgerEntry, Span
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.slices import Slice
from shared.names import FunctionName
from tests.builders import NOW
from tests.fakes.ledger import FakeLedger
from tests.properties.swept_tenant import a_policy, populated
from tests.results import ALIVE, a_line
from tests.triggers.deployment import Deployment, assert_problem, told
from tests.triggers.stages import work_through
from tests.triggers.test_compliance import PATH, READER, findings, kept, table
from tests.triggers.test_postures import KIM, ask, posture, with_kim

pytestmark = pytest.mark.usefixtures("guarded")

DAY: Final = timedelta(days=1)
BLOCK: Final = {
    **a_policy(
        "No old clients",
        users={"includeUsers": ["All"]},
        clientAppTypes=["exchangeActiveSync", "other"],
    ),
    "grantControls": {"operator": "OR", "builtInControls": ["block"]},
}


async def keep(deployment: Deployment, *doings: Doing, days: int = 30) -> None:
    """The ledger knows so many days, in the last of which this was done with app passwords."""
    now, ledger = deployment.clock.now(), deployment.services.ledger
    span = Span(now - days * DAY, now - DAY / 12)
    await ledger.keep(
        [
            LedgerEntry(
                entry_id=str(number),
                user_id=KIM,
                at=now - DAY + timedelta(minutes=number),
                doing=doing,
            )
            for number, doing in enumerate(doings)
        ]
    )
    await ledger.cover(Coverage((span,)))


async def app_passwords(deployment: Deployment) -> tuple[str, int | None, str]:
    """What the posture says that is shown, how many are alive, and whether they are a way in."""
    view = await posture(deployment)
    assert view["verdict"] == "protected"
    ledger = view["appPasswordLedger"]
    return ledger["shown"], ledger["alive"], view["appPasswordExposure"]


def kim_of(age: int) -> Deployment:
    """An app in a tenant of one person, whose account is so many days old."""
    return with_kim(made=NOW - age * DAY)


@pytest.mark.parametrize(
    ("age", "doings", "expected"),
    [
        (20, (Doing.CREATED,), ("alive", 1, "exposed")),
        (20, (Doing.CREATED, Doing.DELETED), ("none", 0, "none")),
        (20, (), ("none", 0, "none")),
        (40, (), ("unknown", None, "exposed")),
        (40, (Doing.CREATED,), ("alive", 1, "exposed")),
        (40, (Doing.CREATED, Doing.DELETED), ("unknown", None, "exposed")),
    ],
)
async def test_of_one_person(
    age: int, doings: tuple[Doing, ...], expected: tuple[str, int | None, str]
) -> None:
    """By the age of the account and by what was done; whoever is protected may be exposed."""
    deployment = kim_of(age)
    await keep(deployment, *doings)
    assert await app_passwords(deployment) == expected


async def test_a_door_that_is_shut_exposes_nobody() -> None:
    """Some are alive, and say so; they let nobody in."""
    deployment = kim_of(20)
    deployment.swept.policies = [BLOCK]
    await keep(deployment, Doing.CREATED)
    assert await app_passwords(deployment) == ("alive", 1, "none")
    summary = (await posture(deployment))["appPasswordLedger"]["summary"]
    assert summary == (
        "1 app password is alive, but a policy or security defaults let none of them in."
    )


async def test_a_ledger_that_was_never_kept_shows_nothing() -> None:
    """Not that there are none."""
    deployment = kim_of(0)
    assert await app_passwords(deployment) == ("unknown", None, "exposed")
    ledger = (await posture(deployment))["appPasswordLedger"]
    assert ledger["doubt"] == "The ledger of app passwords was never kept."


@pytest.mark.parametrize("what", ["coverage", "of"])
@pytest.mark.parametrize(
    ("error", "status"),
    [(StoreDenied("no role"), 200), (UnreadableRow("odd"), 200), (StoreUnavailable("late"), 503)],
)
async def test_a_ledger_that_cannot_be_read(what: str, error: LifecycleError, status: int) -> None:
    """For good it is unknown with its cause, beside the verdict; for now who asks comes again."""
    deployment = kim_of(20)
    await keep(deployment)

    ledger = deployment.services.ledger
    assert isinstance(ledger, FakeLedger)
    ledger.refused[what] = error
    answer = await ask(deployment)
    assert answer.status_code == status
    if status != 200:
        assert_problem(answer, status)
        return
    shown = told(answer)["appPasswordLedger"]
    assert (shown["shown"], shown["doubt"]) == ("unknown", error.detail)


async def test_the_sweep_and_a_look_at_everybody_agree() -> None:
    """Of everybody, the same number, the same doubt, and the same exposure."""
    random = Random(5)  # noqa: S311  (it makes test data)
    deployment = Deployment(swept=populated(random, 40))
    now, everybody = deployment.clock.now(), deployment.swept.everybody
    for user, row in everybody.items():
        everybody[user] = replace(row, made=now - random.choice((20, 40)) * DAY)
    await keep(deployment)
    await deployment.services.ledger.keep(
        [
            LedgerEntry(
                entry_id=f"{user}{number}",
                user_id=user,
                at=now - random.uniform(1, 19) * DAY,
                doing=random.choice(list(Doing)),
            )
            for user in everybody
            for number in range(random.choice((0, 1, 3)))
        ]
    )
    run = await deployment.services.start_run("timer")
    await work_through(deployment.functions, deployment.stages)
    lines = await deployment.snapshots.lines(run.run_id, Slice(0, 1))
    shown = set()
    for line in lines:
        view = await posture(deployment, line.user_id)
        shown.add(view["appPasswordLedger"]["shown"])
        assert view["appPasswordLedger"]["alive"] == (line.alive.least or _none(line.alive))
        assert view["appPasswordLedger"]["shown"] == line.alive.shown
        assert view["appPasswordExposure"] == line.exposure
    assert shown == {"none", "alive", "unknown"}


def _none(alive: Alive) -> int | None:
    return 0 if alive.doubt is None else None


async def test_findings_by_exposure_list_the_protected_too(deployment: Deployment) -> None:
    """An app password gets in past what protects; without the filter nothing is different."""
    lines = [
        a_line(number, list(Verdict)[number % 5], alive=ALIVE[number % 4]) for number in range(240)
    ]
    await kept(deployment, *lines, of=16)
    for exposure in ("exposed", "none", "unknown"):
        wanted = [line for line in lines if line.exposure == exposure]
        assert {line.verdict for line in wanted} == set(Verdict)
        found, _ = await findings(deployment, exposure=exposure)
        assert [one["userId"] for one in found] == sorted(line.user_id for line in wanted)
        assert {one["appPasswordExposure"] for one in found} == {exposure}
        rows = await table(deployment, exposure=exposure, verdict="weak")
        assert [row["userId"] for row in rows] == sorted(
            line.user_id for line in wanted if line.verdict is Verdict.WEAK
        )
    found, _ = await findings(deployment)
    assert "protected" not in {one["verdict"] for one in found}


async def test_only_parts_with_somebody_exposed_are_read(deployment: Deployment) -> None:
    """By what was counted in them."""
    shut = [a_line(number * 3) for number in range(80)]
    await kept(deployment, *shut, a_line(1, alive=ALIVE[3]), of=64)
    found, pages = await findings(deployment, exposure="exposed")
    assert (len(found), pages) == (1, [1])


async def test_an_exposure_that_is_none_of_them(deployment: Deployment) -> None:
    """The answer names those that there are."""
    await kept(deployment, a_line(1))
    answer = await deployment.call(
        FunctionName.LIST_FINDINGS, headers=READER, path=PATH, query={"exposure": "x"}
    )
    assert "none, exposed, unknown" in assert_problem(answer, 400)["detail"]
