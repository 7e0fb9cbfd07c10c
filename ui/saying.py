"""Says in the language of the window what the rest of the program says in English.

`search`, `indexers` and `app` know of no window: their sentences are for the command line and for logs as
well, and go from process to process as they are. Here a sentence is recognised by the text that it was made
of, "{path} cannot be read: {strerror:text}.", and said in the language with what stood in its gaps. Which
texts there are `tools.sentences` finds in the code; files of translators have them in the context "said".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import Formatter

from ui.language import number, tr, translations

CONTEXT = "said"
_NUMBERS = r"([-+]?[\d.,]+(?:e[-+]?\d+)?%?)"
_KIND = re.compile(r"(?<!{){(\w+):\w+}")
_BETWEEN = re.compile(r"(?<=[.!?])(\s+)")
_NUMBER = re.compile(r"[-+]?[\d,]+(?:\.(\d+))?")
_GLUE = 4
"""A text with fewer letters than this, as "{name} is {kind:text}.", holds others together: it means nothing
without them, and a reading that does without it is the better one."""

_MOST_TOGETHER = 12
_MOST_KNOWN = 2000


def said(text: str) -> str:
    """Say what the program said in the language of the window; what is not recognised stays as it is."""
    told = translations(CONTEXT)
    if _shown.told is not told:
        _shown.told, _shown.reader = told, Reader(told)
    return _shown.reader.read(text).said


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in the language, and how many of its letters were recognised."""

    said: str
    score: int = 0


class Reader:
    """Recognises sentences; `told` has the texts that there are and how each is said."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._whole = {text: said for text, said in told.items() if "{" not in text}
        self._templates = [_Template(text, said) for text, said in told.items() if "{" in text]
        self._known: dict[str, Reading] = {}

    def read(self, text: str) -> Reading:
        """Read sentences that stand one after the other, so that as much as possible is recognised."""
        if not self._whole and not self._templates:
            return Reading(text)
        if text not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[text] = self._read(_BETWEEN.split(text, _MOST_TOGETHER))
        return self._known[text]

    def _read(self, parts: Sequence[str]) -> Reading:
        """Read sentences and, between them, spaces: what ends with a full stop may be one, or part of one."""
        best = [Reading("")]
        for first in range(len(parts) - 1, -1, -2):
            ways = []
            for behind in range(first + 1, len(parts) + 1, 2):
                head, rest = self._sentence("".join(parts[first:behind])), best[(behind - first) // 2]
                space = "".join(parts[behind : behind + 1])
                ways.append(Reading(head.said + space + rest.said, head.score + rest.score))
            best.insert(0, max(ways, key=_score))
        return best[0]

    def _sentence(self, text: str) -> Reading:
        """Read a single one, also where its first letter or its full stop is not as it was written."""
        ways = list(self._matches(text))
        otherwise = text[:-1] if text.endswith(".") else f"{text}."
        ways += [Reading(_ended(one.said, text), one.score - 1) for one in self._matches(otherwise)]
        if text[:1].isupper() and (small := self._sentence(text[0].lower() + text[1:])).score:
            ways.append(Reading(small.said[:1].upper() + small.said[1:], small.score - 1))
        return max(ways, key=_score, default=Reading(text))

    def _matches(self, text: str) -> Iterator[Reading]:
        if text in self._whole:
            yield Reading(self._whole[text], len(text))
        for template in self._templates:
            if (values := template.values(text)) is not None:
                yield from self._filled(template, values)

    def _filled(self, template: "_Template", values: Sequence[str]) -> Iterator[Reading]:
        score, filling = -1 if template.is_glue else len(template.letters), dict[str, str]()
        for (name, kind), value in zip(template.gaps, values, strict=True):
            filling[name] = value
            if kind == "number":
                filling[name] = _in_figures(value)
            elif kind == "or":
                filling[name] = tr(" or ").join(value.split(" or "))
            elif kind == "text":
                inner = self.read(value)
                if not inner.score and template.is_glue:
                    return
                filling[name] = inner.said
                score += inner.score
        yield Reading(template.said.format_map(filling), score)


class _Template:
    """A text with gaps; `letters` is what stands between them, `gaps` has the name and kind of each."""

    def __init__(self, text: str, said: str) -> None:
        self._parts = [(literal, name, kind or "") for literal, name, kind, _ in Formatter().parse(text)]
        self._longest = max((literal for literal, _, _ in self._parts), key=len)
        self.letters = "".join(literal for literal, _, _ in self._parts)
        self.gaps = [(name, kind) for _, name, kind in self._parts if name is not None]
        self.is_glue = sum(map(str.isalpha, self.letters)) < _GLUE
        self.said = _KIND.sub(r"{\1}", said)

    def values(self, text: str) -> tuple[str, ...] | None:
        """Return what stands in the gaps of a text; None where it is another one."""
        if self._longest not in text:
            return None
        found = self._pattern.fullmatch(text)
        return found.groups() if found else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = (
            re.escape(literal) + (_NUMBERS if kind == "number" else "(.+?)") * (name is not None)
            for literal, name, kind in self._parts
        )
        return re.compile("".join(parts), re.DOTALL)


def _score(reading: Reading) -> int:
    return reading.score


def _ended(said: str, text: str) -> str:
    """End a sentence as another one does, with a full stop or without."""
    return said.removesuffix(".") + "." * text.endswith(".")


def _in_figures(value: str) -> str:
    """Write a number, or a share in per cent, as the language does."""
    figures = value.removesuffix("%")
    found = _NUMBER.fullmatch(figures)
    if found is None:
        return value
    sign = "+" * figures.startswith("+")
    shown = sign + number(float(figures.replace(",", "")), len(found[1] or ""))
    return shown if figures == value else tr("{n}%", n=shown)


@dataclass(slots=True)
class _Shown:
    told: Mapping[str, str]
    reader: Reader


_shown = _Shown({}, Reader({}))
