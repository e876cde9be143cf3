"""Who is alike is judged once; who differs in anything that matters is judged apart."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.ids import UserId
from shared.domain.posture.judging import Judge
from shared.domain.posture.means import Means
from tests.unit.domain.conditional_access.telling import told
from tests.unit.domain.posture.people import DIM, KIM, NOTHING, person, registered, tenant

SETTINGS = tenant(
    told(
        {
            "includeUsers": ["All"],
            "excludeUsers": ["Lee", "GuestsOrExternalUsers"],
            "excludeGroups": ["staff"],
            "excludeRoles": ["admin"],
        }
    )
)
ADMIN, STAFF = frozenset({"admin"}), frozenset({"staff"})


@pytest.mark.parametrize(
    "other",
    [
        {"belonging": replace(KIM, user_id=UserId("LEE"))},
        {"belonging": replace(KIM, groups=STAFF)},
        {"belonging": replace(KIM, unread_groups=STAFF)},
        {"belonging": replace(KIM, could_join=STAFF)},
        {"belonging": replace(KIM, unread_joins=STAFF)},
        {"belonging": replace(KIM, roles=ADMIN)},
        {"belonging": replace(KIM, could_hold=ADMIN)},
        {"belonging": replace(KIM, guest=GuestKind.DIRECT_CONNECT)},
        {"state": PerUserMfaState.ENFORCED},
        {"registration": NOTHING},
        {"registration": registered(Means.PASSKEY)},
        {"elsewhere": True},
        {"exempt": True},
        {"exempt": DIM},
        {"exempt": Unknown("Another cause.")},
        {"break_glass": True},
    ],
)
def test_who_differs_is_judged_apart(other: dict[str, Any]) -> None:
    """Whoever comes first: the second is judged by what they are themselves."""
    pair = [person(), person(**other)]
    for first, second in (pair, reversed(pair)):
        judge = Judge(SETTINGS)
        before = judge(first)
        assert before != judge(second)
        assert judge(second) == Judge(SETTINGS)(second)


def test_who_is_in_grace_is_judged_apart() -> None:
    """Of those who lack something, whoever may lack it for now is told so."""
    judge = Judge(SETTINGS)
    lacking = person(registration=NOTHING)
    assert judge(lacking) != judge(replace(lacking, in_grace=True))


def test_whose_exemption_is_overdue_is_judged_apart() -> None:
    """Of those who lack something, it is told beside that."""
    judge = Judge(SETTINGS)
    lacking = person(registration=NOTHING)
    assert judge(lacking) != judge(replace(lacking, overdue=True))


def test_who_is_alike_is_judged_once() -> None:
    """An id that no policy names is none that matters."""
    judge = Judge(SETTINGS)
    other = person(belonging=replace(KIM, user_id=UserId("max")))
    assert judge(person()) is judge(other)
