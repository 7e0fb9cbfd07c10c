"""Answers `person:` and `only:` from what is stored of faces; computes nothing and loads no model."""

from collections.abc import Collection, Iterable, Sequence

from search.errors import QuerySyntaxError
from search.fusion import Answer, Clue
from search.people.names import PersonError, find_persons
from search.people.places import together
from search.people.records import NOBODY, Sighting
from search.query import Only, Somebody
from search.records import Evidence
from search.store import Library
from search.store import people as rows

SPACE = "person"
"""What evidence of a known face is called."""

LEAST = 0.9
"""What a known face scores at least; the clearer it is, the more, so that good pictures come first."""

TINY = 0.04
"""A face without a name whose longer side is no more of the picture is a passer-by to `only:`."""


class Roster:
    """The people of a library for the search engine; safe to use from several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._names: tuple[int, dict[int, str], frozenset[int]] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no face is known at all."""
        _, there = self._known()
        return not there

    def answer(self, leaf: Somebody | Only, scope: Collection[str] | None) -> Answer:
        """Return where these people are, in the contents of `scope` if it is given.

        Raises `QuerySyntaxError`, over the leaf, for a name that nobody has.
        """
        try:
            match leaf:
                case Somebody(name):
                    return self._somebody(name, scope)
                case Only(names):
                    return self._only(names, scope)
        except PersonError as error:
            raise QuerySyntaxError(error.message, *leaf.span, error.remedy) from error

    def _somebody(self, name: str, scope: Collection[str] | None) -> Answer:
        found = self._faces(self._find(name), scope)
        return self._answer(sorted(found, key=lambda one: (-one.quality, one.id)))

    def _only(self, names: Sequence[str], scope: Collection[str] | None) -> Answer:
        wanted = [self._find(name) for name in names]
        everybody = set().union(*wanted)
        candidates = self._faces(everybody, scope)
        shown = rows.of_contents(self._library, {one.anchor.digest for one in candidates})
        beside: dict[str, list[Sighting]] = {}
        for one in shown:
            if one.person != NOBODY and not self._is_passer_by(one):
                beside.setdefault(one.anchor.digest, []).append(one)
        found = [
            one for one in candidates if _are_only(beside.get(one.anchor.digest, ()), one, wanted, everybody)
        ]
        return self._answer(sorted(found, key=lambda one: (-one.quality, one.id)))

    def _is_passer_by(self, one: Sighting) -> bool:
        left, top, right, bottom = one.anchor.box
        names, _ = self._known()
        return one.person not in names and max(right - left, bottom - top) <= TINY

    def _find(self, name: str) -> set[int]:
        names, there = self._known()
        return find_persons(name, names, there)

    def _faces(self, persons: Iterable[int], scope: Collection[str] | None) -> list[Sighting]:
        found = rows.of_persons(self._library, persons)
        return [one for one in found if scope is None or one.anchor.digest in scope]

    def _answer(self, faces: Sequence[Sighting]) -> Answer:
        names, _ = self._known()
        found: Answer = {}
        for rank, one in enumerate(faces, start=1):
            name = names.get(one.person) or f"person {one.person}"
            score = LEAST + (1 - LEAST) * one.quality
            evidence = Evidence(SPACE, rank, one.quality, one.anchor.locator, name, score)
            found.setdefault(one.anchor.digest, []).append(Clue(evidence))
        return found

    def _known(self) -> tuple[dict[int, str], frozenset[int]]:
        """Return the names by person, and everybody there is; read once for each commit."""
        generation = self._library.generation
        if self._names is None or self._names[0] != generation:
            self._names = generation, rows.names(self._library), rows.persons(self._library)
        return self._names[1:]


def _are_only(
    shown: Iterable[Sighting], one: Sighting, wanted: Sequence[set[int]], everybody: set[int]
) -> bool:
    """Whether those seen together with a face are all that are wanted and nobody else."""
    here = {other.person for other in shown if together(other.anchor.place, one.anchor.place)}
    return here <= everybody and all(here & persons for persons in wanted)
