"""Changes one part of the text of a query and leaves all else as the person wrote it.

Every function takes a text that can be read and gives one that means exactly what was wanted: the part is
exchanged in the text where that means it, else the query is written anew. Raises `QuerySyntaxError`
where the text, or what would become of it, cannot be read.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal

from search.errors import QuerySyntaxError
from search.parser import parse
from search.query import And, Not, Or, Part, Same, Scope, Scored, Then
from search.written import format as written

Join = Literal["and", "or", "not", "moment", "page", "pair", "file", "folder", "then"]
"""How something is added to a query: the scopes are those of `SAME`."""

_OPERATOR_BEFORE = re.compile(r"(?:(?<=\s)|^)(?:AND|OR|THEN)\s*$")
_OPERATOR_BEHIND = re.compile(r"^\s*(?:AND|OR|THEN)(?=\s)")
_WITHIN = re.compile(r"^\s*WITHIN\s+\d\S*(?:\s+(?:sec|min|s|m|h)(?=[\s)]|$))?")


def replaced(text: str, old: Part, new: Part) -> str:
    """Return the text with `new` in the place of `old`, a part of what `text` means."""
    wanted = _changed(parse(text).root, old, lambda _: new)
    assert wanted is not None
    told = written(new)
    start, end = old.span
    forms = (told, f"({told})")
    return _first_that_means(wanted, (text[:start] + form + text[end:] for form in forms))


def removed(text: str, old: Part) -> str:
    """Return the text without a part of what it means; nothing when nothing else is asked."""
    wanted = _changed(parse(text).root, old, lambda _: None)
    return "" if wanted is None else _first_that_means(wanted, _cuts(text, *old.span))


def negated(text: str, old: Part) -> str:
    """Return the text with `NOT` before a part, or without the `NOT` that it is."""
    return replaced(text, old, old.part if isinstance(old, Not) else Not(old))


def added(text: str, part: Part, how: Join = "and", within_s: float | None = None) -> str:
    """Return the text with one more part; `within_s` goes with "then"."""
    if not text.strip():
        return written(Not(part) if how == "not" else part)
    root, told = parse(text).root, written(part)
    text = text.strip()
    match how:
        case "or":
            several = (*root.parts, part) if isinstance(root, Or) and root.weight == 1 else (root, part)
            return _first_that_means(Or(several), [f"{text} OR {told}", f"{text} OR ({told})"])
        case "then":
            steps, gaps = _steps(root)
            return _first_that_means(Then((*steps, part), (*gaps, within_s)), [])
        case "and" | "not":
            new = Not(part) if how == "not" else part
            several = (*root.parts, new) if isinstance(root, And) and root.weight == 1 else (root, new)
            told = written(new)
            forms = (f"{text} {told}", f"({text}) {told}", f"{text} AND {told}")
            return _first_that_means(And(several), forms)
        case _:
            return _first_that_means(_together(root, part, how), [])


def _steps(root: Part) -> tuple[tuple[Part, ...], tuple[float | None, ...]]:
    if isinstance(root, Then) and root.weight == 1:
        return root.parts, root.within_s
    return (root,), ()


def _together(root: Part, part: Part, scope: Scope) -> Part:
    """Put a part beside what a `SAME` of this scope holds, or all of the query into one."""
    inner = root.part if isinstance(root, Same) and (root.scope, root.weight) == (scope, 1) else root
    both = (*inner.parts, part) if isinstance(inner, And) and inner.weight == 1 else (inner, part)
    return Same(scope, And(both))


def _changed(part: Part, old: Part, change: Callable[[Part], Part | None]) -> Part | None:
    """Return the tree with `old`, known by its place, changed; what is left empty goes with it."""
    if part.span == old.span and part == old:
        return change(part)
    match part:
        case And(parts) | Or(parts):
            left = tuple(new for one in parts if (new := _changed(one, old, change)) is not None)
            return _joined(part, left) if left else None
        case Then(parts, gaps):
            steps = [(_changed(one, old, change), gap) for one, gap in zip(parts, (None, *gaps), strict=True)]
            kept = [(one, gap) for one, gap in steps if one is not None]
            if len(kept) < 2:
                return _weighted(kept[0][0], part.weight) if kept else None
            return replace(
                part, parts=tuple(one for one, _ in kept), within_s=tuple(gap for _, gap in kept[1:])
            )
        case Not(inner) | Same(_, inner):
            changed = _changed(inner, old, change)
            return None if changed is None else replace(part, part=changed)
        case _:
            return part


def _joined(part: And | Or, left: tuple[Part, ...]) -> Part:
    return replace(part, parts=left) if len(left) > 1 else _weighted(left[0], part.weight)


def _weighted(part: Part, weight: float) -> Part:
    """Keep the weight of brackets in which one part is left."""
    return replace(part, weight=round(part.weight * weight, 6)) if isinstance(part, Scored) else part


def _cuts(text: str, start: int, end: int) -> Iterator[str]:
    """Yield the text without a stretch: alone, with the operator before it, with the one behind it."""
    before, behind = text[:start], text[end:]
    yield _closed(before, behind)
    yield _closed(_OPERATOR_BEFORE.sub("", before), _WITHIN.sub("", behind))
    yield _closed(before, _OPERATOR_BEHIND.sub("", _WITHIN.sub("", behind)))


def _closed(before: str, behind: str) -> str:
    """Join what is left on both sides of a gap."""
    before, behind = before.rstrip(), behind.lstrip()
    glue = "" if before.endswith("(") or behind.startswith(")") else " "
    return f"{before}{glue}{behind}".strip()


def _first_that_means(root: Part, texts: Iterable[str]) -> str:
    """Return the first text that means the tree, else the tree as it is written."""
    for text in texts:
        try:
            if text and parse(text).root == root:
                return text
        except QuerySyntaxError:
            continue
    whole = written(root)
    parse(whole)
    return whole
