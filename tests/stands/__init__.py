"""Real processes that tests start, stop, freeze and cut off."""
