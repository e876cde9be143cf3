"""What a tenant's Conditional Access policies, taken together, require of its people."""
