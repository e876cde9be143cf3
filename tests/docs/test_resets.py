"""What docs/resets.md tells of tickets and their scope is what the app does."""

import re

from shared.contracts.reset_ticket import decode_ticket
from shared.names import BROKER
from shared.settings import profiles
from tests.docs.reset_scope import table
from tests.docs.source_page import TICKETS

PAGE = TICKETS.text


def test_the_ticket_of_the_page_is_one() -> None:
    """Who copies it is understood."""
    shown = re.search(r"## The ticket\n\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert decode_ticket(shown[1].encode()).ticket_id == "INC-4711"


def test_what_is_removed_is_what_the_policy_removes() -> None:
    """Each type of method, by each reason."""
    assert f"|---|---|---|---|---|\n{table()}\n" in PAGE


def test_every_field_of_a_profile_is_told_of() -> None:
    """The page's tables have a line for each, and the broker's number is the broker's."""
    assert set(re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE)) >= profiles.FIELDS
    assert f"after {BROKER.max_delivery_count} deliveries" in PAGE
