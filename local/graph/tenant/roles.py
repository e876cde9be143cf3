"""Directory roles: who holds them, and who could."""

import uuid

import msgspec

_NAMESPACE = uuid.UUID("0d1c1d6e-8a8e-4f0b-8d5e-2a6f1d1c9b55")

PRIVILEGED_TEMPLATES = frozenset(
    {
        "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
        "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role Administrator
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",  # Privileged Authentication Administrator
        "c4e39bd9-1100-46d3-8c65-fb160da0071f",  # Authentication Administrator
        "194ae4cb-b126-40b2-bd5b-6091b380977d",  # Security Administrator
        "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",  # Conditional Access Administrator
        "fe930be7-5e62-47db-91af-98c3a49a38b1",  # User Administrator
        "729827e3-9c14-49f7-bb1b-9608f156bbb8",  # Helpdesk Administrator
        "966707d0-3269-4727-9be2-8c3a10f19b9d",  # Password Administrator
        "3a2c62db-5318-420d-8d74-23affee5d9d5",  # Intune Administrator
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
        "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
        "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2",  # Hybrid Identity Administrator
    }
)


class Role(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A directory role with its tenant-wide holders: people and role-assignable groups.

    Attributes:
        id: the id of its definition; of a built-in role, also of its template.
        created: RFC 3339.
        members: who holds it now (object ids).
        eligible_members: who can activate it through PIM (object ids).
        is_built_in: Entra ID brings it; a custom role is no `directoryRole`.
    """

    id: str
    display_name: str
    created: str
    members: tuple[str, ...] = ()
    eligible_members: tuple[str, ...] = ()
    is_built_in: bool = True

    @property
    def instance_id(self) -> str:
        """The id of the activated `directoryRole`, which is not the id of the template."""
        return str(uuid.uuid5(_NAMESPACE, self.id))

    @property
    def is_privileged(self) -> bool:
        """Beta's `isPrivileged`."""
        return self.id in PRIVILEGED_TEMPLATES

    def assignment_id(self, principal_id: str) -> str:
        """The id of the assignment, the same on every read."""
        return uuid.uuid5(uuid.UUID(self.instance_id), principal_id).hex


def merged(old: Role, new: Role) -> Role:
    """A role with the holders of both; everything else is the new one's."""
    return msgspec.structs.replace(
        new,
        created=old.created,
        members=tuple(dict.fromkeys((*old.members, *new.members))),
        eligible_members=tuple(dict.fromkeys((*old.eligible_members, *new.eligible_members))),
    )
