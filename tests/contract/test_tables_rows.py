"""Rows hold exactly what was stored, and what is not ours is never guessed at."""

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.claims import TableClaims
from shared.adapters.tables.controls import TableControls
from shared.adapters.tables.json_columns import change_text, plan_text
from shared.adapters.tables.leases import TableLeases
from shared.adapters.tables.parked import TableParkedMessages
from shared.adapters.tables.store import TableStore
from shared.application.ports.cases import StoredCase
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import (
    Approval,
    Case,
    CaseEvent,
    CaseState,
    Change,
    EventType,
    Step,
    StepOutcome,
)
from shared.domain.control import Capability, ControlEntry
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors.storage import UnreadableRow
from shared.domain.ids import CaseId, EmployeeId, SourceName, UserId, UserPrincipalName
from shared.domain.people.rulings import Impact
from shared.domain.plans import ExemptionPlan, OnboardingPlan
from shared.domain.preparations import Preparation, Prepared
from shared.domain.transitions import Transition
from shared.names import Table
from tests.contract.patience import patient
from tests.contract.samples import NOON, accepted
from tests.contract.test_parked import a_parked

texts = st.text(st.characters(codec="utf-8"), max_size=50)
moments = st.datetimes(
    min_value=datetime(1601, 1, 3),  # noqa: DTZ001  (Hypothesis adds the zone)
    max_value=datetime(9999, 12, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=14))]),
)
user_ids = st.text(st.characters(codec="utf-8"), max_size=20).map(UserId)
numbers = st.integers(0, 2**31 - 1)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None, or one of these."""
    return st.none() | strategy


onboarding_plans = st.builds(
    OnboardingPlan,
    user_principal_name=texts.map(UserPrincipalName),
    employee_id=maybe(texts.map(EmployeeId)),
    occurred_at=moments,
    rehire=st.booleans(),
    domains=st.lists(texts).map(tuple),
    starts_at=moments,
    enforce_by=maybe(moments),
)
exemption_plans = st.builds(
    ExemptionPlan,
    user_id=user_ids,
    reason=texts,
    ends_at=moments,
    accept_unprotected=st.booleans(),
)


@st.composite
def transitions(draw: st.DrawFn) -> Transition:
    """Any first transition of a case, sensible or not."""
    with_step, with_event = draw(st.booleans()), draw(st.booleans())
    case = Case(
        case_id=CaseId(secrets.token_hex(16)),  # not drawn: a repeated example is a new case
        state=draw(st.sampled_from(CaseState)),
        source=SourceName(draw(texts)),
        verified_with=draw(texts),
        plan=draw(onboarding_plans | exemption_plans),
        accepted_at=draw(moments),
        updated_at=draw(moments),
        user_id=draw(maybe(user_ids)),
        deadline=draw(maybe(moments)),
        wait_until=draw(maybe(moments)),
        waiting_since=draw(maybe(moments)),
        change=draw(
            maybe(
                st.builds(
                    Change,
                    effect=st.builds(SetMfaState, st.sampled_from(PerUserMfaState)),
                    before=texts,
                    begun_at=moments,
                    then=st.sampled_from(CaseState),
                    reads=numbers,
                )
            )
        ),
        reminders=draw(numbers),
        missing_since=draw(maybe(moments)),
        before=draw(maybe(texts)),
        observed=draw(st.booleans()),
        attempts=draw(numbers),
        parked_from=draw(maybe(st.sampled_from(CaseState))),
        asked_from=draw(maybe(st.sampled_from(CaseState))),
        stays_in_group=draw(st.booleans()),
        asked_for=draw(maybe(st.sampled_from(Impact))),
        asked_about=frozenset(draw(st.lists(texts, max_size=3))),
        approval=draw(maybe(st.builds(Approval, plan_hash=texts, by=texts, at=moments))),
        actors=frozenset(draw(st.lists(texts, max_size=3))),
        approvers=frozenset(draw(st.lists(texts, max_size=3))),
        collectors=frozenset(draw(st.lists(texts, max_size=3))),
        preparations=draw(st.dictionaries(st.sampled_from(Preparation), st.sampled_from(Prepared))),
        warnings=tuple(draw(st.lists(texts, max_size=3))),
        steps=int(with_step),
        events=int(with_event),
    )
    step = Step(
        seq=1,
        at=draw(moments),
        action=draw(texts),
        outcome=draw(st.sampled_from(StepOutcome)),
        before=draw(maybe(texts)),
        after=draw(maybe(texts)),
        detail=draw(maybe(texts)),
    )
    event = CaseEvent(
        seq=1,
        type=draw(st.sampled_from(EventType)),
        at=draw(moments),
        state=draw(st.sampled_from(CaseState)),
        user_id=draw(maybe(user_ids)),
        deadline=draw(maybe(moments)),
        observed=draw(st.booleans()),
        reason=draw(maybe(texts)),
        published_at=draw(maybe(moments)),
    )
    return Transition(
        case=case, step=step if with_step else None, event=event if with_event else None
    )


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    """One event loop for all examples of a property."""
    with asyncio.Runner() as runner:
        yield runner


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transition=transitions())
def test_any_case_comes_back_exactly(
    tables: str, loop: asyncio.Runner, transition: Transition
) -> None:
    """Every text and every microsecond of a case, its step and its event is read back as it was."""

    async def there_and_back() -> StoredCase | None:
        async with TableStore.from_connection_string(tables, patience=patient()) as store:
            await TableCases(store).create(transition)
            return await TableCases(store).load(transition.case.case_id)

    loaded = loop.run(there_and_back())
    assert loaded is not None
    assert loaded.case == transition.case
    assert loaded.steps == (() if transition.step is None else (transition.step,))
    assert loaded.events == (() if transition.event is None else (transition.event,))


async def test_times_are_plain_and_in_utc(store: TableStore) -> None:
    """What is read back is Python's own datetime in UTC, whatever zone was written."""
    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    created = accepted(there)
    await TableCases(store).create(created)
    loaded = await TableCases(store).load(created.case.case_id)
    assert loaded is not None
    assert type(loaded.case.accepted_at) is datetime
    assert loaded.case.accepted_at.tzinfo is UTC


