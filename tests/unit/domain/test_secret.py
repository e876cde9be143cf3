"""A secret shows itself only to who asks for it."""

import copy
import pickle

import msgspec
import pytest

from shared.contracts.pass_view import PassView
from shared.domain.passes.given import GivenPass
from shared.domain.secret import Secret
from tests.builders import NOW

HUSH = "hush-hush"
GIVEN = GivenPass(value=Secret(HUSH), starts_at=NOW, expires_at=NOW, usable_once=True)


def test_it_is_not_printed() -> None:
    """No way of formatting shows it, nor does what holds it."""
    secret = Secret(HUSH)
    texts = [repr(secret), str(secret), f"{secret}", f"{secret!r}", repr(GIVEN), str([secret])]
    assert not any(HUSH in text for text in [*texts, repr(PassView.of(GIVEN))])
    assert secret.reveal() == HUSH


def test_it_is_neither_copied_nor_encoded() -> None:
    """Who stores, sends or copies what holds it by accident fails."""
    for spread in (pickle.dumps, copy.deepcopy, msgspec.json.encode):
        with pytest.raises(TypeError):
            spread(GIVEN)
