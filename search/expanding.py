"""Fills a query with what a person keeps: saved searches stand for their names, collections are read."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from search.errors import QuerySyntaxError
from search.kept import Kept, UnknownNameError
from search.parser import DEEPEST, check_depth, parse, require_place
from search.query import Collected, Node, Part, Query, Same, SavedSearch, Scored, Term, Then, walk
from search.written import format as write

P = TypeVar("P")


def expanded(query: Query, kept: Kept) -> Query:
    """Return the query with everything looked up that it names.

    Raises `QuerySyntaxError` for a name nobody gave, a search that holds itself, and too many in each other.
    """
    if not any(isinstance(part, SavedSearch | Collected) for part in walk(query.root)):
        return query
    root = _filled(query.root, kept, ())
    check_depth(root)
    return Query(root, query.text)


def _filled(root: Part, kept: Kept, inside: tuple[str, ...]) -> Part:
    def fill(part: Node) -> Node:
        try:
            match part:
                case Collected(name):
                    return replace(part, digests=frozenset(pick.digest for pick in kept.picks(name)))
                case SavedSearch():
                    return _search(part, kept, inside)
                case Then(parts):
                    for one in parts:
                        require_place(one, "THEN")
                    return part
                case Same(_, one):
                    require_place(one, "SAME")
                    return part
                case _:
                    return part
        except UnknownNameError as error:
            raise QuerySyntaxError(error.message, *part.span, error.remedy) from None

    return rewritten(root, fill)


def _search(part: SavedSearch, kept: Kept, inside: tuple[str, ...]) -> Part:
    saved = kept.search(part.name)
    if saved.name in inside or len(inside) >= DEEPEST:
        raise QuerySyntaxError(
            f"The saved search {saved.name} holds itself.", *part.span, "Save it again without that part."
        )
    try:
        filled = _filled(parse(saved.query).root, kept, (*inside, saved.name))
    except QuerySyntaxError as error:  # it points at a place in the text of the saved query
        raise QuerySyntaxError(error.message, *part.span, error.remedy) from None
    placed = rewritten(filled, lambda node: replace(node, span=part.span))
    return replace(placed, weight=placed.weight * part.weight) if isinstance(placed, Scored) else placed


def anchored(text: str, base: Path) -> str:
    """Return a query in which files named by relative paths, or from the home folder, have their full path,
    so that it means the same wherever it is asked; text that names no such file stays as it is written.

    Raises `QuerySyntaxError`.
    """

    def anchor(part: Node) -> Node:
        named: Any = part
        path = getattr(part, "path", None)
        return part if path is None else replace(named, path=str(base / Path(path).expanduser()))

    query = parse(text)
    root = rewritten(query.root, anchor)
    return text if root == query.root else write(root)


def rewritten(part: P, change: Callable[[Node], Node]) -> P:
    """Return a part of a query in which every node, the innermost first, is what `change` makes of it."""
    whole: Any = part
    values = {one.name: getattr(whole, one.name) for one in fields(whole)}
    changed = {name: _rewritten_value(value, change) for name, value in values.items()}
    different = {name: value for name, value in changed.items() if value is not values[name]}
    made = replace(whole, **different) if different else whole
    return change(made) if isinstance(made, Node) else made  # type: ignore[return-value]


def _rewritten_value(value: object, change: Callable[[Node], Node]) -> object:
    match value:
        case Node() | Term():
            return rewritten(value, change)
        case tuple() if any(isinstance(one, Node | Term) for one in value):
            made = tuple(rewritten(one, change) for one in value)
            return value if all(new is old for new, old in zip(made, value, strict=True)) else made
        case _:
            return value
