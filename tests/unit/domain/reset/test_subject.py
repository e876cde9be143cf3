"""Whom the lease on a reset is on."""

from dataclasses import replace

from shared.domain.ids import UserId, UserPrincipalName
from tests.unit.domain.reset.decisions import a_reset, a_reset_plan

PERSON = UserId("aaaaaaaa-0000-0000-0000-000000000001")
NAME = UserPrincipalName("robin@contoso.example")


def test_who_is_named_by_object_id_is_held_at_once() -> None:
    """The ticket can be about nobody else, so the lease stays the same once they are found."""
    plan = replace(a_reset_plan(), user_id=PERSON, user_principal_name=None)
    case = replace(a_reset(), plan=plan, user_id=None)
    assert case.subject == PERSON
    assert replace(case, user_id=PERSON).subject == PERSON


def test_who_is_named_by_sign_in_name_is_held_once_found() -> None:
    """A sign-in name changes hands: until the directory has told whose it is, the case is held."""
    plan = replace(a_reset_plan(), user_id=None, user_principal_name=NAME)
    case = replace(a_reset(), plan=plan, user_id=None)
    assert case.subject == case.case_id
    assert replace(case, user_id=PERSON).subject == PERSON
