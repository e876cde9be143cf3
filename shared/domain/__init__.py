"""What is decided: pure, standard library only, no I/O, no clock, no logging."""
