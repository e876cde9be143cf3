"""The health of an app, as machines read it."""

from collections.abc import Mapping
from typing import Literal

import msgspec


class Health(msgspec.Struct, frozen=True):
    """Whether everything is there that the app needs.

    Attributes:
        status: `ok` if every check is.
        checks: each dependency: `ok`, or why not.
    """

    status: Literal["ok", "degraded"]
    checks: Mapping[str, str]
