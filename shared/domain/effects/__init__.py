"""What can be changed in the directory: each effect with what proves it.

An effect is announced in its case, written through one guarded port, and believed only when the
fact that shows it was read back (safety rule S3). All of them have:

- `action`: what audit entries call it, and `target`, the value that it aims at;
- `impact`: what it comes to for the person, by which the guards rule;
- `proof`: the fact that shows whether it holds, `seen`, what was read of it, None where nobody
  looked yet, and `holds`, whether a value that was read shows it.
"""

from typing import Final

from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mailboxes import CloseMailbox
from shared.domain.effects.methods import (
    PreferMethod,
    RegisterContact,
    RemoveMethod,
    RemoveMethods,
)
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn

Effect = (
    SetMfaState
    | RevokeSessions
    | RemoveMethods
    | AddToGroup
    | RemoveFromGroup
    | RegisterContact
    | BlockSignIn
    | UnblockSignIn
    | CloseMailbox
)
"""Any effect that a case announces."""

Request = (
    SetMfaState
    | RevokeSessions
    | RemoveMethod
    | PreferMethod
    | AddToGroup
    | RemoveFromGroup
    | RegisterContact
    | BlockSignIn
    | UnblockSignIn
    | CloseMailbox
)
"""What the directory is asked for at once; each of them passes the guards by itself."""

EFFECTS: Final[dict[str, type[Effect]]] = {
    "set-mfa-state": SetMfaState,
    "revoke-sessions": RevokeSessions,
    "remove-methods": RemoveMethods,
    "add-to-group": AddToGroup,
    "remove-from-group": RemoveFromGroup,
    "register-contact": RegisterContact,
    "block-sign-in": BlockSignIn,
    "unblock-sign-in": UnblockSignIn,
    "close-mailbox": CloseMailbox,
}
"""The effects by the names under which changes are stored."""
