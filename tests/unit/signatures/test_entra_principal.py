"""Callers that bring a token of Entra ID, checked by App Service Authentication."""

import pytest

from shared.adapters.signatures.entra_principal import EntraPrincipal
from shared.adapters.signatures.schemes import scheme_of
from shared.application.ports.sources import SchemeName
from shared.domain.errors.requests import InvalidSignature
from shared.domain.ids import UserId
from tests.triggers.deployment import principal

LOGIC_APP = "5f0c2a5e-0a55-4a52-9d57-2c5f0f2f7c01"
OTHER = "5f0c2a5e-0a55-4a52-9d57-2c5f0f2f7c02"
SCHEME = scheme_of(SchemeName.ENTRA_PRINCIPAL, {}, frozenset({UserId(LOGIC_APP)}))


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """App Service Authentication guards the app."""
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", "True")


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("written", [LOGIC_APP, LOGIC_APP.upper()])
def test_a_caller_of_the_list_is_let_in_and_known(written: str) -> None:
    """Who called is recorded in place of a secret."""
    verified = SCHEME.verify(b"{}", principal(object_ids=(written,)))
    assert (verified.by, verified.signed_at) == (f"principal {LOGIC_APP}", None)


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ms-client-principal": ""},
        {"x-ms-client-principal": "e30="},
        {"x-ms-client-principal": "%%"},
        {"x-ms-client-principal-id": LOGIC_APP},
        principal(object_ids=(OTHER,)),
        principal("Admin", object_ids=(OTHER,)),
        principal(object_ids=(LOGIC_APP, OTHER)),
        principal(object_ids=()),
    ],
)
def test_nobody_else_is_let_in(headers: dict[str, str]) -> None:
    """No caller, an unreadable one, another one, or two at once is refused, whatever its roles."""
    with pytest.raises(InvalidSignature):
        SCHEME.verify(b"{}", headers)


@pytest.mark.parametrize("value", [None, "", "false", "1"])
def test_without_the_platform_the_header_is_anybodys(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where App Service Authentication does not guard the app, its header is not believed."""
    if value is None:
        monkeypatch.delenv("WEBSITE_AUTH_ENABLED", raising=False)
    else:
        monkeypatch.setenv("WEBSITE_AUTH_ENABLED", value)
    with pytest.raises(InvalidSignature):
        EntraPrincipal(frozenset({UserId(LOGIC_APP)})).verify(
            b"{}", principal(object_ids=(LOGIC_APP,))
        )
