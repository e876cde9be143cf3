"""What becomes of a queue message that is no command."""

from shared.application.parking import redacted
from shared.contracts.commands import AdvanceCase, encode_command
from shared.domain.ids import CaseId
from shared.names import Queue
from tests.triggers.deployment import Deployment

PERSONAL = b'{"caseId":"robin@contoso.example","secret":"whsec_0123456789"}'


async def test_a_message_that_is_no_command_is_kept_before_it_is_settled() -> None:
    """It can be found with how often it was tried, and without what stood in it."""
    deployment = Deployment()
    await deployment.services.work_on_message(Queue.ONBOARDING, PERSONAL, 4)
    (kept,), _ = await deployment.parked.newest(None)
    assert (kept.reason, kept.attempts, kept.case_id) == ("malformed-message", 4, None)
    assert "robin" not in kept.message + kept.detail
    assert "whsec" not in kept.message + kept.detail


def test_a_command_is_kept_as_it_is() -> None:
    """It holds ids alone; anything else is kept as its length and its hash."""
    command = encode_command(AdvanceCase(case_id=CaseId("0" * 32), queue=Queue.ONBOARDING))
    assert redacted(command) == command.decode()
    assert redacted(PERSONAL).startswith(f"[redacted: {len(PERSONAL)} bytes")
