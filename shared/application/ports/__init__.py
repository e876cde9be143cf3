"""What the use cases need from the outside world, in the words of the domain.

Every port is a small Protocol. Its fake (tests/fakes) and its real adapter (shared/adapters) pass
the same contract suite. All of them raise only errors of `shared.domain.errors`.
"""
