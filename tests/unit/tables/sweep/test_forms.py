"""Everything that a run keeps comes back as it was, and is shared where many have it alike."""

import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.tables.sweep.changes_form import CHANGES
from shared.adapters.tables.sweep.lines_form import LINES
from shared.adapters.tables.sweep.packing import Content, Form, content_of_rows
from shared.adapters.tables.sweep.run_rows import RUN, TENANT
from shared.adapters.tables.sweep.staged_form import STAGED
from shared.adapters.tables.sweep.totals_form import TOTALS
from shared.application.ports.runs import Staged
from shared.domain.alive import Alive, Shown
from shared.domain.errors.storage import UnreadableRow
from shared.domain.posture.judging import Door
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause, Change, Line
from shared.domain.sweep.mending import Mend
from shared.domain.sweep.rows import RegistrationRow
from shared.domain.sweep.runs import Run
from shared.domain.sweep.tenant import TenantReading
from shared.domain.sweep.totals import BehindDoor, InDepartment, Move, NoMeans, Totals
from tests.contract.sweep_samples import BEGAN, a_change, a_line, a_person, a_run, a_user, staged
from tests.unit.tables.sweep.anything import anything
from tests.unit.tables.sweep.packed import changed, in_one_row, packed_and_unpacked, rows_of

DOUBT = "The account is older than what the ledger knows."
PEOPLE = 4_000
"""Of a part of the tenant."""


@given(anything(Staged))
def test_staged_rows_come_back(rows: Staged) -> None:
    """In every script, with everything unset, and in their order."""
    assert packed_and_unpacked(STAGED, rows) == rows


@given(st.lists(anything(Line), max_size=4))
def test_lines_come_back(lines: list[Line]) -> None:
    """What is unknown stays so, with its reason; what is hashed stays equal."""
    found = packed_and_unpacked(LINES, lines)
    assert list(found) == lines
    assert list(map(hash, found)) == list(map(hash, lines))


@given(st.lists(anything(Change), max_size=4))
def test_changes_come_back(changes: list[Change]) -> None:
    """With those that nobody was seen before of, and those of people who are gone."""
    found = packed_and_unpacked(CHANGES, changes)
    assert list(found) == changes


@given(anything(TenantReading))
def test_readings_of_a_tenant_come_back(reading: TenantReading) -> None:
    """Policies with conditions of every kind, locations, and what could not be read."""
    found = packed_and_unpacked(TENANT, reading)
    assert found == reading
    assert hash(found) == hash(reading)


@given(anything(Run))
def test_runs_come_back(run: Run) -> None:
    """With their cursors, chunks and problems."""
    assert in_one_row(RUN, run) == run


@given(anything(Totals))
def test_totals_come_back(totals: Totals) -> None:
    """Whatever departments are called."""
    assert in_one_row(TOTALS, totals) == totals


KEPT_TOTALS = (
    b'{"counts":{"app-password-ledger:alive:open":1,"app-passwords:open":1,'
    b'"change:gone:protected:none":1,"change:new-person:none:weak":2,'
    b'"department::weak":1,"department:R&D: A:unknown":1,"finding:all":1,"left-out:all":3,'
    b'"legacy:blocked":1,"lost:all":1,"mend:reopen":1,"methods:authenticator-push":1,'
    b'"methods:none":1,"methods:unknown":1,"reason:gap":1,"sspr-capable:unknown":1,'
    b'"sspr-enabled:false":1,"sspr-registered:true":1,"telephony-only:all":1,'
    b'"uncompared:all":1,"verdict:weak":1}}'
)
"""As every version has written them."""


def test_the_names_of_counts_stay_what_they_are() -> None:
    """The totals of the nights before an update are added up and compared with."""
    totals = Totals(
        verdicts=Counter({Verdict.WEAK: 1}),
        departments=Counter(
            {InDepartment("", Verdict.WEAK): 1, InDepartment("R&D: A", Verdict.UNKNOWN): 1}
        ),
        findings=1,
        reasons=Counter({ReasonCode.GAP: 1}),
        mends=Counter({Mend.REOPEN: 1}),
        legacy=Counter({Door.BLOCKED: 1}),
        app_passwords=Counter({Door.OPEN: 1}),
        ledger=Counter({BehindDoor(Shown.ALIVE, Door.OPEN): 1}),
        methods=Counter({Means.AUTHENTICATOR_PUSH: 1, NoMeans.NONE: 1, NoMeans.UNKNOWN: 1}),
        telephony_only=1,
        sspr_registered=Counter({True: 1}),
        sspr_enabled=Counter({False: 1}),
        sspr_capable=Counter({None: 1}),
        moves=Counter(
            {
                Move(Cause.NEW_PERSON, None, Verdict.WEAK): 2,
                Move(Cause.GONE, Verdict.PROTECTED, None): 1,
            }
        ),
        lost=1,
        left_out=3,
        uncompared=1,
    )
    assert TOTALS.write(totals) == KEPT_TOTALS
    assert TOTALS.read(KEPT_TOTALS) == totals
    run = replace(a_run(), totals=totals)
    assert b'"totals":' + KEPT_TOTALS + b"," in RUN.write(run)
    assert RUN.read(RUN.write(run)) == run


