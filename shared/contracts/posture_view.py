"""What is true of one person, as people read it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Final, Self

import msgspec

from shared.contracts.app_password_view import PersonLedgerView
from shared.contracts.mistakes import mistake
from shared.domain.alive import Alive
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import UserId
from shared.domain.posture.explaining import summary
from shared.domain.posture.exposure import Exposure, exposure_of
from shared.domain.posture.judging import Door, Posture
from shared.domain.posture.meanings import MEANINGS
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.posture.registration import Registration
from shared.domain.sweep.rows import RegistrationRow

_NOT_TOLD: Final = Unknown("The live list does not tell, and the verdict takes it that they are.")


class ReasonView(msgspec.Struct, frozen=True, rename="camel"):
    """Why a verdict is what it is.

    Attributes:
        code: the code; docs/verdicts.md says what each means, and what mends it.
        detail: what in particular: a policy, a gap, why something could not be read; may be empty.
    """

    code: ReasonCode
    detail: str

    @classmethod
    def of(cls, reason: Reason) -> Self:
        """The view of a reason."""
        return cls(code=reason.code, detail=reason.detail)


class EvidenceView(msgspec.Struct, frozen=True, rename="camel"):
    """A fact that the verdict follows from.

    Attributes:
        fact: which: `sign-in`, `per-user-state`, `methods`, `methods-allowed`, `mfa-elsewhere`,
            `exempt`, `break-glass`, `in-grace`, `unread-groups` or `assumption`.
        known: what is known of it; `unknown: ` and why, where it could not be read.
    """

    fact: str
    known: str


class SsprView(msgspec.Struct, frozen=True, rename="camel"):
    """Self-service password reset.

    Attributes:
        registered: whether the person has registered what it takes; null where nobody can tell.
        enabled: whether the tenant lets them.
        capable: both.
    """

    registered: bool | None = None
    enabled: bool | None = None
    capable: bool | None = None

    @classmethod
    def of(cls, told: RegistrationRow | Unknown) -> Self:
        """The view of what the registration report tells."""
        if isinstance(told, Unknown):
            return cls()
        return cls(
            registered=told.sspr_registered, enabled=told.sspr_enabled, capable=told.sspr_capable
        )


class PostureView(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Whether a person is really protected, with its proof.

    Attributes:
        user_id: their object id.
        verdict: whether they are protected.
        summary: the same in one sentence, for people.
        reasons: why.
        evidence: the facts that it follows from.
        legacy_authentication: whether old clients, which know no MFA, get in with the password.
        app_passwords: whether they get in with an app password.
        app_password_ledger: how many app passwords the person has, by the ledger.
        app_password_exposure: whether these are a way in.
        sspr: self-service password reset.
        as_of: since when the facts were read; those of the tenant may be a minute old.
    """

    user_id: UserId
    verdict: Verdict
    summary: str
    reasons: tuple[ReasonView, ...]
    evidence: tuple[EvidenceView, ...]
    legacy_authentication: Door
    app_passwords: Door
    app_password_ledger: PersonLedgerView
    app_password_exposure: Exposure
    sspr: SsprView
    as_of: datetime

    @classmethod
    def of(
        cls,
        user_id: UserId,
        posture: Posture,
        *,
        alive: Alive,
        evidence: Iterable[EvidenceView],
        sspr: SsprView,
        as_of: datetime,
    ) -> Self:
        """The view of a posture.

        Args:
            user_id: whose it is.
            posture: the verdict with its reasons.
            alive: how many app passwords the person has, by the ledger.
            evidence: the facts that it follows from.
            sspr: self-service password reset.
            as_of: when the facts were read.
        """
        return cls(
            user_id=user_id,
            verdict=posture.verdict,
            summary=summary(posture.verdict, posture.reasons),
            reasons=tuple(map(ReasonView.of, posture.reasons)),
            evidence=tuple(evidence),
            legacy_authentication=posture.legacy,
            app_passwords=posture.app_passwords,
            app_password_ledger=PersonLedgerView.of(posture.app_passwords, alive),
            app_password_exposure=exposure_of(posture.app_passwords, alive.shown),
            sspr=sspr,
            as_of=as_of,
        )


class PostureQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Whose posture is asked for, by sign-in name, which never stands in an address."""

    user_principal_name: Annotated[
        str, msgspec.Meta(max_length=256, pattern=r"^[^\s@]+@[^\s@]+(?!\n)$")
    ]


def decode_posture_question(body: bytes) -> PostureQuestion:
    """The question in a request.

    Raises:
        InvalidRequest: the body is none; the detail names the field.
    """
    try:
        return msgspec.json.decode(body, type=PostureQuestion)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest(f"The body asks for nobody: {mistake(error)}") from error


def evidence_of(person: Person, posture: Posture, *, enabled: bool) -> Iterator[EvidenceView]:
    """The facts about a person, as they were read, and what the verdict assumes beside them.

    Args:
        person: the facts.
        posture: the verdict.
        enabled: whether they may sign in.
    """
    yield EvidenceView("sign-in", "open" if enabled else "blocked")
    yield EvidenceView("per-user-state", _known(person.state))
    registration = person.registration
    if isinstance(registration, Registration):
        means = ", ".join(sorted(registration.means)) or "none"
        yield EvidenceView("methods", means)
        if registration.means:
            yield EvidenceView("methods-allowed", _known(_allowed(registration)))
    else:
        yield EvidenceView("methods", _known(registration))
    yield EvidenceView("mfa-elsewhere", _known(person.elsewhere))
    yield EvidenceView("exempt", _known(person.exempt))
    yield EvidenceView("break-glass", _known(person.break_glass))
    yield EvidenceView("in-grace", _known(person.in_grace))
    unread = person.belonging.unread_groups | person.belonging.unread_joins
    if unread:
        yield EvidenceView("unread-groups", ", ".join(sorted(unread)))
    if ReasonCode.NO_TRUSTED_IPS_ASSUMED in posture.codes:
        yield EvidenceView("assumption", MEANINGS[ReasonCode.NO_TRUSTED_IPS_ASSUMED].text)


def _allowed(registration: Registration) -> bool | Unknown:
    return _NOT_TOLD if registration.capable is None else registration.capable


def _known(fact: bool | PerUserMfaState | Unknown) -> str:  # noqa: FBT001  (the fact itself)
    if isinstance(fact, Unknown):
        return f"unknown: {fact.reason}"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return fact.value
