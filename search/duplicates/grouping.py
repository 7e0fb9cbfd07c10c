"""From pairs to groups."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from search.duplicates.verdict import Verdict

Links = Mapping[str, set[str]]
Told = tuple[str, Verdict]


def links(pairs: Iterable[tuple[str, str]]) -> Links:
    """Return for each name the ones it is paired with."""
    made: dict[str, set[str]] = {}
    for one, other in pairs:
        made.setdefault(one, set()).add(other)
        made.setdefault(other, set()).add(one)
    return made


def components(linked: Links) -> Iterator[set[str]]:
    """Yield the names that hang together."""
    left = dict.fromkeys(linked)
    while left:
        found = {next(iter(left))}
        todo = list(found)
        while todo:
            new = linked[todo.pop()] - found
            found |= new
            todo += new
        for name in found:
            del left[name]
        yield found


def stars(
    ranked: Sequence[str], verdict: Callable[[str, str], Verdict | None]
) -> Iterator[tuple[str, list[Told]]]:
    """Yield a first name and the others that by the verdict belong to it, until none is left that has some.

    Belonging is not handed on: of three in a row, the two ends need not be in one group.
    """
    left = list(ranked)
    while len(left) > 1:
        first, *others = left
        told = [(other, found) for other in others if (found := verdict(first, other))]
        if told:
            yield first, told
        taken = {other for other, _ in told}
        left = [other for other in others if other not in taken]


def chain(
    first: str, linked: Links, verdict: Callable[[str, str], Verdict | None]
) -> Iterator[tuple[str, str, Verdict]]:
    """Yield (to whom, who, what it is) for all that hang together with the first, the nearest first."""
    reached = {first: None}
    todo = [first]
    for name in todo:
        for other in sorted(linked.get(name, ())):
            if other not in reached and (found := verdict(name, other)):
                reached[other] = None
                todo.append(other)
                yield name, other, found
