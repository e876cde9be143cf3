"""The policy of exemptions: per-user MFA is disabled for a time, and put back."""
