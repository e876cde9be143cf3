"""How changes are written as bytes: what many have alike stands once in a row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from shared.adapters.tables.sweep.numbers import Numbers
from shared.adapters.tables.sweep.packing import Form
from shared.domain.ids import UserId
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause, Change


class _Sort(msgspec.Struct, array_like=True, frozen=True):
    """All of a change but whom it happened to."""

    at: datetime
    before: Verdict | None
    after: Verdict | None
    cause: Cause
    codes: tuple[ReasonCode, ...]
    known: Verdict | None = None
    privileged: bool = False


class _Change(msgspec.Struct, array_like=True, frozen=True, gc=False):
    user_id: UserId
    sort: int


class _Changes(msgspec.Struct, array_like=True, frozen=True):
    sorts: tuple[_Sort, ...]
    changes: list[_Change]


_DECODER: Final = msgspec.msgpack.Decoder(_Changes)


def _write(changes: Sequence[Change]) -> bytes:
    sorts: Numbers[_Sort] = Numbers()
    told = [_Change(one.user_id, sorts[_sort(one)]) for one in changes]
    return msgspec.msgpack.encode(_Changes(sorts=tuple(sorts), changes=told))


def _sort(one: Change) -> _Sort:
    return _Sort(one.at, one.before, one.after, one.cause, one.codes, one.known, one.privileged)


def _read(octets: bytes) -> tuple[Change, ...]:
    told = _DECODER.decode(octets)
    return tuple(_change(one, told.sorts[one.sort]) for one in told.changes)


def _change(one: _Change, sort: _Sort) -> Change:
    return Change(
        user_id=one.user_id,
        at=sort.at,
        before=sort.before,
        after=sort.after,
        cause=sort.cause,
        codes=sort.codes,
        known=sort.known,
        privileged=sort.privileged,
    )


CHANGES: Final[Form[Sequence[Change]]] = Form("changes-1", _write, _read)
