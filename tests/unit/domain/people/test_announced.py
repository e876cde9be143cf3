"""Which of the cases that HR told about somebody may be about a person of the directory."""

from dataclasses import replace

import pytest

from shared.domain.cases import CaseState
from shared.domain.ids import EmployeeId, UserId, UserPrincipalName
from shared.domain.people.announced import listed_as, may_mean, words_for
from tests.builders import (
    SIGN_IN_NAME,
    USER_ID,
    a_case,
    a_plan,
    an_account,
    an_exemption_plan,
    pinned,
)
from tests.unit.domain.reset.decisions import a_reset_plan

NAME, NUMBER = f"name:{SIGN_IN_NAME.casefold()}", "employee:e-1"


def test_a_case_is_listed_under_all_words_until_its_person_is_known() -> None:
    """From then on it is found by object id, and by the word that counts most."""
    told = a_case(plan=a_plan(employee_id="E-1"))
    assert set(listed_as(told)) == {NAME, NUMBER}
    assert listed_as(pinned(told)) == (NUMBER,)
    assert listed_as(a_case()) == listed_as(pinned(a_case())) == (NAME,)


def test_what_hr_has_no_part_in_is_listed_under_no_word() -> None:
    """A ticket's name is not HR's, nor is an exemption's."""
    assert listed_as(a_case(plan=a_reset_plan())) == ()
    assert listed_as(a_case(plan=an_exemption_plan())) == ()


def test_hr_may_call_somebody_by_the_name_and_the_number_of_their_account() -> None:
    """In small letters; who bears no number is called by name."""
    account = replace(an_account(), name=UserPrincipalName(SIGN_IN_NAME.upper()))
    assert words_for(account) == (NAME,)
    assert words_for(replace(account, employee_id=EmployeeId("E-1"))) == (NUMBER, NAME)
    assert words_for(an_account()) == ()


@pytest.mark.parametrize(
    ("told", "borne", "expected"),
    [
        ("E-1", "E-1", True),
        ("E-1", "e-1", True),
        ("E-1", None, True),
        (None, "E-1", True),
        ("E-1", "E-2", False),
    ],
)
def test_a_number_of_another_speaks_against_it(
    told: str | None, borne: str | None, *, expected: bool
) -> None:
    """A name changes hands, a number does not; a missing one says nothing."""
    case = a_case(plan=a_plan(employee_id=told))
    assert may_mean(case, an_account(employee_id=borne)) is expected


@pytest.mark.parametrize("state", CaseState)
def test_who_was_sought_in_vain_bore_the_name_before(state: CaseState) -> None:
    """A case that is done and has found nobody was about an account that is gone."""
    expected = state is not CaseState.COMPLETED
    assert may_mean(replace(a_case(state), user_id=None), an_account()) is expected


def test_what_has_found_somebody_is_about_them_alone() -> None:
    """Whatever they are called today."""
    assert may_mean(a_case(CaseState.COMPLETED, user_id=USER_ID), an_account())
    assert not may_mean(a_case(user_id=UserId("another")), an_account())
