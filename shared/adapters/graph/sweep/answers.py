"""What Graph tells a sweep of people. What is not needed is passed over.

Read with msgspec, without what a garbage collector would look at; the SDK's own models cost 170
times as much.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from shared.adapters.graph.answers import Id

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Anything(msgspec.Struct, gc=False):
    """Something that counts, whatever it is."""


class PersonAnswer(msgspec.Struct, rename="camel", gc=False):
    """A person in the list of all."""

    id: Id
    odata_type: str | None = msgspec.field(name="@odata.type", default=None)
    user_principal_name: str | None = None
    display_name: str | None = None
    department: str | None = None
    account_enabled: bool | None = None
    user_type: str | None = None
    external_user_state: str | None = None
    employee_id: str | None = None
    employee_hire_date: Moment | None = None
    created_date_time: Moment | None = None
    assigned_licenses: list[Anything] | None = None
    per_user_mfa_state: str | None = None


class RegistrationAnswer(msgspec.Struct, rename="camel", gc=False):
    """A person in the registration report."""

    id: Id
    is_mfa_capable: bool | None = None
    is_sspr_registered: bool | None = None
    is_sspr_enabled: bool | None = None
    is_sspr_capable: bool | None = None
    methods_registered: list[str] | None = None


class MethodAnswer(msgspec.Struct, gc=False):
    """An authentication method in the live list."""

    id: Id
    odata_type: str = msgspec.field(name="@odata.type")
    aa_guid: str | None = msgspec.field(name="aaGuid", default=None)
    is_usable: bool | None = msgspec.field(name="isUsable", default=None)
