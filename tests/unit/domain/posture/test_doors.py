"""Whether old clients get in: with the password, and with an app password."""

from typing import Any, NamedTuple

import pytest

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.posture.judging import Door
from shared.domain.posture.tenant import Settings
from tests.unit.domain.conditional_access.telling import BLOCK, told
from tests.unit.domain.posture.people import DIM, judged, person, tenant

DISABLED, ENABLED, ENFORCED = PerUserMfaState
BLOCKED, OPEN, UNKNOWN = Door.BLOCKED, Door.OPEN, Door.UNKNOWN
OLD: dict[str, Any] = {"clientAppTypes": ["exchangeActiveSync", "other"]}
OUTSIDE = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
NEW = {"operator": "OR", "builtInControls": ["newControl"]}


class Row(NamedTuple):
    """A tenant, a per-user state, and the two doors."""

    why: str
    settings: Settings
    legacy: Door
    app_passwords: Door
    state: PerUserMfaState | Unknown = DISABLED


ROWS = [
    Row("nothing shuts them", tenant(), OPEN, OPEN),
    Row("a block of old clients", tenant(told(grant=BLOCK, **OLD)), BLOCKED, BLOCKED),
    Row("a block of everything", tenant(told(grant=BLOCK)), BLOCKED, BLOCKED),
    Row("MFA for all clients keeps the password out", tenant(told()), BLOCKED, OPEN),
    Row(
        "MFA for modern clients doesn't",
        tenant(told(clientAppTypes=["browser", "mobileAppsAndDesktopClients"])),
        OPEN,
        OPEN,
    ),
    Row(
        "a block of one of the two", tenant(told(grant=BLOCK, clientAppTypes=["other"])), OPEN, OPEN
    ),
    Row(
        "one each",
        tenant(
            told(grant=BLOCK, clientAppTypes=["other"]), told(clientAppTypes=["exchangeActiveSync"])
        ),
        BLOCKED,
        OPEN,
    ),
    Row(
        "a block for an application",
        tenant(told(grant=BLOCK, **OLD, applications={"includeApplications": ["app"]})),
        OPEN,
        OPEN,
    ),
    Row("security defaults shut both", tenant(defaults=True), BLOCKED, BLOCKED),
    Row("unless nobody knows of them", tenant(defaults=DIM), UNKNOWN, UNKNOWN),
    Row(
        "which does not matter beside a block",
        tenant(told(grant=BLOCK), defaults=DIM),
        BLOCKED,
        BLOCKED,
    ),
    Row("unread policies", Settings(policies=DIM), UNKNOWN, UNKNOWN),
    Row(
        "unread policies beside security defaults",
        Settings(policies=DIM, security_defaults=True),
        BLOCKED,
        BLOCKED,
    ),
    Row("a new control may shut both", tenant(told(grant=NEW)), UNKNOWN, UNKNOWN),
    Row(
        "a new control for modern clients shuts none",
        tenant(told(grant=NEW, clientAppTypes=["browser"])),
        OPEN,
        OPEN,
    ),
    Row("enforced takes app passwords alone", tenant(), BLOCKED, OPEN, ENFORCED),
    Row("enabled does not touch them", tenant(), OPEN, OPEN, ENABLED),
    Row("an unread state decides", tenant(), UNKNOWN, OPEN, DIM),
    Row(
        "an unread state decides nothing beside a block",
        tenant(told(grant=BLOCK)),
        BLOCKED,
        BLOCKED,
        DIM,
    ),
    Row("at trusted IPs the password is enough", tenant(trusted_ips=True), OPEN, OPEN, ENFORCED),
    Row(
        "a block but at trusted IPs, of which nobody has said anything",
        tenant(told(grant=BLOCK, **OLD, locations=OUTSIDE), trusted_ips=None),
        UNKNOWN,
        UNKNOWN,
    ),
    Row(
        "a block everywhere shuts both whatever they are",
        tenant(told(grant=BLOCK, **OLD), trusted_ips=None),
        BLOCKED,
        BLOCKED,
    ),
    Row("no block is none whatever they are", tenant(trusted_ips=None), OPEN, OPEN),
    Row(
        "the password is enough there, if there are any",
        tenant(trusted_ips=None),
        UNKNOWN,
        OPEN,
        ENFORCED,
    ),
    Row(
        "security defaults shut both there too",
        tenant(defaults=True, trusted_ips=None),
        BLOCKED,
        BLOCKED,
        ENFORCED,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_doors(row: Row) -> None:
    """MFA keeps the password out of old clients; only a block keeps app passwords out."""
    posture = judged(row.settings, person(row.state))
    assert (posture.legacy, posture.app_passwords) == (row.legacy, row.app_passwords)
