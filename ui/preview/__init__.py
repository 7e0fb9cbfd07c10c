"""One hit, seen closely."""
