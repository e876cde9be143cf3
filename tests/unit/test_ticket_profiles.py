"""The profile of a ticket source is checked as a whole, and its sources beside those of HR."""

import base64
import json
from typing import Any

import msgspec
import pytest

from shared.contracts.ticket_reading import TicketReader
from shared.domain.errors.control import SettingsInvalid
from shared.domain.errors.requests import InvalidEvent
from shared.domain.ids import SourceName
from shared.settings import Settings
from shared.settings.ticket_profiles import ticket_profile_from
from tests.unit.test_settings import COMPLETE, SECRET

MAPPING: dict[str, Any] = {
    "ticketId": "no",
    "userPrincipalName": "who",
    "reason": "why",
    "requestedBy": "from",
}
BODY = {"no": 1, "who": "robin@contoso.example", "why": "lost", "from": "Robin"}
DESK_SECRET, QUEUE_SECRET = (
    "whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2)
)
DESK = {"RESET_SOURCE_DESK": "{}", "RESET_SECRET_DESK_1": DESK_SECRET}


def reader(profile: dict[str, Any]) -> TicketReader:
    """The reader of a good profile."""
    problems: list[str] = []
    found = ticket_profile_from(json.dumps(profile), problems)
    assert found is not None, problems
    return found.reader


def read(mapping: dict[str, Any], body: dict[str, Any], **profile: object) -> dict[str, Any] | None:
    """What a body becomes by a mapping."""
    whole = {**profile, "mapping": MAPPING | mapping}
    tickets = reader(whole).read(json.dumps(body).encode(), None)
    return msgspec.structs.asdict(tickets[0]) if tickets else None


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ({"types": ["joiner"]}, "types is no field of a profile"),
        ({"preparation": []}, "preparation is no field of a profile"),
        ({"scheme": "none"}, "scheme: Invalid enum value"),
        ({"mapping": {}}, "mapping.ticketId: is missing"),
        (
            {"mapping": {}},
            "mapping.userPrincipalName: this or userId has to be there, and not both",
        ),
        (
            {"mapping": MAPPING | {"userId": "id"}},
            "mapping.userPrincipalName: this or userId has to be there, and not both",
        ),
        ({"mapping": MAPPING | {"colour": "x"}}, "mapping.colour is no field of a profile"),
        ({"mapping": MAPPING | {"reason": "["}}, "mapping.reason: is no JMESPath expression"),
        ({"mapping": MAPPING | {"reason": {}}}, "mapping.reason.path: is missing"),
        ({"mapping": MAPPING | {"reason": 1}}, "mapping.reason: Expected `object`, got `int`"),
        (
            {"mapping": MAPPING | {"verification": {"by": "x"}}},
            "mapping.verification.method: is missing",
        ),
    ],
)
def test_what_is_wrong_with_a_profile_is_named(profile: object, told: str) -> None:
    """By the names of its fields, before anything comes."""
    problems: list[str] = []
    assert ticket_profile_from(json.dumps(profile), problems) is None
    assert any(problem.startswith(told) for problem in problems), problems


def test_words_of_the_vendor_are_ours_or_refused() -> None:
    """A reason that nobody foresaw is a mistake, and never passed over: somebody lost a device."""
    mapping = {"reason": {"path": "why", "values": {"GONE": "lost"}}}
    assert (read(mapping, BODY | {"why": "GONE"}) or {})["reason"] == "lost"
    assert (read(mapping, BODY | {"why": "stolen"}) or {})["reason"] == "stolen"
    with pytest.raises(InvalidEvent):
        read(mapping, BODY | {"why": "eaten"})


@pytest.mark.parametrize("body", [{}, {"by": "kim@contoso.example"}, {"how": "callback"}])
def test_half_a_verification_is_none(body: dict[str, Any]) -> None:
    """The ticket becomes a case that is refused, and not one that somebody half vouched for."""
    mapping = {"verification": {"by": "by", "method": "how"}}
    assert (read(mapping, BODY | body) or {})["verification"] is None


