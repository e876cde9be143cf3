"""Self-service password reset in the report: enabled, registered, capable."""

import httpx
import pytest

from tests.local.graph.test_registration_report import row_of
from tests.stands.graph import GraphControl


def _sspr(control: GraphControl, graph: httpx.Client, user: str) -> tuple[bool, bool, bool]:
    row = row_of(control, graph, user)
    return row["isSsprEnabled"], row["isSsprRegistered"], row["isSsprCapable"]


def test_nobody_is_enabled_at_first(control: GraphControl, graph: httpx.Client) -> None:
    """A new tenant lets nobody reset the password, however much they registered."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    assert _sspr(control, graph, user) == (False, True, False)


def test_one_group_can_be_enabled(control: GraphControl, graph: httpx.Client) -> None:
    """Members of the chosen group are enabled, those of its groups too; nobody else is."""
    inner, outer, other = (control.create_user()["id"] for _ in range(3))
    nested = control.do("POST", "groups", {"displayName": "Inner", "members": [inner]})["id"]
    group = control.do("POST", "groups", {"displayName": "Outer", "members": [nested, outer]})
    control.do("POST", "switches", {"ssprEnabledFor": group["id"]})
    enabled = [_sspr(control, graph, user)[0] for user in (inner, outer, other)]
    assert enabled == [True, True, False]


@pytest.mark.parametrize(
    ("needed", "methods", "registered"),
    [
        (1, (), False),
        (1, ("fido2", "windowsHelloForBusiness"), False),
        (1, ("email",), True),
        (2, ("mobile",), False),
        (2, ("mobile", "office"), False),
        (2, ("microsoftAuthenticator", "softwareOath"), False),
        (2, ("mobile", "email"), True),
    ],
)
def test_registered_takes_as_many_methods_as_the_tenant_wants(
    control: GraphControl,
    graph: httpx.Client,
    needed: int,
    methods: tuple[str, ...],
    registered: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """Phones count once, and so do codes; passkeys and Windows Hello reset no password."""
    control.do("POST", "switches", {"ssprEnabledFor": "everybody", "ssprMethodsRequired": needed})
    user = control.create_user()["id"]
    for method in methods:
        control.register(user, method)
    assert _sspr(control, graph, user) == (True, registered, registered)


def test_administrators_need_two_methods(control: GraphControl, graph: httpx.Client) -> None:
    """An administrator is enabled whatever the scope, and registered with two methods only."""
    user = control.create_user()["id"]
    control.do("POST", "roles", {"displayName": "Any", "members": [user]})
    control.register(user, "mobile")
    one = _sspr(control, graph, user)
    control.register(user, "email")
    assert (one, _sspr(control, graph, user)) == ((True, False, False), (True, True, True))


def test_guests_reset_their_password_at_home(control: GraphControl, graph: httpx.Client) -> None:
    """No guest is enabled."""
    control.do("POST", "switches", {"ssprEnabledFor": "everybody"})
    user = control.create_user(userType="Guest")["id"]
    assert not _sspr(control, graph, user)[0]


@pytest.mark.parametrize("switch", [{"ssprMethodsRequired": 3}, {"reportLagSeconds": -1}])
def test_impossible_switches_are_refused(control: GraphControl, switch: dict[str, object]) -> None:
    """One or two methods are needed, and time runs forward."""
    assert control.request("POST", "switches", switch).status_code == 400
