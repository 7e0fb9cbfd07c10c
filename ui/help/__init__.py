"""Help: the shortcuts, the query language, what the program is made of, and what to do when it fails."""
