"""What was repaired of the query picture: shown, explained, undone."""
