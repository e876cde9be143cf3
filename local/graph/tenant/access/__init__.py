"""Whether an attempt to sign in is let through: pure functions of plain values.

`decide(rules, subject, attempt)` is all of it. Nothing here reads a tenant, so that who enumerates
thousands of sign-ins asks `local.graph.tenant.sign_in` once for the rules and for the person.
"""
