"""The first run: choose folders, see what can be found, get what is missing, start."""
