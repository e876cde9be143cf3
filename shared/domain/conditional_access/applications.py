"""To which applications a policy applies.

https://learn.microsoft.com/graph/api/resources/conditionalaccessapplications
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.conditional_access.policies import Clause
from shared.domain.conditional_access.said import Said, Unrecognised
from shared.domain.conditional_access.sign_ins import (
    A_CONTEXT,
    AN_APPLICATION,
    APPLICATION,
    JOINING,
    REGISTERING,
    TARGET,
    YES,
    Trait,
)

_ALL: Final = "all"
_NONE: Final = "none"
OFFICE: Final = "office365"
ADMIN_PORTALS: Final = "microsoftadminportals"
_SUITES: Final = frozenset({OFFICE, ADMIN_PORTALS})
_IN_AN_APPLICATION: Final = {"includeUserActions", "includeAuthenticationContextClassReferences"}
_PARTS: Final = {
    *("includeApplications", "excludeApplications", "applicationFilter"),
    *_IN_AN_APPLICATION,
}

IN_SUITES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "00000002-0000-0ff1-ce00-000000000000": OFFICE,  # Exchange Online
        "00000003-0000-0ff1-ce00-000000000000": OFFICE,  # SharePoint Online
        "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe": OFFICE,  # Microsoft Teams
    }
)
"""To which suite an application surely belongs:
https://learn.microsoft.com/entra/identity/conditional-access/reference-office-365-application-contents
"""


def read_applications(conditions: Said) -> Iterator[Clause]:
    """The conditions about applications.

    Raises:
        Unrecognised: what is said of them is not understood.
    """
    said = conditions.inner("applications", _PARTS)
    if said is None:
        raise Unrecognised
    actions = said.texts("includeUserActions")
    contexts = said.texts("includeAuthenticationContextClassReferences")
    if actions or contexts:
        # Graph lets no policy be about both these and applications.
        if not actions <= {REGISTERING, JOINING} or said.names - _IN_AN_APPLICATION:
            raise Unrecognised
        yield (Trait(TARGET, actions | ({A_CONTEXT} if contexts else set())),)
        return
    yield (Trait(TARGET, frozenset({AN_APPLICATION})),)
    included = said.texts("includeApplications")
    filtered, left_out = (*_filtered(said, "include"),), said.texts("excludeApplications")
    if _ALL in left_out or (_ALL in included and filtered) or not (included or filtered):
        raise Unrecognised
    if _ALL not in included:
        yield (*_among(included - {_NONE}), *filtered)
    excluded = (*_among(left_out), *_filtered(said, "exclude"))
    for trait in excluded:
        yield (trait.opposite,)


def suite_property(suite: str) -> str:
    """How the property of being an application of a suite is called."""
    return f"application of {suite}"


def _among(named: frozenset[str]) -> Iterator[Trait]:
    """One of these applications and suites."""
    if named - _SUITES:
        yield Trait(APPLICATION, named - _SUITES)
    for suite in sorted(named & _SUITES):
        yield Trait(suite_property(suite), YES)


def _filtered(said: Said, wanted: str) -> Iterator[Trait]:
    """One that a filter matches."""
    if said.get("applicationFilter") is None:
        return
    mode, rule = said.filter("applicationFilter")
    if mode == wanted:
        yield Trait(f"application filter {rule}", YES)
