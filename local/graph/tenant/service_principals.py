"""Applications as objects of the directory."""

import uuid

NAMESPACE = uuid.UUID("6f4b4f0e-6c1d-4a53-9d55-0f9a3a7d2f11")


def service_principal_id(app_id: str) -> str:
    """The object id of an application's service principal: the `oid` of its tokens."""
    return str(uuid.uuid5(NAMESPACE, app_id))
