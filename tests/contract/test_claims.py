"""The contract of the port `Claims`."""

import asyncio

import pytest

from shared.adapters.tables.claims import TableClaims
from shared.application.ports.cases import Claims
from tests.fakes.claims import FakeClaims


@pytest.fixture(params=["fake", "tables"])
def claims(request: pytest.FixtureRequest) -> Claims:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeClaims()
    return TableClaims(request.getfixturevalue("store"))


async def test_first_claim_is_fresh(claims: Claims) -> None:
    """Whoever comes first makes the claim, under a random case id of 128 bits."""
    claim = await claims.claim("contoso-hr/evt-1", "hash-1")
    assert claim.fresh
    assert len(claim.case_id) == 32
    assert claim.content_hash == "hash-1"


async def test_second_claim_learns_of_the_first(claims: Claims) -> None:
    """A repetition gets the first one's case and hash, whatever its own content."""
    first = await claims.claim("contoso-hr/evt-1", "hash-1")
    second = await claims.claim("contoso-hr/evt-1", "hash-2")
    assert not second.fresh
    assert (second.case_id, second.content_hash) == (first.case_id, "hash-1")


async def test_a_claim_may_lead_to_a_case_that_has_one(claims: Claims) -> None:
    """Several keys lead to one case; who claimed a key first still decides whose it is."""
    said = await claims.claim("statement", "hash")
    under = await claims.claim("evt-1", "hash-1", case_id=said.case_id)
    assert (under.fresh, under.case_id, under.content_hash) == (True, said.case_id, "hash-1")
    again = await claims.claim("evt-1", "hash-2", case_id=said.case_id)
    assert (again.fresh, again.case_id, again.content_hash) == (False, said.case_id, "hash-1")
    first = await claims.claim("evt-2", "hash")
    later = await claims.claim("evt-2", "hash", case_id=said.case_id)
    assert (later.fresh, later.case_id) == (False, first.case_id)


async def test_a_claim_is_found_without_one_being_made(claims: Claims) -> None:
    """Whoever only looks leaves the key to whoever comes."""
    assert await claims.find("evt-1") is None
    made = await claims.claim("evt-1", "hash-1")
    assert made.fresh
    found = await claims.find("evt-1")
    assert found is not None
    assert (found.case_id, found.content_hash, found.fresh) == (made.case_id, "hash-1", False)


async def test_keys_do_not_meet(claims: Claims) -> None:
    """Different keys are different requests, however alike or odd they are."""
    keys = ["a/b", "a\\b", "a#b", "a?b", "ab", "AB", "é", "e\u0301", "x" * 5000]
    made = [await claims.claim(key, "hash") for key in keys]
    assert all(claim.fresh for claim in made)
    assert len({claim.case_id for claim in made}) == len(keys)


async def test_of_many_at_once_one_is_first(claims: Claims) -> None:
    """Of fifty deliveries at once one makes the claim, and all get the same case."""
    made = await asyncio.gather(*(claims.claim("evt", "hash") for _ in range(50)))
    assert sum(claim.fresh for claim in made) == 1
    assert len({claim.case_id for claim in made}) == 1
