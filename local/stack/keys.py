"""The stack's secrets: random, made once per stack, kept from run to run."""

import base64
import secrets
import uuid
from pathlib import Path

import msgspec

from local.stack.layout import write_private

ROLES = ("Reader", "Helpdesk", "Approver", "Admin", "Admin2")
"""The people of the stack. `Admin2` is a second holder of the role Admin: some things need two."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is signed in, by the bearer token."""

    object_id: str
    token: str


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to be secret, and what has to stay the same."""

    tenant_id: str
    function_key: str
    master_key: str
    service_bus_key: str
    storage_key: str
    identity_header: str
    hr_secret: str
    ticket_secret: str
    people: dict[str, Person]


def load_keys(path: Path) -> Keys:
    """The keys in the file, made where it is missing.

    Raises:
        msgspec.DecodeError: the file is not one of ours.
    """
    if not path.is_file():
        write_private(path, msgspec.json.format(msgspec.json.encode(_new_keys())))
    return msgspec.json.decode(path.read_bytes(), type=Keys)


def _new_keys() -> Keys:
    return Keys(
        tenant_id=str(uuid.uuid4()),
        function_key=secrets.token_urlsafe(40),
        master_key=secrets.token_urlsafe(40),
        service_bus_key=_random_base64(32),
        storage_key=_random_base64(64),
        identity_header=secrets.token_hex(16),
        hr_secret=f"whsec_{_random_base64(24)}",
        ticket_secret=f"whsec_{_random_base64(24)}",
        people={
            role: Person(object_id=str(uuid.uuid4()), token=secrets.token_urlsafe(32))
            for role in ROLES
        },
    )


def _random_base64(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode()