async def rewrite(
    store: TableStore, table: Table, partition: str, key: str, **columns: object
) -> None:
    """Change columns of a stored row; None removes one."""
    row = await store.get(table, partition, key)
    assert row is not None
    kept = {name: value for name, value in {**row.columns, **columns}.items() if value is not None}
    await store.put(table, {"PartitionKey": partition, "RowKey": key, **kept})


CHANGE = change_text(
    Change(
        effect=SetMfaState(PerUserMfaState.ENABLED),
        before="disabled",
        begun_at=NOON,
        then=CaseState.OVERDUE,
    )
)
WRONG: list[tuple[str, dict[str, object]]] = [
    ("case", {"State": "half-done"}),
    ("case", {"Kind": "offboarding"}),
    ("case", {"State": None}),
    ("case", {"AcceptedAt": None}),
    ("case", {"AcceptedAt": "yesterday"}),
    ("case", {"Attempts": "3"}),
    ("case", {"Attempts": True}),
    ("case", {"Observed": 1}),
    ("case", {"Warnings": "not JSON"}),
    ("case", {"Warnings": "[1]"}),
    ("case", {"Actors": "{}"}),
    ("case", {"Approval": "{}"}),
    ("case", {"Plan": "{}"}),
    ("case", {"Plan": "no JSON"}),
    ("case", {"Change": "{}"}),
    ("case", {"Change": CHANGE.replace("set-mfa-state", "unheard-of")}),
    ("case", {"Change": CHANGE.replace("enabled", "half")}),
    ("case", {"Steps": 2}),
    ("case", {"Events": 0}),
    ("step:0001", {"Outcome": "fine"}),
    ("step:0001", {"Action": None}),
    ("event:0001", {"PublishedAt": "soon"}),
    ("event:0001", {"Type": "mfa.case.unheard-of"}),
]


async def test_a_case_from_before_domains_is_read(store: TableStore) -> None:
    """A plan without them is one of a source that is kept to none."""
    stored = await TableCases(store).create(accepted(case_id="ad" * 16))
    older = plan_text(stored.case.plan).replace(',"domains":[]', "")
    assert "domains" not in older
    await rewrite(store, Table.CASES, stored.case.case_id, "case", Plan=older)
    found = await TableCases(store).load(stored.case.case_id)
    assert found is not None
    assert found.case.plan == stored.case.plan


@pytest.mark.parametrize(("key", "columns"), WRONG)
async def test_foreign_case_row_is_named(
    store: TableStore, key: str, columns: dict[str, object]
) -> None:
    """A row that can't be read is an error that names table and row, never a guess."""
    stored = await TableCases(store).create(accepted(case_id="ab" * 16))
    await rewrite(store, Table.CASES, stored.case.case_id, key, **columns)
    with pytest.raises(UnreadableRow, match=rf"Cases row \({'ab' * 16}, {key}\)"):
        await TableCases(store).load(stored.case.case_id)


async def test_other_foreign_rows_are_named(store: TableStore) -> None:
    """The same holds for the rows of claims, control, leases and parked messages."""
    await TableClaims(store).claim("evt", "hash")
    (claim,) = await store.find(Table.CLAIMS, "RowKey eq @key", {"key": "claim"}, 1)
    await rewrite(store, Table.CLAIMS, claim.partition, claim.key, CaseId=None)
    with pytest.raises(UnreadableRow, match="Claims row"):
        await TableClaims(store).claim("evt", "hash")

    controls = TableControls(store)
    await controls.replace(Capability.ONBOARDING, ControlEntry(), ControlEntry())
    await rewrite(store, Table.CONTROL, "capability", Capability.ONBOARDING, Mode="perhaps")
    with pytest.raises(UnreadableRow, match="Control row"):
        await controls.entry(Capability.ONBOARDING)

    async with TableLeases(store).hold("person"):
        pass
    await rewrite(store, Table.USER_LEASES, "person", "lease", Fence="1")
    with pytest.raises(UnreadableRow, match="UserLeases row"):
        async with TableLeases(store).hold("person"):
            pytest.fail("A lease was made of a row that can't be read.")

    messages, parked = TableParkedMessages(store), replace(a_parked(1), parked_id="one")
    other = replace(a_parked(2, told=False), parked_id="two")
    for one in (replace(parked, told=False), other):
        await messages.add(one)
    await rewrite(store, Table.PARKED, "id_one", "message", Message00=b"\xff")
    with pytest.raises(UnreadableRow, match="Parked row"):
        await messages.get("one")
    assert await messages.untold(10) == (other,)
