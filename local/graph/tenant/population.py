"""A reproducible population: the same number and seed make the same people."""

import uuid
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from local.graph.tenant.mailboxes import Mailbox
from local.graph.tenant.methods import FACTS, Kind, Method, new_method
from local.graph.tenant.per_user_mfa import PerUserMfaState
from local.graph.tenant.person import Person, SignIns
from local.graph.tenant.times import graph_time

if TYPE_CHECKING:
    from local.graph.tenant.user_properties import PropertyValue

_GIVEN = ("Ada", "Bilal", "Chloe", "Dmitri", "Elif", "Farah", "Goran", "Hana", "Ivo", "Jun")
_FAMILY = ("Abbott", "Bauer", "Costa", "Dubois", "Eriksen", "Fujita", "Garcia", "Hansen")
_DEPARTMENTS = ("Engineering", "Finance", "Legal", "Operations", "People", "Sales")
_FIRST_HIRED = datetime(2015, 1, 5, 8, tzinfo=UTC)
_DAYS_OF_HIRING = 4000
_GUEST_SHARE = 0.05
_DISABLED_SHARE = 0.03
_STATES = (PerUserMfaState.DISABLED, PerUserMfaState.ENABLED, PerUserMfaState.ENFORCED)
_STATE_WEIGHTS = (3, 1, 6)
_REGISTERED_SHARE = 0.9
_KINDS = (
    (Kind.MICROSOFT_AUTHENTICATOR,),
    (Kind.MICROSOFT_AUTHENTICATOR, Kind.MOBILE),
    (Kind.MOBILE,),
    (Kind.SOFTWARE_OATH, Kind.EMAIL),
    (Kind.FIDO2, Kind.WINDOWS_HELLO),
)


def populate(count: int, seed: int) -> list[Person]:
    """Make people; their names, ids, states and methods depend on `seed` alone."""
    random = Random(seed)  # noqa: S311 - it makes test data
    return [_person(random, number) for number in range(1, count + 1)]


def _person(random: Random, number: int) -> Person:
    given, family = random.choice(_GIVEN), random.choice(_FAMILY)
    hired = _FIRST_HIRED + timedelta(days=random.randrange(_DAYS_OF_HIRING))
    guest = random.random() < _GUEST_SHARE
    local_part = f"{given}.{family}.{number}".lower()
    upn = (
        f"{local_part}_example.com#EXT#@contoso.example"
        if guest
        else f"{local_part}@contoso.example"
    )
    person_id = _id(random)
    hired_at = graph_time(hired)
    properties: dict[str, PropertyValue] = {
        "userPrincipalName": upn,
        "displayName": f"{given} {family}",
        "givenName": given,
        "surname": family,
        "mail": f"{local_part}@{'example.com' if guest else 'contoso.example'}",
        "mailNickname": local_part,
        "department": random.choice(_DEPARTMENTS),
        "accountEnabled": random.random() >= _DISABLED_SHARE,
        "userType": "Guest" if guest else "Member",
        "createdDateTime": hired_at,
        "signInSessionsValidFromDateTime": hired_at,
        "lastPasswordChangeDateTime": hired_at,
    }
    if not guest:
        properties["employeeId"] = f"E{number:06}"
        properties["employeeHireDate"] = hired_at
    state = random.choices(_STATES, _STATE_WEIGHTS)[0]
    methods = _methods(random, hired, registered=state is PerUserMfaState.ENFORCED)
    return Person(
        id=person_id,
        properties=properties,
        methods=methods,
        per_user_mfa_state=state,
        enabled_before=state is not PerUserMfaState.DISABLED,
        default_method=next((held.id for held in methods if FACTS[held.kind].preference), None),
        sign_ins=(SignIns(last=hired_at, successful=hired_at),) if methods[1:] else (),
        mailbox=None if guest else Mailbox(),
    )


def _methods(random: Random, hired: datetime, *, registered: bool) -> tuple[Method, ...]:
    """The password and, for most of those who are enforced, what they registered."""
    chosen = random.choice(_KINDS) if registered and random.random() < _REGISTERED_SHARE else ()
    password = new_method(Kind.PASSWORD, hired)
    return (password, *(new_method(kind, hired, _id(random)) for kind in chosen))


def _id(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))
