"""The shape of a Conditional Access policy, as strictly as the service checks it.

What Graph takes and this tenant does not decide on is refused with 501, never ignored.
"""
