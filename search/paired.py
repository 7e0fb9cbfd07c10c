"""Turns questions with several parts into parts of a query that a pair of places answers together.

The whole question is asked as before; what a pair that answers all of its parts scores counts where it is
more. So a question that was split needlessly loses nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from search import written
from search.parting import Subquestion, parts_of, subquestion
from search.query import And, Or, Part, Said, Same, Scene, Words, conjuncts
from search.variants import unstarred

WHOLE = 0.8
"""What the answer to all words of a split question counts beside a pair that answers its parts: it may be
sure of one part and know nothing of the other."""

ASIDE = 0.9
"""The weight of what answers a part in another way than the question names: a text about what is to be
shown or said."""

Labels = Mapping[Part, str]
"""How the parts of a question are told to a person."""


def label(part: Part, labels: Labels) -> str:
    """Return how a part is told."""
    return labels.get(part) or written.format(part)


def paired(part: Part | None) -> tuple[Part | None, Labels]:
    """Return what ranks a query with its questions split, and the names of their parts."""
    labels: dict[Part, str] = {}
    return None if part is None else _split(part, labels), labels


def _split(part: Part, labels: dict[Part, str]) -> Part:
    match part:
        case Words(text):
            asked = [_asked(one, labels) for one in parts_of(text)]
            if not asked:
                return part
            whole = replace(part, weight=WHOLE * part.weight)
            return Or((whole, Same("pair", And(tuple(asked)), weight=part.weight)), weight=part.weight)
        case Or(parts):
            return replace(part, parts=tuple(_split(one, labels) for one in parts))
        case Same("pair", inner):
            asked = [made for one in conjuncts(inner) for made in _parts(one, labels)]
            return replace(part, part=And(tuple(asked)) if len(asked) > 1 else asked[0])
        case _:
            return part


def _parts(part: Part, labels: dict[Part, str]) -> list[Part]:
    """Return what a part of a `SAME pair` asks: bare words may hold several parts."""
    if not isinstance(part, Words):
        return [part]
    asked = parts_of(part.text, wide=True) or (replace(subquestion(part.text), text=part.text),)
    return [_asked(one, labels, part.weight) for one in asked]


def _asked(question: Subquestion, labels: dict[Part, str], weight: float = 1.0) -> Part:
    """Return how one part is asked: a chart is looked at as well as read about, what is said is heard."""
    worded = Words(question.telling)
    part: Part
    match question.sort:
        case "any":
            part = replace(worded, weight=weight)
        case "picture":
            part = Or((Scene(unstarred(question.text)), worded), weight=weight)
        case "table":
            part = Or((worded, Words(question.text, weight=ASIDE)), weight=weight)
        case "said":
            part = Or((Said(question.core), replace(worded, weight=ASIDE)), weight=weight)
        case _:
            assert_never(question.sort)
    labels.setdefault(part, question.text)
    return part
