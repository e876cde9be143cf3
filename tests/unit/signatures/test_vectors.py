"""Signatures that others have made: taken from the vendors, or made by openssl from their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from shared.adapters.signatures.hmac_signature import HmacSignature
from shared.adapters.signatures.vendors import RECIPES
from shared.application.ports.sources import SchemeName
from shared.domain.errors.requests import InvalidSignature


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A request that a vendor has signed.

    Attributes:
        source: where it is from.
    """

    source: str
    scheme: SchemeName
    secret: str
    body: bytes
    headers: Mapping[str, str]
    at: datetime = datetime(2026, 1, 31, 18, 42, tzinfo=UTC)

    def verify(self, body: bytes | None = None) -> str:
        """Which secret it was signed with."""
        scheme = HmacSignature(RECIPES[self.scheme], {"1": self.secret}, lambda: self.at)
        return scheme.verify(self.body if body is None else body, self.headers).by


BAMBOOHR_BODY = (
    b'{"type":"employee.updated","timestamp":"2026-01-31T18:42:00+0000","data":'
    b'{"companyId":"12345","employeeId":"67890","changedFields":["firstName"]}}'
)
HIBOB_BODY = (
    b'{"companyId":636192,"type":"employee.created","triggeredBy":"123","triggeredAt":'
    b'"2025-01-08T13:06:26.915906","version":"v2","data":{"employeeId":"333"}}'
)
VECTORS = (
    Vector(
        source="docs.github.com, Validating webhook deliveries: testing the validation",
        scheme=SchemeName.HUB_SIGNATURE,
        secret="It's a Secret to Everybody",
        body=b"Hello, World!",
        headers={
            "x-hub-signature-256": (
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            ),
        },
    ),
    Vector(
        source="developer.atlassian.com, Jira Cloud webhooks: secure admin webhooks",
        scheme=SchemeName.HUB_SIGNATURE,
        secret="It's a Secret to Everybody",
        body=b"Hello World!",
        headers={
            "x-hub-signature": (
                "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
            ),
        },
    ),
    Vector(
        source="developer.zendesk.com, Verifying: its secret for tests; openssl",
        scheme=SchemeName.ZENDESK,
        secret="dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==",
        body=b'{"ticket_id":"35436"}',
        headers={
            "x-zendesk-webhook-signature": "X8nsXp/jF8yFWoalWJ8YhSJP6eT1KcsUKqPjccAYIZo=",
            "x-zendesk-webhook-signature-timestamp": "2021-03-25T05:09:27Z",
        },
        at=datetime(2021, 3, 25, 5, 9, 27, tzinfo=UTC),
    ),
    Vector(
        source="documentation.bamboohr.com, Webhooks and Event-Based Webhooks: its body; openssl",
        scheme=SchemeName.BAMBOOHR,
        secret="bamboo-private-key-for-tests",
        body=BAMBOOHR_BODY,
        headers={
            "x-bamboohr-signature": (
                "e53e789326302e30a6b65a753375156049256f0d34ee358d2bcfe7a60e7bbe16"
            ),
            "x-bamboohr-timestamp": "1769884920",
        },
    ),
    Vector(
        source="apidocs.hibob.com, Working with webhooks: its body; openssl",
        scheme=SchemeName.HIBOB,
        secret="bob-secret-for-tests",
        body=HIBOB_BODY,
        headers={
            "bob-signature": (
                "l1cG9xuX9jdgvx/ZDr/O/zZMlsiHDdLqwJlB4o3TOeWd9bJBtBfiHkOl5XD8q/tM"
                "OtinPdvHESGizD4T83asQA=="
            ),
        },
    ),
    Vector(
        source="developer.personio.de, Webhooks: its body; the signature by integrators; openssl",
        scheme=SchemeName.PERSONIO,
        secret="personio-secret-for-tests",
        body=(
            b'{"company_id":"1","event_name":"person.created","occurred_at":'
            b'"2026-01-31T18:42:00Z","payload":{},"meta":{}}'
        ),
        headers={
            "x-personio-signature": (
                "3c72297401a6825e1f38997ffee6748a54ac6de51ab2f4030f2e05c15c680920"
            ),
        },
    ),
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.source)
def test_what_the_vendor_signed_is_good(vector: Vector) -> None:
    """The signature of the vendor's own example fits, and no other body does."""
    assert vector.verify() == "secret 1"
    with pytest.raises(InvalidSignature):
        vector.verify(vector.body + b"\n")


def test_every_recipe_has_a_vector() -> None:
    """A scheme that nobody else has made a signature for is one that we have made up."""
    assert {vector.scheme for vector in VECTORS} == set(RECIPES)
