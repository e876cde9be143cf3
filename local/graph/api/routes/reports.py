"""Reports."""

from local.graph.api import permissions as may
from local.graph.api import registration_details
from local.graph.api.routing import Area, Route

_REGISTRATIONS = "/reports/authenticationMethods/userRegistrationDetails"

ROUTES = (
    Route(
        "GET",
        _REGISTRATIONS,
        registration_details.list_details,
        may.REGISTRATIONS_READ,
        Area.REPORTS,
    ),
    Route(
        "GET",
        f"{_REGISTRATIONS}/{{user}}",
        registration_details.get_details,
        may.REGISTRATIONS_READ,
        Area.REPORTS,
    ),
)
