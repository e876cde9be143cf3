"""What a policy is about: applications, user actions, authentication contexts.

Source: https://learn.microsoft.com/graph/api/resources/conditionalaccessapplications and
https://learn.microsoft.com/entra/identity/conditional-access/concept-filter-for-applications
"""

import re
from typing import Literal

import msgspec

from local.graph.api.policy_schema.model import (
    Filter,
    InvalidPolicyError,
    Model,
    UnmodelledPolicyError,
    check_known,
    is_guid,
)

_ALONE = frozenset({"All", "None"})
_SUITES = frozenset({"Office365", "MicrosoftAdminPortals"})
_CONTEXT = re.compile(r"c[1-9][0-9]?")
REGISTER_DEVICE = "urn:user:registerdevice"


class Applications(Model, frozen=True):
    """Which applications, user actions or contexts a policy covers."""

    include_applications: tuple[str, ...] = ()
    exclude_applications: tuple[str, ...] = ()
    include_user_actions: tuple[
        Literal["urn:user:registersecurityinfo", "urn:user:registerdevice"], ...
    ] = ()
    include_authentication_context_class_references: tuple[str, ...] = ()
    application_filter: Filter | None = None


def checked_applications(given: Applications) -> Applications:
    """What a policy is about, as the service stores it.

    Raises:
        InvalidPolicyError: it is about nothing, or about things of several sorts.
        UnmodelledPolicyError: it includes by a filter beside `All` or `None`.
    """
    chosen = given.application_filter
    included_by_filter = chosen is not None and chosen.mode == "include"
    sorts = (
        bool(given.include_applications) or included_by_filter,
        bool(given.include_user_actions),
        bool(given.include_authentication_context_class_references),
    )
    if sum(sorts) != 1:
        raise InvalidPolicyError(
            "1011: The policy must include applications, user actions or authentication contexts,"
            " and no two of them."
        )
    alone = _ALONE & set(given.include_applications)
    if alone and len(given.include_applications) > 1:
        raise InvalidPolicyError("1011: 'All' and 'None' stand alone among the applications.")
    if alone and included_by_filter:
        raise UnmodelledPolicyError("an including filter for applications beside 'All' or 'None'")
    check_known(given.include_applications, _ALONE | _SUITES, is_guid, "application")
    check_known(given.exclude_applications, _SUITES, is_guid, "application")
    for context in given.include_authentication_context_class_references:
        if not _CONTEXT.fullmatch(context):
            raise InvalidPolicyError(f"1011: '{context}' is no authentication context.")
    return msgspec.structs.replace(
        given,
        include_applications=_folded(given.include_applications),
        exclude_applications=_folded(given.exclude_applications),
    )


def _folded(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.casefold() if is_guid(value) else value for value in values)
