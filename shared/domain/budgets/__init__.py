"""Budgets: how much of each effect may come from one source in an hour and in a day (S5)."""
