"""Tickets as the ticketing system writes them, for its webhook and for the queue alike."""

from uuid import uuid4

from local.bench.company import Json


def ticket(person: Json, *, verified: bool = True, **fields: object) -> Json:
    """A ticket about a device that somebody has lost, of an id of its own.

    Args:
        person: whose device it is.
        verified: whether it tells who verified the caller; one that does not is refused.
        fields: what else it says.
    """
    proof = {"by": "agent-7", "method": "callback"}
    return {
        "ticketId": f"INC-{uuid4().hex[:12]}",
        "userId": person["id"],
        "reason": "lost",
        "requestedBy": "service-desk",
        **({"verification": proof} if verified else {}),
        **fields,
    }
