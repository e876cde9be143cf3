"""Groups and directory roles: the least that a member of one needs."""

import msgspec


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A security group with direct members (object ids)."""

    id: str
    display_name: str = msgspec.field(name="displayName")
    members: tuple[str, ...] = ()


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A directory role with its active, tenant-wide holders (object ids)."""

    id: str
    display_name: str = msgspec.field(name="displayName")
    members: tuple[str, ...] = ()
