"""Secrets are random, stay the same, and are nobody else's to read."""

import stat
from pathlib import Path

from standardwebhooks import Webhook

from local.stack.keys import load_keys


def test_keys_outlive_a_run(tmp_path: Path) -> None:
    """Whoever was given a key can use it after down and up."""
    assert load_keys(tmp_path / "keys.json") == load_keys(tmp_path / "keys.json")


def test_each_stack_has_keys_of_its_own(tmp_path: Path) -> None:
    """No key is the same in two stacks."""
    one, other = load_keys(tmp_path / "one.json"), load_keys(tmp_path / "other.json")
    for name in one.__struct_fields__:
        assert getattr(one, name) != getattr(other, name)


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    """The file is of mode 600."""
    load_keys(tmp_path / "keys.json")
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_the_hr_secret_is_a_standard_webhooks_one(tmp_path: Path) -> None:
    """The official library takes it."""
    Webhook(load_keys(tmp_path / "keys.json").hr_secret)
