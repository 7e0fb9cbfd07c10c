"""The run that indexes, followed from the window."""
