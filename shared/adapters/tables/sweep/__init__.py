"""What runs of the sweep keep in Table Storage: packed, because nobody has a row of their own."""
