"""People: which faces belong together, what they are called, and every edit of that, to be undone at will."""
