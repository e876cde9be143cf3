"""The account that is found is the person's, or the reason why not is told (safety rule S9)."""

from dataclasses import replace

import pytest

from shared.application.identifying import Identify
from shared.domain.accounts import Account, NoAccount
from shared.domain.errors.directory import StateUnknown
from shared.domain.errors.people import IdentityMismatch
from shared.domain.ids import EmployeeId, UserId, UserPrincipalName
from shared.domain.plans import LeaverPlan, OnboardingPlan, ResetPlan
from tests.builders import NOW, a_case, a_plan
from tests.fakes.directory import FakeDirectory
from tests.unit.domain.reset.decisions import a_reset_plan

NAME = "robin@contoso.example"


async def found(
    directory: FakeDirectory, *, name: str | None = NAME, employee: str | None = "E1"
) -> UserId | type:
    """Whom an event with this name and number leads to."""
    named = None if name is None else UserPrincipalName(name)
    plan = replace(a_plan(employee_id=employee), user_principal_name=named)
    answer = await Identify(directory, directory)(a_case(plan=plan))
    return answer.user_id if isinstance(answer, Account) else type(answer)


@pytest.mark.parametrize("name", [NAME, None, "before.the.wedding@contoso.example"])
async def test_the_number_finds_the_person_whatever_the_name(name: str | None) -> None:
    """With the name, without one, and under a name that nobody bears any more."""
    directory = FakeDirectory()
    robin = directory.add(NAME, employee_id="E1")
    assert await found(directory, name=name) == robin


class CountingDirectory(FakeDirectory):
    """A directory that counts how often one account was looked up."""

    looks = 0

    async def find_account(self, who: UserId | UserPrincipalName) -> Account | NoAccount:
        """The account, and one look more."""
        self.looks += 1
        return await super().find_account(who)


@pytest.mark.parametrize(
    ("name", "looks"), [(NAME, 0), (NAME.upper(), 0), ("maiden@contoso.example", 1), (None, 0)]
)
async def test_a_name_that_the_found_account_bears_is_not_looked_up(
    name: str | None, looks: int
) -> None:
    """A sign-in name is one account's alone: only another one may lead to somebody else."""
    directory = CountingDirectory()
    robin = directory.add(NAME, employee_id="E1")
    plan = replace(
        a_plan(employee_id="E1"),
        user_principal_name=None if name is None else UserPrincipalName(name),
    )
    answer = await Identify(directory, directory)(a_case(plan=plan))
    assert isinstance(answer, Account)
    assert (answer.user_id, directory.looks) == (robin, looks)


async def test_a_name_that_went_to_somebody_else_is_a_mismatch() -> None:
    """The number is Robin's and the name is Kim's by now: neither of them is touched."""
    directory = FakeDirectory()
    directory.add("robin.new@contoso.example", employee_id="E1")
    directory.add(NAME, employee_id="E2")
    assert await found(directory) is IdentityMismatch


async def test_a_name_of_another_employee_is_a_mismatch() -> None:
    """Nobody bears the number, and who bears the name has another one."""
    directory = FakeDirectory()
    directory.add(NAME, employee_id="E2")
    assert await found(directory) is IdentityMismatch


async def test_a_number_of_two_is_a_mismatch() -> None:
    """Of two accounts with the same number nobody can say whose it is."""
    directory = FakeDirectory()
    directory.add(NAME, employee_id="E1")
    directory.add("robin2@contoso.example", employee_id="E1")
    assert await found(directory) is IdentityMismatch
    assert await found(directory, name=None) is IdentityMismatch


async def test_an_account_without_a_number_is_handed_back() -> None:
    """The policy waits for its number."""
    directory = FakeDirectory()
    robin = directory.add(NAME)
    assert await found(directory) == robin


@pytest.mark.parametrize(("name", "employee"), [(NAME, None), (NAME, "E1"), (None, "E1")])
async def test_nobody_is_nobody(name: str | None, employee: str | None) -> None:
    """An account that is not there yet is waited for."""
    assert await found(FakeDirectory(), name=name, employee=employee) is NoAccount


async def test_without_a_number_the_name_decides() -> None:
    """There is nothing to compare."""
    directory = FakeDirectory()
    robin = directory.add(NAME, employee_id="E7")
    assert await found(directory, employee=None) == robin


