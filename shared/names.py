"""Every name that the app, the stand-ins and the infrastructure must agree on, in one place.

A test compares the indexed app, the local stack and the parsed Bicep with what stands here.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Queue(StrEnum):
    """The Service Bus queues, by what travels on them."""

    ONBOARDING = "onboarding"
    RESETS = "resets"
    EXEMPTIONS = "exemptions"


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


class App(StrEnum):
    """The function apps. Each has its own identity and enables only its own functions."""

    INTAKE = "intake"
    LIFECYCLE = "lifecycle"
    RESET = "reset"
    OPERATORS = "operators"


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
            FunctionName.HEALTH,
        }
    ),
}

GRAPH_ROLES: dict[App, frozenset[str]] = {
    App.INTAKE: frozenset(),
    App.LIFECYCLE: frozenset(
        {
            "User.Read.All",
            "UserAuthenticationMethod.Read.All",
            "Policy.ReadWrite.AuthenticationMethod",
            # Preparation: whether anybody has used the account, and what is the tenant's own.
            "AuditLog.Read.All",
            "Domain.Read.All",
            "UserAuthMethod-Email.ReadWrite.All",
            "UserAuthMethod-Phone.ReadWrite.All",
            # Groups that settings name.
            "GroupMember.Read.All",
            "GroupMember.ReadWrite.All",
            # Whether Conditional Access requires MFA, too.
            "Policy.Read.ConditionalAccess",
            # Who is privileged, through groups too, and who could become so.
            "RoleManagement.Read.Directory",
            "RoleEligibilitySchedule.Read.Directory",
            "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        }
    ),
    App.RESET: frozenset(
        {
            "User.Read.All",
            "User.RevokeSessions.All",
            # Blocks accounts, and lifts the blocks that it has put on them.
            "User.EnableDisableAccount.All",
            # The one role that removes a method of any type. The finer ones together would be no
            # less: that for passes alone lets its holder take over any account.
            "UserAuthenticationMethod.ReadWrite.All",
            "GroupMember.Read.All",
            # Who has blocked an account, and what was done with app passwords.
            "AuditLog.Read.All",
            # Whether a policy shuts app passwords or guards the registration, and whether security
            # defaults do.
            "Policy.Read.All",
            # Takes leavers out of the group for password reset.
            "GroupMember.ReadWrite.All",
            "RoleManagement.Read.Directory",
            "RoleEligibilitySchedule.Read.Directory",
            "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        }
    ),
    App.OPERATORS: frozenset(
        {
            "User.Read.All",
            "UserAuthenticationMethod.Read.All",
            # Makes and removes passes, and no other method.
            "UserAuthMethod-TAP.ReadWrite.All",
            # Whom the tenant lets have a pass, and who signs in elsewhere.
            "Policy.Read.AuthenticationMethod",
            "Domain.Read.All",
            # Who is privileged, through groups too, and who could become so.
            "GroupMember.Read.All",
            "RoleManagement.Read.Directory",
            "RoleEligibilitySchedule.Read.Directory",
            "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        }
    ),
}
"""The Microsoft Graph application roles that each app's identity needs, and no others."""

OBSERVING_ROLES: frozenset[str] = frozenset(
    role
    for roles in GRAPH_ROLES.values()
    for role in roles
    # Graph lets nobody read the per-user state without it.
    if ".Read." in role or role == "Policy.ReadWrite.AuthenticationMethod"
)
"""Those that all apps together need to tell what they would do."""


class Access(StrEnum):
    """What an identity may do with the rows of a table."""

    READ = "read"
    WRITE = "write"
    """Also read and remove."""


