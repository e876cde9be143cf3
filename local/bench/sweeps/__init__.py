"""What sweeps cost, by the size of the tenant and by the way in which it is read."""
