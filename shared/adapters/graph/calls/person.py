"""One person, read live while somebody waits: at the usual priority."""

from dataclasses import replace
from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call
from shared.adapters.graph.calls.sweep import PEOPLE_WITHOUT_STATE
from shared.domain.sweep.pace import REPORTS

PERSON: Final = replace(
    PEOPLE_WITHOUT_STATE,
    operation="person.read",
    template="{+baseurl}/v1.0/users/{user}{?%24select}",
    top=None,
    headers=(),
)
REGISTRATION: Final = Call(
    operation="registration.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/reports/authenticationMethods/userRegistrationDetails/{user}",
    role="AuditLog.Read.All",
    success=frozenset({200}),
    limit=REPORTS,
)
