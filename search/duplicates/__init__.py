"""Finds what a library holds more than once: same bytes, copies, shots of one scene, films. Never deletes."""

from search.duplicates.finder import KINDS, find
from search.duplicates.records import Agreement, Compare, Group, Kind, Member

__all__ = ["KINDS", "Agreement", "Compare", "Group", "Kind", "Member", "find"]
