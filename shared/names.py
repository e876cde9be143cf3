"""Every name that the app, the stand-ins and the infrastructure must agree on, in one place.

A test compares the indexed app, the local stack and the parsed Bicep with what stands here.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Queue(StrEnum):
    """The Service Bus queues, by what travels on them."""

    ONBOARDING = "onboarding"
    RESETS = "resets"
    EXEMPTIONS = "exemptions"
    COMPLIANCE = "compliance"


CASE_QUEUES: Final = (Queue.ONBOARDING, Queue.RESETS, Queue.EXEMPTIONS)
"""Those on which commands about cases travel. What the broker gives up of them is parked."""


class Subscription(StrEnum):
    """Who reads the outgoing events."""

    ALL = "all"
    TICKETING = "ticketing"
    SIEM = "siem"
    HR = "hr"


EVENTS_TOPIC = "mfa-events"


class Table(StrEnum):
    """The tables of the storage account."""

    CLAIMS = "Claims"
    CASES = "Cases"
    DUE = "Due"
    CASES_BY_USER = "CasesByUser"
    CASES_BY_STATE = "CasesByState"
    USER_LEASES = "UserLeases"
    CONTROL = "Control"
    PARKED = "Parked"
    CONTACTS = "Contacts"
    PROTECTED = "Protected"
    EXCLUSIONS = "Exclusions"
    VOLUMES = "Volumes"
    PASSES = "Passes"
    EXEMPTIONS = "Exemptions"
    ENROLMENTS = "Enrolments"
    LEDGER = "Ledger"
    BUDGETS = "Budgets"
    RUNS = "Runs"
    STAGING = "Staging"
    POSTURE = "Posture"
    HISTORY = "History"
    BUCKETS = "Buckets"


class FunctionName(StrEnum):
    """The functions, as the host lists them."""

    ONBOARDING_WEBHOOK = "onboarding_webhook"
    RESETS_WEBHOOK = "resets_webhook"
    GET_CASE = "get_case"
    HEALTH = "health"
    OPENAPI = "openapi"
    LIST_CASES = "list_cases"
    CANCEL_CASE = "cancel_case"
    APPROVE_CASE = "approve_case"
    CONFIRM_CASE = "confirm_case"
    REQUEST_ENROLMENT = "request_enrolment"
    LIST_ENROLLED = "list_enrolled"
    COLLECT_PASS = "collect_pass"  # noqa: S105  (the name of a function)
    WITHDRAW_PASSES = "withdraw_passes"
    GRANT_EXEMPTION = "grant_exemption"
    END_EXEMPTION = "end_exemption"
    GET_CONTROL = "get_control"
    PUT_CONTROL = "put_control"
    LIST_PARKED = "list_parked"
    REPLAY_PARKED = "replay_parked"
    LIST_PROTECTED = "list_protected"
    PUT_PROTECTED = "put_protected"
    DELETE_PROTECTED = "delete_protected"
    LIST_EXCLUSIONS = "list_exclusions"
    PUT_EXCLUSION = "put_exclusion"
    DELETE_EXCLUSION = "delete_exclusion"
    LIST_BUDGETS = "list_budgets"
    APPROVE_BUDGET = "approve_budget"
    ONBOARDING_WORKER = "onboarding_worker"
    RESETS_WORKER = "resets_worker"
    KEEP_LEDGER = "keep_ledger"
    EXEMPTION_WORKER = "exemption_worker"
    RECOVERY = "recovery"
    DEAD_LETTERS = "dead_letters"
    FORGET_CONTACTS = "forget_contacts"
    FORGET_ENROLMENTS = "forget_enrolments"
    ANNOUNCE_HOLDS = "announce_holds"
    FORGET_SPENDING = "forget_spending"
    NIGHTLY_SWEEP = "nightly_sweep"
    SWEEP_WORKER = "sweep_worker"
    WATCH_RUNS = "watch_runs"
    FORGET_RUNS = "forget_runs"
    START_RUN = "start_run"
    LIST_RUNS = "list_runs"
    GET_RUN = "get_run"
    LIST_FINDINGS = "list_findings"
    GET_REPORT = "get_report"
    APPROVE_RUN = "approve_run"
    GET_POSTURE = "get_posture"
    FIND_POSTURE = "find_posture"
    GET_HISTORY = "get_history"


class App(StrEnum):
    """The function apps. Each has its own identity and enables only its own functions."""

    INTAKE = "intake"
    LIFECYCLE = "lifecycle"
    RESET = "reset"
    OPERATORS = "operators"
    SWEEP = "sweep"


FUNCTIONS: dict[App, frozenset[FunctionName]] = {
    App.INTAKE: frozenset(
        {
            FunctionName.ONBOARDING_WEBHOOK,
            FunctionName.RESETS_WEBHOOK,
            FunctionName.GET_CASE,
            FunctionName.HEALTH,
            FunctionName.OPENAPI,
        }
    ),
    App.LIFECYCLE: frozenset(
        {
            FunctionName.ONBOARDING_WORKER,
            FunctionName.EXEMPTION_WORKER,
            FunctionName.RECOVERY,
            FunctionName.DEAD_LETTERS,
            FunctionName.FORGET_CONTACTS,
            FunctionName.FORGET_ENROLMENTS,
            FunctionName.ANNOUNCE_HOLDS,
            FunctionName.FORGET_SPENDING,
            FunctionName.HEALTH,
        }
    ),
    App.RESET: frozenset(
        {
            FunctionName.RESETS_WORKER,
            FunctionName.KEEP_LEDGER,
            FunctionName.HEALTH,
        }
    ),
    App.OPERATORS: frozenset(
        {
            FunctionName.LIST_CASES,
            FunctionName.CANCEL_CASE,
            FunctionName.APPROVE_CASE,
            FunctionName.CONFIRM_CASE,
            FunctionName.REQUEST_ENROLMENT,
            FunctionName.LIST_ENROLLED,
            FunctionName.COLLECT_PASS,
            FunctionName.WITHDRAW_PASSES,
            FunctionName.GRANT_EXEMPTION,
            FunctionName.END_EXEMPTION,
            FunctionName.GET_CONTROL,
            FunctionName.PUT_CONTROL,
            FunctionName.LIST_PARKED,
            FunctionName.REPLAY_PARKED,
            FunctionName.LIST_PROTECTED,
            FunctionName.PUT_PROTECTED,
            FunctionName.DELETE_PROTECTED,
            FunctionName.LIST_EXCLUSIONS,
            FunctionName.PUT_EXCLUSION,
            FunctionName.DELETE_EXCLUSION,
            FunctionName.LIST_BUDGETS,
            FunctionName.APPROVE_BUDGET,
            FunctionName.START_RUN,
            FunctionName.LIST_RUNS,
            FunctionName.GET_RUN,
            FunctionName.LIST_FINDINGS,
            FunctionName.GET_REPORT,
            FunctionName.APPROVE_RUN,
            FunctionName.GET_POSTURE,
            FunctionName.FIND_POSTURE,
            FunctionName.GET_HISTORY,
            FunctionName.HEALTH,
        }
    ),
    App.SWEEP: frozenset(
        {
            FunctionName.NIGHTLY_SWEEP,
            FunctionName.SWEEP_WORKER,
            FunctionName.WATCH_RUNS,
            FunctionName.FORGET_RUNS,
            FunctionName.HEALTH,
        }
    ),
}


@dataclass(frozen=True)
class BrokerLimits:
    """How the broker treats our queues and our topic; the Bicep says the same."""

    lock_duration: timedelta
    max_delivery_count: int
    duplicate_detection: timedelta
    time_to_live: timedelta
    max_message_kilobytes: int


BROKER = BrokerLimits(
    lock_duration=timedelta(minutes=1),
    max_delivery_count=5,
    duplicate_detection=timedelta(days=7),
    time_to_live=timedelta(days=14),
    max_message_kilobytes=256,
)


class Setting(StrEnum):
    """The settings that trigger bindings and the infrastructure name."""

    SERVICE_BUS = "ServiceBusConnection"
    ONBOARDING_QUEUE = "ONBOARDING_QUEUE"
    RESETS_QUEUE = "RESETS_QUEUE"
    EXEMPTIONS_QUEUE = "EXEMPTIONS_QUEUE"
    COMPLIANCE_QUEUE = "COMPLIANCE_QUEUE"
    SWEEP_SCHEDULE = "SWEEP_SCHEDULE"
    EVENTS_TOPIC = "EVENTS_TOPIC"


EVERY_NIGHT: Final = "0 0 2 * * *"
"""When the sweep begins where nobody says otherwise: NCRONTAB, seconds first, in UTC."""


class CloudName(StrEnum):
    """The Microsoft clouds."""

    GLOBAL = "global"
    """Also GCC."""
    US_GOVERNMENT = "us-government"
    """GCC High, US Government L4."""
    US_GOVERNMENT_DOD = "us-government-dod"
    """US Government L5."""
    CHINA = "china"
    """Operated by 21Vianet. Its v1.0 has no list of authentication methods."""
