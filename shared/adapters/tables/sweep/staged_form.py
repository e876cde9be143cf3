"""How staged rows are written as bytes: what many people have alike stands once in a chunk."""

from datetime import datetime
from typing import Final

import msgspec

from shared.adapters.tables.sweep.numbers import Numbers
from shared.adapters.tables.sweep.packing import Form
from shared.application.ports.runs import Staged
from shared.domain.authentication import PerUserMfaState
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.ids import GroupId, UserId
from shared.domain.posture.means import Means
from shared.domain.sweep.rows import Link, MemberRow, PersonRow, RegistrationRow


class _Sort(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What of a person's row many have alike."""

    department: str
    enabled: bool
    guest: GuestKind | None
    licensed: bool
    numbered: bool
    state: PerUserMfaState | None
    agent: bool


class _Person(msgspec.Struct, array_like=True, frozen=True, gc=False):
    user_id: UserId
    sign_in_name: str
    display_name: str
    since: datetime | None
    sort: int
    made: datetime | None = None
    """Not told in rows of versions that did not ask for it."""


class _Registered(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What of a registration many have alike."""

    means: frozenset[Means]
    capable: bool | None
    keys: frozenset[str] | None
    sspr_registered: bool
    sspr_enabled: bool
    sspr_capable: bool


class _Registration(msgspec.Struct, array_like=True, frozen=True, gc=False):
    user_id: UserId
    registered: int


class _Bond(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """To what many are bound alike."""

    group_id: GroupId
    link: Link


class _Member(msgspec.Struct, array_like=True, frozen=True, gc=False):
    user_id: UserId
    bond: int


class _Staged(msgspec.Struct, array_like=True, frozen=True):
    sorts: tuple[_Sort, ...]
    people: list[_Person]
    registered: tuple[_Registered, ...]
    registrations: list[_Registration]
    bonds: tuple[_Bond, ...]
    members: list[_Member]


_ENCODER: Final = msgspec.msgpack.Encoder(order="deterministic")
_DECODER: Final = msgspec.msgpack.Decoder(_Staged)


def _write(staged: Staged) -> bytes:
    sorts: Numbers[_Sort] = Numbers()
    registered: Numbers[_Registered] = Numbers()
    bonds: Numbers[_Bond] = Numbers()
    people = [_person(row, sorts) for row in staged.people]
    registrations = [_registration(row, registered) for row in staged.registrations]
    members = [_Member(row.user_id, bonds[_Bond(row.group_id, row.link)]) for row in staged.members]
    return _ENCODER.encode(
        _Staged(
            sorts=tuple(sorts),
            people=people,
            registered=tuple(registered),
            registrations=registrations,
            bonds=tuple(bonds),
            members=members,
        )
    )


def _person(row: PersonRow, sorts: Numbers[_Sort]) -> _Person:
    sort = _Sort(
        row.department,
        row.enabled,
        row.guest,
        row.licensed,
        row.numbered,
        row.state,
        row.agent,
    )
    return _Person(
        row.user_id, row.sign_in_name, row.display_name, row.since, sorts[sort], row.made
    )


def _registration(row: RegistrationRow, registered: Numbers[_Registered]) -> _Registration:
    alike = _Registered(
        row.means,
        row.capable,
        row.keys,
        row.sspr_registered,
        row.sspr_enabled,
        row.sspr_capable,
    )
    return _Registration(row.user_id, registered[alike])


def _read(octets: bytes) -> Staged:
    told = _DECODER.decode(octets)
    return Staged(
        people=tuple(_person_row(one, told.sorts[one.sort]) for one in told.people),
        registrations=tuple(
            _registration_row(one, told.registered[one.registered]) for one in told.registrations
        ),
        members=tuple(_member_row(one, told.bonds[one.bond]) for one in told.members),
    )


def _person_row(one: _Person, sort: _Sort) -> PersonRow:
    return PersonRow(
        user_id=one.user_id,
        sign_in_name=one.sign_in_name,
        display_name=one.display_name,
        department=sort.department,
        enabled=sort.enabled,
        guest=sort.guest,
        licensed=sort.licensed,
        numbered=sort.numbered,
        since=one.since,
        made=one.made,
        state=sort.state,
        agent=sort.agent,
    )


def _registration_row(one: _Registration, alike: _Registered) -> RegistrationRow:
    return RegistrationRow(
        user_id=one.user_id,
        means=alike.means,
        capable=alike.capable,
        keys=alike.keys,
        sspr_registered=alike.sspr_registered,
        sspr_enabled=alike.sspr_enabled,
        sspr_capable=alike.sspr_capable,
    )


def _member_row(one: _Member, bond: _Bond) -> MemberRow:
    return MemberRow(bond.group_id, one.user_id, bond.link)


STAGED: Final = Form("staged-1", _write, _read)
