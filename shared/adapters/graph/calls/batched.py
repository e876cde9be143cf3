"""Reads that are asked of many things in one request.

https://learn.microsoft.com/graph/json-batching
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call, in_no_hurry
from shared.adapters.graph.calls.groups import READ_GROUP
from shared.adapters.graph.calls.methods import LIST_METHODS
from shared.adapters.graph.calls.people import READ_MFA_STATE

_BASE: Final = "{+baseurl}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batched:
    """A read of one thing, many of which travel together.

    Attributes:
        call: the read, as it stands by itself. What it selects travels along.
        version: of the API; a whole batch is of one.
        place: what in the call's template stands for the thing.
        role: the least application role that permits it.
    """

    call: Call
    version: str
    place: str
    role: str

    @property
    def carrier(self) -> Call:
        """The request that carries many of them. It asks only, though it is a POST."""
        return in_no_hurry(
            Call(
                operation=f"{self.call.operation}.batch",
                method=Method.POST,
                template=f"{_BASE}/{self.version}/%24batch",
                role=self.role,
                success=frozenset({200}),
            )
        )

    def address(self, thing: str) -> str:
        """Where one thing is read, relative to the version."""
        path = self.call.template.partition("{?")[0].removeprefix(f"{_BASE}/{self.version}")
        select = f"?$select={','.join(self.call.select)}" if self.call.select else ""
        return path.replace(f"{{{self.place}}}", quote(thing, safe="")) + select


STATES: Final = Batched(call=READ_MFA_STATE, version="beta", place="user", role="Policy.Read.All")
METHODS: Final = Batched(
    # Beta: v1.0 leaves hardware OATH tokens and QR codes out, and who has nothing else would look
    # unregistered.
    call=LIST_METHODS,
    version="beta",
    place="user",
    role="UserAuthenticationMethod.Read.All",
)
GROUPS: Final = Batched(call=READ_GROUP, version="v1.0", place="group", role="GroupMember.Read.All")