TABLE_RIGHTS: dict[App, dict[Table, Access]] = {
    App.INTAKE: {
        Table.CLAIMS: Access.WRITE,
        Table.CASES: Access.WRITE,
        Table.DUE: Access.WRITE,
        Table.CASES_BY_USER: Access.WRITE,
        Table.CASES_BY_STATE: Access.WRITE,
        Table.CONTROL: Access.READ,
        Table.CONTACTS: Access.WRITE,
        Table.VOLUMES: Access.WRITE,
    },
    App.LIFECYCLE: {
        # Enrolments open cases, so many a day.
        Table.CLAIMS: Access.WRITE,
        Table.VOLUMES: Access.WRITE,
        Table.ENROLMENTS: Access.WRITE,
        Table.CASES: Access.WRITE,
        Table.DUE: Access.WRITE,
        Table.CASES_BY_USER: Access.WRITE,
        Table.CASES_BY_STATE: Access.WRITE,
        Table.USER_LEASES: Access.WRITE,
        Table.CONTROL: Access.READ,
        Table.PARKED: Access.WRITE,
        Table.CONTACTS: Access.WRITE,
        Table.PROTECTED: Access.READ,
        Table.EXCLUSIONS: Access.READ,
        Table.BUDGETS: Access.WRITE,
    },
    App.RESET: {
        # Tickets on its queue open cases.
        Table.CLAIMS: Access.WRITE,
        Table.CASES: Access.WRITE,
        Table.DUE: Access.WRITE,
        Table.CASES_BY_USER: Access.WRITE,
        Table.CASES_BY_STATE: Access.WRITE,
        Table.USER_LEASES: Access.WRITE,
        Table.CONTROL: Access.READ,
        Table.PARKED: Access.WRITE,
        Table.PROTECTED: Access.READ,
        Table.EXCLUSIONS: Access.READ,
        Table.LEDGER: Access.WRITE,
        Table.BUDGETS: Access.WRITE,
    },
    App.OPERATORS: {
        Table.CLAIMS: Access.WRITE,
        Table.ENROLMENTS: Access.WRITE,
        Table.CASES: Access.WRITE,
        Table.DUE: Access.WRITE,
        Table.CASES_BY_USER: Access.WRITE,
        Table.CASES_BY_STATE: Access.WRITE,
        Table.USER_LEASES: Access.WRITE,
        Table.CONTROL: Access.WRITE,
        Table.PARKED: Access.WRITE,
        Table.PROTECTED: Access.WRITE,
        Table.EXCLUSIONS: Access.WRITE,
        Table.PASSES: Access.WRITE,
        Table.EXEMPTIONS: Access.WRITE,
        # Passes are made by this app, and people let flows go on here.
        Table.BUDGETS: Access.WRITE,
    },
}
"""The tables that each app's identity needs, and no others. Only `operators` decides what may act,
and whom nobody may touch.
"""


class QueueRight(StrEnum):
    """What an identity may do with a queue."""

    SEND = "send"
    RECEIVE = "receive"
    """Also drain the dead letters."""


QUEUE_RIGHTS: dict[App, dict[Queue, frozenset[QueueRight]]] = {
    App.INTAKE: {
        Queue.ONBOARDING: frozenset({QueueRight.SEND}),
        Queue.RESETS: frozenset({QueueRight.SEND}),
    },
    App.LIFECYCLE: {
        Queue.ONBOARDING: frozenset({QueueRight.SEND, QueueRight.RECEIVE}),
        Queue.EXEMPTIONS: frozenset({QueueRight.SEND, QueueRight.RECEIVE}),
        # Its timers recover lost commands and drain dead letters for every queue.
        Queue.RESETS: frozenset({QueueRight.SEND, QueueRight.RECEIVE}),
    },
    App.RESET: {
        Queue.RESETS: frozenset({QueueRight.SEND, QueueRight.RECEIVE}),
        # Where rehired people go on, once their former methods are removed.
        Queue.ONBOARDING: frozenset({QueueRight.SEND}),
    },
    App.OPERATORS: {
        Queue.ONBOARDING: frozenset({QueueRight.SEND}),
        Queue.RESETS: frozenset({QueueRight.SEND}),
        Queue.EXEMPTIONS: frozenset({QueueRight.SEND}),
    },
}
"""The queues that each app's identity needs, and no others."""


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
    EVENTS_TOPIC = "EVENTS_TOPIC"


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
