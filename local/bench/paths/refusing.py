"""People whom nobody may touch: the search that finds them is all that is sent."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

from local.bench.company import Company, Json
from local.bench.paths.path import Path
from local.bench.paths.requests import FIND

_SETTLED: Final = timedelta(minutes=1)


def _guest(company: Company) -> Json:
    guest = company.employ(userType="Guest")
    company.reaches(company.tell("joiner", guest), "refused")
    return guest


def _protected(company: Company) -> Json:
    # The last of all ids: whoever looks whether two protected accounts exist has found them before.
    person = company.employ(id=f"ffffffff-{uuid4().hex[:4]}-4000-8000-000000000000")
    entry = {"owner": "Identity team", "reason": "Break glass 3"}
    company.ask("Admin", "PUT", f"protected/{person['id']}", entry)
    company.later(_SETTLED)
    company.reaches(company.tell("joiner", person), "refused")
    return person


def _excluded(company: Company) -> Json:
    person = company.employ()
    ends = company.now() + timedelta(days=30)
    entry = {"owner": "Identity team", "reason": "A pilot", "expiresAt": ends.isoformat()}
    company.ask("Admin", "PUT", f"exclusions/{person['id']}", entry)
    company.later(_SETTLED)
    company.reaches(company.tell("joiner", person), "refused")
    return person


REFUSING: Final = (
    Path(name="guest, who is refused", walk=_guest, necessary=(FIND,)),
    Path(name="protected account, which is refused", walk=_protected, necessary=(FIND,)),
    Path(name="excluded person, who is refused", walk=_excluded, necessary=(FIND,)),
)
