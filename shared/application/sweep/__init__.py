"""The stages of the nightly sweep, and what people ask about it."""
