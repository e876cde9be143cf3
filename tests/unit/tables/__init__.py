"""What the adapter of Table Storage decides by itself."""
