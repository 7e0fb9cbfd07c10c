"""Lists in one folded text column, so that a sub-string tells whether something is in them.

LanceDB's filters know no lists of texts that are comparable to ours, and `contains` is quick. A level of a
tag, a place's name and a field's value are each enclosed: no sub-string reaches from one into the next.
"""

from collections.abc import Iterable

from search.store.text import fold

_MARK = "\n"
"""Stands nowhere in folded text."""


def tags_text(tags: Iterable[str]) -> str | None:
    """Write tags, each with a slash round every level: `/places/italy/\\n/holiday/`; None for no tags."""
    return _MARK.join(map(_levels, tags)) or None


def tag_part(tag: str) -> str:
    """Return what `tags_text` contains when a tag is this one, lies below it or has it as a level."""
    return _levels(tag)


def _levels(tag: str) -> str:
    return "/" + "".join(f"{fold(level)}/" for level in tag.split("/") if fold(level))


def places_text(place: str | None, names: Iterable[str]) -> str | None:
    """Write the parts of a place and its other names, each behind a mark; None for no place."""
    parts = [*(place.split(",") if place else ()), *names]
    return "".join(f"{_MARK}{name}" for name in dict.fromkeys(map(fold, parts)) if name) or None


def place_part(name: str) -> str:
    """Return what `places_text` contains when a name in it begins so."""
    return f"{_MARK}{fold(name)}"


def fields_text(fields: Iterable[tuple[str, str]]) -> str | None:
    """Write fields as `name=value`, each enclosed by marks; None for no fields."""
    lines = [f"{field_name(name)}={fold(value)}" for name, value in fields]
    return f"{_MARK}{_MARK.join(lines)}{_MARK}" if lines else None


def field_part(name: str, value: str | None) -> str:
    """Return what `fields_text` contains when a field has this value, or is there at all (None)."""
    return f"{_MARK}{field_name(name)}=" + ("" if value is None else f"{fold(value)}{_MARK}")


def field_name(name: str) -> str:
    """Fold a field's name; an equals sign would end it."""
    return fold(name.replace("=", " "))
