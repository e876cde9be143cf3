"""Health names what is missing, so that an operator need not guess."""

import base64
import json
import time

import azure.functions as func
import pytest
from azure.core.credentials import AccessToken

from function_app import create_app
from shared.bootstrap import Services, build
from shared.domain.accounts import Account, NoAccount
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.ids import UserId, UserPrincipalName
from shared.names import App, FunctionName
from shared.rights import GRAPH_ROLES
from shared.settings import Settings
from tests.fakes.controls import FakeControls
from tests.fakes.directory import FakeDirectory
from tests.triggers.deployment import SETTINGS, told

NEEDED = sorted(GRAPH_ROLES[App.LIFECYCLE] - {"UserAuthenticationMethod.Read.All"})


class Credential:
    """Gives tokens that hold these application roles, as Entra ID makes them."""

    def __init__(self, *roles: str) -> None:
        self._roles = roles

    async def get_token(self, *scopes: str, **_: object) -> AccessToken:  # noqa: ARG002  (the protocol's)
        """A token."""
        parts = ({"alg": "RS256"}, {"roles": self._roles})
        written = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts]
        text = b".".join([*(part.rstrip(b"=") for part in written), b"c2ln"]).decode()
        return AccessToken(text, int(time.time()) + 3600)


class Namespace:
    """A broker that opens every link."""

    async def probe(self, queue: str) -> None:
        """Open a link."""


async def health(services: Services | dict[str, str]) -> dict[str, object]:
    """What the app says about itself, over services or over the settings to build them from."""

    def provide() -> Services:
        if isinstance(services, Services):
            return services
        return build(Settings.from_environment(services))

    (check,) = (
        function.get_user_function()
        for function in create_app(provide).get_functions()
        if function.get_function_name() == FunctionName.HEALTH
    )
    request = func.HttpRequest("GET", "https://app.contoso.example/api/health", body=b"")
    answer: func.HttpResponse = await check(request)
    assert answer.status_code == 200
    document: dict[str, object] = told(answer)
    return document


class SilentDirectory(FakeDirectory):
    """A directory that does not answer."""

    async def find_account(self, who: UserId | UserPrincipalName) -> Account | NoAccount:
        """No answer."""
        raise DirectoryUnavailable(f"No answer about {len(who)} characters.")


def app_with(*roles: str, down: bool = False, directory: FakeDirectory | None = None) -> Services:
    """The app that needs Graph, with a token that holds these roles."""
    controls = FakeControls()
    controls.down = down
    return build(
        Settings.from_environment({**SETTINGS, "MFA_APP": App.LIFECYCLE.value}),
        controls=controls,
        namespace=Namespace(),
        credential=Credential(*roles),
        directory=directory or FakeDirectory(),
    )


async def test_a_directory_that_is_silent_is_named() -> None:
    """A token in the cache says nothing about Graph: it is asked."""
    roles = (*NEEDED, "UserAuthenticationMethod.Read.All")
    document = await health(app_with(*roles, directory=SilentDirectory()))
    assert document["status"] == "degraded"
    assert "directory-unavailable" in str(document["checks"])


async def test_a_well_app_is_ok() -> None:
    """Everything is there: each check says so."""
    document = await health(app_with(*NEEDED, "UserAuthenticationMethod.Read.All"))
    assert document == {
        "status": "ok",
        "checks": {"tables": "ok", "serviceBus": "ok", "graph": "ok"},
    }


async def test_a_missing_permission_is_named() -> None:
    """The application role that the token lacks, and no other."""
    document = await health(app_with(*NEEDED))
    verdict = str(document["checks"]["graph"])  # type: ignore[index]  # JSON
    assert document["status"] == "degraded"
    assert "UserAuthenticationMethod.Read.All" in verdict
    assert "User.Read.All." not in verdict


async def test_a_store_that_is_down_is_named() -> None:
    """One dependency that is away does not hide the others."""
    checks = (await health(app_with(*NEEDED, "UserAuthenticationMethod.Read.All", down=True)))[
        "checks"
    ]
    assert isinstance(checks, dict)
    assert checks["tables"].startswith("store-unavailable")
    assert checks["graph"] == "ok"


@pytest.mark.parametrize("missing", ["MFA_TENANT_ID", "TABLES_ENDPOINT", "HR_SECRET_DEMO_1"])
async def test_a_missing_setting_is_named(missing: str) -> None:
    """The app answers though it can't be built, and names the setting."""
    settings = {name: value for name, value in SETTINGS.items() if name != missing}
    document = await health(settings)
    assert document["status"] == "degraded"
    assert f"{missing} is missing" in json.dumps(document)
    assert "whsec_" not in json.dumps(document)
