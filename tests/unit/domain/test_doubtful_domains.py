"""Who does their MFA elsewhere, by the domain of their sign-in name."""

from datetime import UTC, datetime

import pytest

from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.people import People
from shared.domain.sweep.rows import PersonRow
from shared.domain.sweep.tenant import TenantReading

PERHAPS = Unknown("The provider does it where it likes.")


@pytest.mark.parametrize(
    ("domain", "elsewhere"),
    [("trusted.example", True), ("DOUBTFUL.example", PERHAPS), ("ours.example", False)],
)
def test_the_provider_of_a_domain_does_it_does_not_or_may(domain: str, elsewhere: object) -> None:
    """Where nobody can tell, nobody is called unregistered."""
    reading = TenantReading(
        settings=Settings(),
        trusted_domains=("trusted.example",),
        doubtful_domains={"doubtful.example": PERHAPS},
    )
    people = People(
        reading,
        (),
        (),
        unread=(),
        missing=Unknown("No row."),
        now=datetime(2026, 3, 2, tzinfo=UTC),
    )
    row = PersonRow(user_id=UserId("kim"), sign_in_name=f"kim@{domain}")
    assert people.person(row).elsewhere == elsewhere
