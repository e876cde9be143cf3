"""What is left to do about a reset, in all of its ends."""

import pytest

from shared.domain.cases import ENDED, CaseState
from shared.domain.ids import CaseId
from shared.domain.reset.outcome import left_to_do
from shared.domain.reset.progress import Block
from tests.unit.domain.reset.decisions import a_reset

NOT_DONE = (ENDED | {CaseState.PARKED}) - {CaseState.COMPLETED, CaseState.ENDED}


@pytest.mark.parametrize("state", sorted(NOT_DONE))
@pytest.mark.parametrize("block", [Block.OURS, Block.MEANT])
def test_whoever_gives_up_tells_of_its_block(state: CaseState, block: Block) -> None:
    """Blocked, or perhaps: nobody lifts it any more. What another case goes on with, that tells."""
    assert "lift-block" in left_to_do(a_reset(state, block=block))
    joined = a_reset(state, block=block, joined=CaseId("another"))
    assert "lift-block" not in left_to_do(joined)


@pytest.mark.parametrize("block", [None, Block.LIFTED, Block.ELSEWHERE])
def test_no_block_of_ours_is_told_where_there_is_none(block: Block | None) -> None:
    """None, one that was lifted, and one of others."""
    assert "lift-block" not in left_to_do(a_reset(CaseState.REFUSED, block=block))
