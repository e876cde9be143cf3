"""The triggers as the host sees them: what they are bound to, and what they answer."""
