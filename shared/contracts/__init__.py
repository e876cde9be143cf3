"""What outsiders send us and what we send them."""
