"""The settings that the app gets in the local stack: the same names as in Azure, in one place."""

from collections.abc import Mapping, Sequence

import msgspec

from local.graph.identity import principal_ids
from local.stack.addresses import Addresses
from local.stack.keys import Keys
from shared.names import EVENTS_TOPIC, EVERY_NIGHT, Queue, Setting
from shared.settings import specifications

HR_SOURCE = "demo"
HR_SCHEME = "standard-webhooks"
TICKET_SOURCE = "desk"
"""It sends tickets as we write them, by the scheme of the HR source."""
_NO_SHARES = {
    specification.name: "1"
    for _, specification in specifications()
    if specification.name.endswith("_SHARE")
}
"""A tenant of a handful of people: a twentieth of it is nobody. The numbers hold as ever."""
_ALMOST_NEVER = "0 0 2 29 2 *"
"""On leap days: a sweep would take up whom another story is about."""
_PROFILE = {
    "scheme": HR_SCHEME,
    "types": ["joiner", "rehire", "leaver"],
    "preparation": ["email", "mobile"],
}


def host_environment(
    keys: Keys,
    addresses: Addresses,
    *,
    break_glass: Sequence[str],
    nightly: bool,
    further: Mapping[str, str],
) -> dict[str, str]:
    """The environment of the host.

    Args:
        keys: the stack's secrets.
        addresses: where the other parts are.
        break_glass: object ids of the accounts that are never changed.
        nightly: whether a sweep begins each night.
        further: settings that win over these.
    """
    return {
        Setting.SERVICE_BUS: addresses.service_bus,
        Setting.ONBOARDING_QUEUE: Queue.ONBOARDING,
        Setting.RESETS_QUEUE: Queue.RESETS,
        Setting.EXEMPTIONS_QUEUE: Queue.EXEMPTIONS,
        Setting.COMPLIANCE_QUEUE: Queue.COMPLIANCE,
        Setting.SWEEP_SCHEDULE: EVERY_NIGHT if nightly else _ALMOST_NEVER,
        Setting.EVENTS_TOPIC: EVENTS_TOPIC,
        "TABLES_CONNECTION_STRING": addresses.tables,
        "GRAPH_BASE_URL": addresses.graph,
        "IDENTITY_ENDPOINT": f"{addresses.graph}/msi/token",
        "IDENTITY_HEADER": keys.identity_header,
        "MFA_TENANT_ID": keys.tenant_id,
        "MFA_BREAK_GLASS_IDS": ",".join(break_glass),
        "MFA_IDENTITIES": ",".join(principal_ids()),
        f"HR_SOURCE_{HR_SOURCE.upper()}": msgspec.json.encode(_PROFILE).decode(),
        f"HR_SECRET_{HR_SOURCE.upper()}_1": keys.hr_secret,
        f"RESET_SOURCE_{TICKET_SOURCE.upper()}": "{}",
        f"RESET_SECRET_{TICKET_SOURCE.upper()}_1": keys.ticket_secret,
        "WEBSITE_HOSTNAME": addresses.host.removeprefix("http://"),
        "WEBSITE_AUTH_ENABLED": "True",
        **_NO_SHARES,
        **further,
    }
