"""The policy of leavers: sessions at once, methods when the account is disabled; MFA is kept."""
