"""What the identity of each app may do: in Microsoft Graph, with tables and with queues.

The infrastructure grants exactly this.
"""

from enum import StrEnum

from shared.names import App, Queue, Table

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
            # Whom the tenant lets have a pass, and who signs in elsewhere. Of a person's posture:
            # what the tenant requires of them, and their per-user state.
            "Policy.Read.All",
            "Domain.Read.All",
            # The registration report, of one person.
            "AuditLog.Read.All",
            # Who is privileged, through groups too, and who could become so.
            "GroupMember.Read.All",
            "RoleManagement.Read.Directory",
            "RoleEligibilitySchedule.Read.Directory",
            "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        }
    ),
    App.SWEEP: frozenset(
        {
            # Everybody, with the per-user state where the list tells it.
            "User.Read.All",
            # The registration report, sign-ins, and what our identities changed.
            "AuditLog.Read.All",
            # What people have registered where there is no report.
            "UserAuthenticationMethod.Read.All",
            # Conditional Access with its locations and strengths, security defaults, whom guests'
            # organisations are trusted for, the methods policy; per-user states one by one.
            "Policy.Read.All",
            "Domain.Read.All",
            # Groups that policies name, and those that can hold roles.
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
        # People begin runs of the sweep here, and read what they found.
        Table.RUNS: Access.WRITE,
        Table.POSTURE: Access.READ,
        Table.HISTORY: Access.READ,
        # Of a person's posture: how many app passwords are alive.
        Table.LEDGER: Access.READ,
        # One person's posture is read live, in turn with the sweep.
        Table.BUCKETS: Access.WRITE,
    },
    App.SWEEP: {
        Table.RUNS: Access.WRITE,
        Table.STAGING: Access.WRITE,
        Table.POSTURE: Access.WRITE,
        Table.HISTORY: Access.WRITE,
        Table.BUCKETS: Access.WRITE,
        # Whom it would mend it asks an enrolment for.
        Table.CLAIMS: Access.WRITE,
        Table.ENROLMENTS: Access.WRITE,
        Table.CASES: Access.WRITE,
        Table.DUE: Access.WRITE,
        # Also who is exempt, and who has been asked to register.
        Table.CASES_BY_STATE: Access.WRITE,
        # Which changes were ours.
        Table.CASES_BY_USER: Access.READ,
        Table.PROTECTED: Access.READ,
        # How many app passwords are alive.
        Table.LEDGER: Access.READ,
        # The health check.
        Table.CONTROL: Access.READ,
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
        # Its timers recover lost commands and drain dead letters of every case.
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
        Queue.COMPLIANCE: frozenset({QueueRight.SEND}),
    },
    App.SWEEP: {
        Queue.COMPLIANCE: frozenset({QueueRight.SEND, QueueRight.RECEIVE}),
        # Where the enrolments go that it asks for.
        Queue.ONBOARDING: frozenset({QueueRight.SEND}),
    },
}
"""The queues that each app's identity needs, and no others."""
