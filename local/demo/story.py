"""What happens in the demo, in order."""

from collections.abc import Callable

from local.demo.actors import Actors
from local.demo.ending import Ending, ended
from local.stack.stack import Options
from shared.domain.ledger import LINES_LAG
from shared.domain.reset.progress import LOG_LAGS, LOG_TELLS

OPTIONS = Options(settings={"MFA_CHECK_FIRST_SECONDS": "3", "MFA_CHECK_MOST_HOURS": str(3 / 3600)})
"""The app looks every three seconds here, however far the clock jumps; else it takes its time."""

_SIGN_IN_NAME = "new.hire@contoso.example"
_EMPLOYEE_ID = "E-1001"
_TICKET = "INC-1001"

Say = Callable[[str], None]


def tell(actors: Actors, say: Say, look: Say) -> list[Ending]:
    """Play it.

    Args:
        actors: who takes part.
        say: told each thing that has happened.
        look: told the state of the case while it is waited for.

    Raises:
        DemoError: something did not happen.
    """
    hired = _somebody_joins(actors, say, look)
    return [hired, _a_phone_is_lost(actors, hired.truth["id"], say, look)]


def _somebody_joins(actors: Actors, say: Say, look: Say) -> Ending:
    account = actors.directory_creates(_SIGN_IN_NAME, _EMPLOYEE_ID)
    state = actors.truth(account["id"])["perUserMfaState"]
    say(f"The directory has a new account; its per-user MFA state is [bold]{state}[/].")
    accepted = actors.hr_announces(_SIGN_IN_NAME, _EMPLOYEE_ID)
    case_id = accepted["caseId"]
    say(f"HR posts a signed webhook: 202, case [bold]{case_id}[/] is {accepted['state']}.")
    actors.case_reaches(case_id, "waiting-registration", look)
    state = actors.truth(account["id"])["perUserMfaState"]
    say(f"The account is [bold]{state}[/]; the case waits for the person to register.")
    actors.person_registers(account["id"])
    say("The person registers Microsoft Authenticator.")
    case = actors.case_reaches(case_id, "completed", look)
    truth = actors.truth(account["id"])
    say(f"The account is [bold]{truth['perUserMfaState']}[/]; the case is completed.")
    return ended("onboarding", case, actors.siem_reads("mfa.case.completed"), truth)


def _a_phone_is_lost(actors: Actors, user: str, say: Say, look: Say) -> Ending:
    lost = {method["id"] for method in actors.truth(user)["methods"]}
    actors.ticketing_sends(_TICKET, user)
    say(f"The phone is lost: ticket [bold]{_TICKET}[/] is on the queue, its caller called back.")
    events = actors.siem_reads("mfa.case.contained")
    case_id = events[-1]["data"]["caseId"]
    removed = ", ".join(events[-1]["data"]["removed"])
    say(f"Contained: [bold]{removed}[/] removed, all sessions revoked.")
    actors.case_reaches(case_id, "waiting-registration", look)
    left = actors.truth(user)
    say(f"Nobody can register with the password alone: sign-in is {_open(left)}.")
    actors.helpdesk_collects(case_id)
    say("The helpdesk hands the person a Temporary Access Pass.")
    actors.time_goes_by(LOG_TELLS)
    actors.account_opens(user)
    say("Five minutes on, the audit log shows no other block: this one is lifted.")
    actors.person_registers(user)
    say("The person registers Microsoft Authenticator on the new phone.")
    actors.time_goes_by(LOG_LAGS)
    actors.case_reaches(case_id, "awaiting-confirmation", look)
    say("Half an hour on, the log shows no other block; of app passwords it may yet tell.")
    actors.time_goes_by(LINES_LAG)
    case = actors.case_reaches(case_id, "completed", look)
    truth = actors.truth(user)
    say("An hour on, it shows no app password: the case is completed.")
    events += actors.siem_reads("mfa.case.completed")
    kept = {method["id"] for method in left["methods"]} & lost
    return ended(
        "lost device",
        case,
        events,
        truth,
        the_account_was_blocked_meanwhile=not left["accountEnabled"],
        nothing_of_the_lost_device_was_left=len(kept) == 1,
        the_account_is_open_again=truth["accountEnabled"],
    )


def _open(truth: dict[str, object]) -> str:
    return "open" if truth["accountEnabled"] else "[bold]blocked[/]"
