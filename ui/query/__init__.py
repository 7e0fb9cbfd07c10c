"""The query: its bar, what may be dropped on it, and the way a question takes."""