@pytest.mark.parametrize(
    "name",
    [
        "verdict:fine",
        "department:Sales",
        "reason:none-of-ours",
        "app-password-ledger:alive",
        "methods:pigeon",
        "sspr-capable:maybe",
        "change:gone:protected",
    ],
)
def test_a_count_of_something_unknown_is_unreadable(name: str) -> None:
    """It is never guessed at, nor left out: all the others would tell of too few."""
    body = msgspec.json.encode({"counts": {name: 1}})
    row = changed(rows_of(TOTALS, Totals()), "Body00", zlib.compress(body))
    with pytest.raises(UnreadableRow):
        content_of_rows(row, TOTALS)


def test_a_kind_of_count_that_this_version_does_not_know_is_passed_over() -> None:
    """A later version may count more, and may be taken back."""
    assert TOTALS.read(b'{"counts":{"shoes:red":1,"verdict:weak":2}}') == Totals(
        verdicts=Counter({Verdict.WEAK: 2})
    )


def as_first_kept(form: Form[Content], content: Content, *, fields: Mapping[int, int]) -> Content:
    """What is read of something that was kept while tables in it, by place, had so many fields."""
    told = msgspec.msgpack.decode(form.write(content))
    for place, count in fields.items():
        told[place] = [row[:count] for row in told[place]]
    return form.read(msgspec.msgpack.encode(told))


def test_what_was_kept_before_there_was_more_to_keep_comes_back() -> None:
    """The runs of the nights before an update are compared with all the same."""
    line = a_line(1)
    later = replace(line, earlier=Verdict.PROTECTED, person=replace(line.person, overdue=True))
    settings, findings = 4, 6
    known = replace(line, alive=Alive())
    assert as_first_kept(LINES, [later], fields={settings: 12, findings: 6}) == (known,)
    change = a_change(a_user(1), BEGAN)
    more = replace(change, known=Verdict.PROTECTED, privileged=True)
    assert as_first_kept(CHANGES, [more], fields={0: 5}) == (change,)


def test_lines_share_what_they_have_alike() -> None:
    """A part fits into memory because few things are different in it."""
    one, other = packed_and_unpacked(LINES, [a_line(1), a_line(41)])
    assert one.reasons is other.reasons
    assert one.department is other.department
    assert one.person.registration is other.person.registration
    assert one.person.belonging.groups is other.person.belonging.groups


def test_the_same_rows_are_the_same_bytes() -> None:
    """So that to keep them twice is to keep them once; sets have no order of their own."""
    means = sorted(Means)
    one, other = (
        RegistrationRow(user_id=a_user(1), means=frozenset(order)) for order in (means, means[::-1])
    )
    assert STAGED.write(Staged(registrations=(one,))) == STAGED.write(
        Staged(registrations=(other,))
    )


@pytest.mark.parametrize(
    ("form", "content", "most"),
    [
        (STAGED, Staged(people=tuple(a_person(number) for number in range(PEOPLE))), 60),
        (LINES, tuple(a_line(number) for number in range(PEOPLE)), 60),
        (CHANGES, tuple(a_change(a_user(number), BEGAN) for number in range(PEOPLE)), 30),
    ],
    ids=["people", "lines", "changes"],
)
def test_a_part_of_the_tenant_fits_one_row(
    form: Form[Content], content: Content, most: int
) -> None:
    """It takes so many bytes a person, most of which are the id and the names."""
    (row,) = rows_of(form, content)
    assert sum(len(one) for one in row.columns.values() if isinstance(one, bytes)) < most * PEOPLE


@pytest.mark.parametrize(
    ("form", "content", "name"),
    [
        (STAGED, staged(1), b"authenticator-push"),
        (LINES, (a_line(1),), b"weak"),
        (LINES, (a_line(1),), b"authenticator-push"),
        (CHANGES, (a_change(a_user(1), BEGAN),), b"sms-or-voice-only"),
    ],
    ids=["staged", "verdict", "means", "reason"],
)
def test_members_of_enumerations_stand_by_name(
    form: Form[Content], content: Content, name: bytes
) -> None:
    """Others may be added before and between them; one that is not known is never guessed at."""
    octets = form.write(content)
    assert name in octets
    with pytest.raises(msgspec.ValidationError):
        form.read(octets.replace(name, name[:-1] + b"?"))


def test_a_number_that_stands_for_nothing_is_unreadable() -> None:
    """A chunk whose parts do not fit together is not read in part."""
    told = msgspec.msgpack.decode(CHANGES.write([a_change(a_user(1), BEGAN)]))
    told[1][0][1] = 7
    rows = changed(rows_of(CHANGES, []), "Body00", zlib.compress(msgspec.msgpack.encode(told)))
    with pytest.raises(UnreadableRow):
        content_of_rows(rows, CHANGES)


def test_what_was_written_before_the_ledger_was_looked_into_can_be_read() -> None:
    """Lines, rows and runs of before tell nothing of app passwords, least of all that none is."""
    told = msgspec.msgpack.decode(LINES.write([a_line(1)]))
    assert told[-2][0][6:8] == [1, {"reason": DOUBT}]
    told[-2] = [one[:6] for one in told[-2]]
    (line,) = LINES.read(msgspec.msgpack.encode(told))
    assert line == replace(a_line(1), alive=Alive())
    assert line.alive.shown is Shown.UNKNOWN

    rows = msgspec.msgpack.decode(STAGED.write(staged(1)))
    rows[1] = [one[:-1] for one in rows[1]]
    (person,) = STAGED.read(msgspec.msgpack.encode(rows)).people
    assert person == replace(a_person(1), made=None)

    run = msgspec.json.decode(RUN.write(a_run()))
    del run["ledger"]
    assert RUN.read(msgspec.json.encode(run)).ledger.span is None
