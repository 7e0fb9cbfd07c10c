"""Saved searches and collections in the window."""
