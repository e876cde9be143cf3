"""The policy of onboarding: disabled -> enabled -> enforced."""
