"""What of a query is shown as chips: its parts in their order, with the operators between them."""

from collections.abc import Iterator
from dataclasses import dataclass

from search.query import And, Not, Or, Part, Same, Then, Words, children
from ui.language import mark, tr
from ui.query.naming import title, value
from ui.wording import duration

_SCOPES = {
    "moment": mark("in the same moment"),
    "page": mark("on the same page"),
    "pair": mark("in one or two places of a file"),
    "file": mark("in the same file"),
    "folder": mark("in the same folder"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A part with a chip. `whole` is what goes when it is taken out: the part, or the NOT before it."""

    part: Part
    whole: Part

    @property
    def negated(self) -> bool:
        """Whether it is what must not be there."""
        return isinstance(self.whole, Not)

    @property
    def title(self) -> str:
        """What kind of part it is."""
        return title(self.part)

    @property
    def value(self) -> str:
        """What it asks for."""
        return value(self.part)


@dataclass(frozen=True, slots=True)
class Sign:
    """Words between chips: an operator, a bracket, plain words inside brackets."""

    text: str


Item = Shown | Sign


def items(root: Part) -> tuple[Item, ...]:
    """Return what is shown of a query; bare words that simply stand in it are not."""
    return tuple(_row(root.parts) if isinstance(root, And) else _items(root, is_bare=True))


def _row(parts: tuple[Part, ...]) -> Iterator[Item]:
    for part in parts:
        if not isinstance(part, Words):
            yield from _items(part)


def _items(part: Part, *, is_bare: bool = False) -> Iterator[Item]:
    match part:
        case Words():
            if not is_bare:
                yield Sign(part.text)
        case Or(parts):
            yield from _listed(parts, [tr("or")] * (len(parts) - 1), brackets=not is_bare)
        case Then(parts, gaps):
            told = [
                tr("then") if gap is None else tr("then within {duration}", duration=duration(gap))
                for gap in gaps
            ]
            yield from _listed(parts, told, brackets=not is_bare)
        case And(parts):
            yield from _listed(parts, [tr("and")] * (len(parts) - 1), brackets=True)
        case Same(scope, inner):
            yield Sign(f"{tr(_SCOPES[scope])}:")
            yield from _items(inner)
        case Not(inner) if children(inner) or isinstance(inner, Words):
            yield Sign(tr("not"))
            yield from _items(inner)
        case Not(inner):
            yield Shown(inner, part)
        case _:
            yield Shown(part, part)


def _listed(parts: tuple[Part, ...], between: list[str], *, brackets: bool) -> Iterator[Item]:
    if brackets:
        yield Sign("(")
    for part, sign in zip(parts, ["", *between], strict=True):
        if sign:
            yield Sign(sign)
        yield from _items(part)
    if brackets:
        yield Sign(")")