JOINER = a_plan(employee_id="E1")
LEAVER = LeaverPlan(
    user_principal_name=None,
    employee_id=EmployeeId("E1"),
    effective_at=NOW,
    occurred_at=NOW,
)
MADE_UP = UserPrincipalName("nobody@agency.example")


@pytest.mark.parametrize(
    "plan",
    [
        replace(JOINER, user_principal_name=None),
        replace(JOINER, user_principal_name=MADE_UP),
        replace(JOINER, user_principal_name=None, rehire=True),
        LEAVER,
        replace(LEAVER, user_principal_name=MADE_UP),
        replace(LEAVER, employee_id=None, user_principal_name=UserPrincipalName(NAME)),
        replace(a_reset_plan(), user_principal_name=UserPrincipalName(NAME)),
    ],
    ids=lambda plan: plan.kind,
)
async def test_a_source_reaches_no_account_outside_of_its_domains(
    plan: OnboardingPlan | LeaverPlan | ResetPlan,
) -> None:
    """It is the account that has to be inside: a number alone, or a made-up name, leads nowhere."""
    directory = FakeDirectory()
    robin = directory.add(NAME, employee_id="E1")
    plan = replace(plan, domains=("agency.example",))
    case = a_case(plan=plan)
    identify = Identify(directory, directory)
    assert isinstance(await identify(case), IdentityMismatch)
    at_home = replace(plan, domains=("agency.example", "contoso.example"))
    answer = await identify(replace(case, plan=at_home))
    assert isinstance(answer, Account)
    assert answer.user_id == robin
    # From the first find on it is that person's case, whatever they are called by now.
    assert isinstance(await identify(replace(case, user_id=robin)), Account)


@pytest.mark.parametrize("name", ["Robin@AGENCY.example", "robin@agency.example"])
async def test_the_case_of_a_domain_does_not_count(name: str) -> None:
    """Graph shows names as they were written."""
    directory = FakeDirectory()
    robin = directory.add(name, employee_id="E1")
    plan = replace(a_plan(employee_id="E1"), domains=("agency.example",))
    answer = await Identify(directory, directory)(a_case(plan=plan))
    assert isinstance(answer, Account)
    assert answer.user_id == robin


@pytest.mark.parametrize("name", ["robin@sub.agency.example", "robin@agency.example.evil.example"])
async def test_another_domain_is_another_domain(name: str) -> None:
    """Neither one below nor one that begins alike."""
    directory = FakeDirectory()
    directory.add(name, employee_id="E1")
    plan = replace(a_plan(employee_id="E1"), domains=("agency.example",))
    assert isinstance(await Identify(directory, directory)(a_case(plan=plan)), IdentityMismatch)


async def test_who_was_pinned_stays() -> None:
    """From the first find on the object id decides, whatever name and number say later."""
    directory = FakeDirectory()
    robin = directory.add("renamed@contoso.example", employee_id="E9")
    directory.add(NAME, employee_id="E1")
    case = replace(a_case(plan=a_plan(employee_id="E1")), user_id=robin)
    answer = await Identify(directory, directory)(case)
    assert isinstance(answer, Account)
    assert (answer.user_id, answer.employee_id) == (robin, EmployeeId("E9"))


class LateSearch:
    """A search that does not know any number yet."""

    async def accounts_of(self, employee: EmployeeId) -> tuple[Account, ...]:
        """Nobody, so far."""
        del employee
        return ()


@pytest.mark.parametrize("number", ["E1", "e1"])
async def test_a_number_that_is_written_otherwise_is_the_same(number: str) -> None:
    """Whether the search knows it yet or not, it is nobody else's."""
    directory = FakeDirectory()
    robin = directory.add(NAME, employee_id=number)
    assert await found(directory) == robin
    plan = replace(a_plan(employee_id="E1"), user_principal_name=UserPrincipalName(NAME))
    with pytest.raises(StateUnknown):
        await Identify(directory, LateSearch())(a_case(plan=plan))


async def test_a_search_that_lags_is_no_answer() -> None:
    """The account is there under its name with the number, so "not there" would be a lie."""
    directory = FakeDirectory()
    directory.add(NAME, employee_id="E1")
    plan = replace(a_plan(employee_id="E1"), user_principal_name=UserPrincipalName(NAME))
    with pytest.raises(StateUnknown):
        await Identify(directory, LateSearch())(a_case(plan=plan))
