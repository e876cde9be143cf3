"""A reproducible population: the same number and seed make the same people."""

import uuid
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from local.graph.tenant.mailboxes import Mailbox
from local.graph.tenant.methods import FACTS
from local.graph.tenant.organization import OFFICE, OFFICE_FOR_FRONT_LINES, Sku
from local.graph.tenant.per_user_mfa import PerUserMfaState
from local.graph.tenant.person import Person, SignIns
from local.graph.tenant.population_methods import methods_of
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
_GUEST_FIELDS: dict[bool, dict[str, "PropertyValue"]] = {
    True: {"creationType": "Invitation", "externalUserState": "Accepted"},
    False: {},
}
_STATES = (PerUserMfaState.DISABLED, PerUserMfaState.ENABLED, PerUserMfaState.ENFORCED)
_STATE_WEIGHTS = (3, 1, 6)
_SHARE_OF_MAILBOXES = 0.5
"""Of the disabled accounts; these are rooms' and teams', not people's."""
_NEWCOMER_SHARE = 0.01
_NEWCOMERS_SINCE, _NEWCOMERS_UNTIL = -14, 7
_UNLICENSED_SHARE = 0.02
_FRONT_LINE_SHARE = 0.15


def populate(count: int, seed: int, today: datetime | None = None) -> list[Person]:
    """Make people; their names, ids, states and methods depend on `seed` alone.

    Args:
        today: some were hired in the two weeks before, or will be in the week after; left out,
            nobody was.
    """
    random = Random(seed)  # noqa: S311 - it makes test data
    return [_person(random, number, today) for number in range(1, count + 1)]


def _person(random: Random, number: int, today: datetime | None) -> Person:
    given, family = random.choice(_GIVEN), random.choice(_FAMILY)
    created, hired = _dates(random, today)
    guest = random.random() < _GUEST_SHARE
    enabled = random.random() >= _DISABLED_SHARE
    mailbox_alone = random.random() < _SHARE_OF_MAILBOXES and not enabled and not guest
    local_part = f"{given}.{family}.{number}".lower()
    created_at = graph_time(created)
    properties: dict[str, PropertyValue] = {
        "userPrincipalName": (
            f"{local_part}_example.com#EXT#@contoso.example"
            if guest
            else f"{local_part}@contoso.example"
        ),
        "displayName": f"{given} {family}",
        "givenName": given,
        "surname": family,
        "mail": f"{local_part}@{'example.com' if guest else 'contoso.example'}",
        "mailNickname": local_part,
        "department": random.choice(_DEPARTMENTS),
        "accountEnabled": enabled,
        "userType": "Guest" if guest else "Member",
        "createdDateTime": created_at,
        "signInSessionsValidFromDateTime": created_at,
        "lastPasswordChangeDateTime": created_at,
        **_GUEST_FIELDS[guest],
    }
    licence = _licence(random)
    if not guest and not mailbox_alone:
        properties["employeeId"] = f"E{number:06}"
        properties["employeeHireDate"] = graph_time(hired)
        if licence is not None:
            properties["assignedLicenses"] = [{"skuId": licence.sku_id, "disabledPlans": []}]
    state = random.choices(_STATES, _STATE_WEIGHTS)[0]
    person_id = _id(random)
    methods = methods_of(random, state, created, lambda: _id(random))
    if mailbox_alone:
        state, methods = PerUserMfaState.DISABLED, methods[:1]
    return Person(
        id=person_id,
        properties=properties,
        methods=methods,
        per_user_mfa_state=state,
        enabled_before=state is not PerUserMfaState.DISABLED,
        default_method=next((held.id for held in methods if FACTS[held.kind].preference), None),
        sign_ins=(SignIns(last=created_at, successful=created_at),) if methods[1:] else (),
        mailbox=None if guest else Mailbox(),
    )


def _dates(random: Random, today: datetime | None) -> tuple[datetime, datetime]:
    """When the account was made, and when its person was hired."""
    long_ago = _FIRST_HIRED + timedelta(days=random.randrange(_DAYS_OF_HIRING))
    is_new = random.random() < _NEWCOMER_SHARE
    days = random.randint(_NEWCOMERS_SINCE, _NEWCOMERS_UNTIL)
    if not is_new or today is None:
        return long_ago, long_ago
    hired = today.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return min(hired, today) - timedelta(days=1), hired


def _licence(random: Random) -> Sku | None:
    drawn = random.random()
    if drawn < _UNLICENSED_SHARE:
        return None
    return OFFICE_FOR_FRONT_LINES if drawn < _UNLICENSED_SHARE + _FRONT_LINE_SHARE else OFFICE


def _id(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))
