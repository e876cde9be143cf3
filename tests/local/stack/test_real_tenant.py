"""The local stack over a real tenant."""

from pathlib import Path

import pytest

from local.stack.addresses import addresses
from local.stack.environment import host_environment
from local.stack.keys import load_keys
from local.stack.ports import choose_ports
from local.stack.preparation import PreparationError
from local.stack.real_tenant import missing_sign_in, real_tenant_settings
from local.stack.stack import Options, Stack
from shared.bootstrap import build
from shared.settings import Settings

TENANT = "3f0c9a52-8a39-4b4c-8d8d-0a8f6c1f2b11"


def test_graph_and_identity_are_real_and_the_rest_is_local(tmp_path: Path) -> None:
    """The app talks to its cloud's Graph as the app registration; tables and bus stay here."""
    keys = load_keys(tmp_path / "keys.json")
    where = addresses(keys, choose_ports(tmp_path / "ports.json"))
    further = real_tenant_settings(
        TENANT, {"AZURE_CLIENT_ID": "app", "MFA_CLOUD": "us-government", "LANG": "C"}
    )
    environment = host_environment(
        keys, where, break_glass=["simulated"], nightly=True, further=further
    )
    settings = Settings.from_environment(environment)
    services = build(settings)
    assert "LANG" not in environment
    assert (settings.tenant_id, settings.identity) == (TENANT, "developer")
    assert settings.graph_base_url is None
    assert services.cloud.graph_root == "https://graph.microsoft.us"
    assert settings.break_glass_ids == frozenset()
    assert settings.tables_connection_string == where.tables


def test_one_tenants_cases_are_not_worked_on_in_another(tmp_path: Path) -> None:
    """A folder that holds the simulated tenant's cases takes no real one, and says what to do."""
    (tmp_path / "tenant").write_text("simulated")
    options = Options(mode="observe", settings=real_tenant_settings(TENANT, {}))
    with pytest.raises(PreparationError, match="Delete the folder"):
        Stack(tmp_path).start(options)


def test_a_missing_sign_in_is_named() -> None:
    """What azure-identity will look for in vain is said before anything starts."""
    assert missing_sign_in({}) == ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]
    complete = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"}
    assert missing_sign_in(complete) == []
