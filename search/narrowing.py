"""Adds filters to the text of a query and takes them out again, leaving the rest as the person wrote it."""

from search.errors import QuerySyntaxError
from search.parser import parse
from search.query import And, Or, Part, Somebody, Then, conjuncts, is_filter
from search.written import format as written


def filters_in(text: str) -> tuple[Part, ...]:
    """Return what every hit must pass, filters and who must be there. Raises `QuerySyntaxError`."""
    if not text.strip():
        return ()
    return tuple(
        part for part in conjuncts(parse(text).root) if is_filter(part) or isinstance(part, Somebody)
    )


def narrowed(text: str, part: Part) -> str:
    """Return the query with one more filter. Raises `QuerySyntaxError`."""
    if not text.strip():
        return written(part)
    whole = f"({text.strip()})" if isinstance(parse(text).root, Or | Then) else text.strip()
    return f"{whole} {written(part)}"


def widened(text: str, part: Part) -> str:
    """Return the query without this filter, wherever it stands among those that every hit must pass.

    Raises `QuerySyntaxError`.
    """
    parts = conjuncts(parse(text).root)
    left = tuple(other for other in parts if not is_same(other, part))
    if not left:
        return ""
    shorter = text
    for gone in sorted((p for p in parts if is_same(p, part)), key=lambda p: p.span, reverse=True):
        shorter = f"{shorter[: gone.span[0]].rstrip()} {shorter[gone.span[1] :].lstrip()}"
    root = And(left) if len(left) > 1 else left[0]
    return shorter.strip() if _means(shorter, root) else written(root)


def is_same(one: Part, other: Part) -> bool:
    """Whether two filters are written alike but for upper and lower case."""
    return written(one).casefold() == written(other).casefold()


def _means(text: str, root: Part) -> bool:
    try:
        return bool(text.strip()) and parse(text).root == root
    except QuerySyntaxError:
        return False
