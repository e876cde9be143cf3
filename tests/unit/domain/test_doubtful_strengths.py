"""Strengths that some people's methods reach and other people's of the same kind do not."""

import pytest

from shared.domain.conditional_access.strengths import Strength
from shared.domain.posture.means import Means
from shared.domain.posture.registration import Registration, reaches

PUSH = frozenset({"password", "microsoftauthenticatorpush"})
KEY = frozenset({"fido2"})
CERTIFICATE = frozenset({"x509certificatemultifactor"})


def strength(*doubtful: frozenset[str], keys: frozenset[str] | None = None) -> Strength:
    """A strength that a push, a passkey and a certificate reach, these with some people only."""
    return Strength(
        strength_id="s",
        name="Ours",
        combinations=frozenset({PUSH, KEY, CERTIFICATE}),
        is_mfa=True,
        doubtful=frozenset(doubtful),
        keys=keys,
    )


def registered(*means: Means, keys: frozenset[str] | None = None) -> Registration:
    """Somebody who has registered these."""
    return Registration(means=frozenset(means), keys=keys)


EITHER = frozenset({True, False})
YES, NO = frozenset({True}), frozenset({False})


@pytest.mark.parametrize(
    ("means", "answer"),
    [
        ({Means.CERTIFICATE}, EITHER),
        ({Means.CERTIFICATE, Means.AUTHENTICATOR_PUSH}, YES),
        ({Means.AUTHENTICATOR_PUSH}, YES),
        ({Means.SOFTWARE_OATH}, NO),
        ({Means.CERTIFICATE, Means.SOFTWARE_OATH}, EITHER),
    ],
)
def test_what_only_a_doubtful_combination_reaches_is_in_doubt(
    means: set[Means], answer: frozenset[bool]
) -> None:
    """Another one that is sure settles it."""
    assert reaches(registered(*means), strength(CERTIFICATE)) == answer


@pytest.mark.parametrize(
    ("mine", "answer"), [(frozenset({"a"}), YES), (frozenset({"b"}), NO), (None, EITHER)]
)
def test_a_passkey_counts_by_its_model(
    mine: frozenset[str] | None, answer: frozenset[bool]
) -> None:
    """With a doubtful certificate beside it, the wrong model settles nothing."""
    ours = strength(CERTIFICATE, keys=frozenset({"a"}))
    assert reaches(registered(Means.PASSKEY, keys=mine), ours) == answer
    both = registered(Means.PASSKEY, Means.CERTIFICATE, keys=mine)
    assert reaches(both, ours) == (YES if answer == YES else EITHER)


def test_doubtful_passkeys_are_in_doubt_whatever_their_model() -> None:
    """Something is demanded of them that nobody can check."""
    known = registered(Means.PASSKEY, keys=frozenset({"a"}))
    assert reaches(known, strength(KEY, keys=frozenset({"a"}))) == EITHER
    assert reaches(known, strength(KEY)) == EITHER
