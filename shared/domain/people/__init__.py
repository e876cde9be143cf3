"""What a person is to us, and what may therefore be done about them (safety rules S1 and S2)."""
