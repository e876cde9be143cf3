"""Figures, each beside a floor that was measured in the same run: ratios, never bare seconds."""