@pytest.mark.parametrize(
    ("actions", "taken"),
    [(None, ("methods", "sessions", "appPasswords")), (["sessions"], ("sessions",))],
)
def test_actions_are_those_that_are_there(
    actions: list[str] | None, taken: tuple[str, ...]
) -> None:
    """Nothing means all of them."""
    assert (read({"actions": "do"}, BODY | {"do": actions}) or {})["actions"] == taken


@pytest.mark.parametrize("actions", [[], "methods", ["methods", "methods"], [1]])
def test_actions_that_nobody_could_mean_are_refused(actions: object) -> None:
    """An empty list is not everything."""
    with pytest.raises(InvalidEvent):
        read({"actions": "do"}, BODY | {"do": actions})


def test_what_is_none_of_ours_is_passed_over() -> None:
    """The expression `when` says which bodies are tickets about lost devices."""
    assert read({"when": "why == 'lost'"}, BODY | {"why": "printer"}) is None


def test_a_source_names_people_of_its_domains() -> None:
    """By sign-in name alone: an object id does not tell the domain."""
    domains = ["Contoso.example"]
    assert read({}, BODY, domains=domains) is not None
    with pytest.raises(InvalidEvent, match="in a domain that this source may not name"):
        read({}, BODY | {"who": "robin@fabrikam.example"}, domains=domains)
    by_id = {name: path for name, path in MAPPING.items() if name != "userPrincipalName"}
    body = json.dumps(BODY | {"id": "7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"}).encode()
    mapping = by_id | {"userId": "id"}
    assert reader({"mapping": mapping}).read(body, None)
    with pytest.raises(InvalidEvent, match="has to name people by userPrincipalName"):
        reader({"mapping": mapping, "domains": domains}).read(body, None)


def test_a_ticket_source_is_a_setting() -> None:
    """Its name in the address is in small letters; its secrets never show."""
    settings = Settings.from_environment(COMPLETE | DESK)
    assert settings.reset_sources[SourceName("desk")].secrets == {"1": DESK_SECRET}
    assert DESK_SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("further", "told"),
    [
        ({"RESET_SOURCE_DESK": "{}"}, "RESET_SECRET_DESK_1 is missing"),
        ({"RESET_SOURCE_QUEUE": "{}"}, "RESET_SOURCE_QUEUE is wrong: tickets that come on the"),
        ({"HR_SOURCE_QUEUE": "{}"}, "HR_SOURCE_QUEUE is wrong: tickets that come on the queue"),
        ({**DESK, "RESET_SECRET_DESK_1": SECRET}, "each source needs its own"),
        ({**DESK, "RESETS_SECRET_1": DESK_SECRET}, "each source needs its own"),
        ({"RESET_SOURCE_DEMO": "{}", "RESET_SECRET_DEMO_1": DESK_SECRET}, "the source demo is one"),
        ({"RESETS_REQUIRE_SIGNATURE": "true"}, "RESETS_SECRET_1 is missing"),
        ({"RESETS_SECRET_1": "whsec_c2hvcnQ="}, "RESETS_SECRET_1 is wrong: it must hold at least"),
    ],
)
def test_what_is_wrong_with_sources_together_is_told(further: dict[str, str], told: str) -> None:
    """A name and a secret belong to one source, of whatever kind."""
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment(COMPLETE | further)
    assert told in refusal.value.detail


def test_only_the_app_behind_the_queue_needs_its_secrets() -> None:
    """The others do not even look at them."""
    environment = COMPLETE | {"RESETS_SECRET_1": QUEUE_SECRET}
    assert Settings.from_environment(environment | {"MFA_APP": "reset"}).queue_secrets == {
        "1": QUEUE_SECRET
    }
    assert not Settings.from_environment(environment | {"MFA_APP": "intake"}).queue_secrets
