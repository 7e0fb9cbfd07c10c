"""What a query may have been meant to say: words spelt otherwise, or typed with another keyboard layout.

Nothing is replaced: what was typed is always searched, and a word that the library holds is never touched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from search import written
from search.function_words import FUNCTION_WORDS
from search.keyboards import retyped
from search.query import (
    And,
    Camera,
    InFolder,
    Name,
    Objects,
    Or,
    Paged,
    PageText,
    Part,
    Phrase,
    Place,
    Query,
    Said,
    Same,
    Scene,
    Sound,
    Tag,
    Then,
    Words,
)
from search.records import Fix
from search.store.text import fold
from search.variants import MOST_WORDS, IsWord, forms, inflected, misspelled
from search.vocabulary import Vocabulary
from search.wording import words_of

ASIDE = 0.9
"""The weight of what may be meant beside what was typed."""

POOR = 0.62
"""What holds all words of a query scores at least this much. When nothing does, other spellings are tried."""

_TOKEN = re.compile(r"[^\W_]+")
_STARRED = re.compile(r"\*(?=\s|$)")
_LEAST_TYPED = 3
"""Letters a text must have to be taken for one of another layout."""

_Texts = Words | Phrase | Paged | PageText | Said | Scene | Objects | Sound
_Facts = Name | Camera | InFolder | Place | Tag


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of one text of a query: `kind` is `spelling` or `keyboard`."""

    kind: str
    typed: str
    meant: str

    def fix(self, gain: float) -> Fix:
        """Return what is told when the other reading was searched as well and its best hit is that much
        better."""
        if self.kind == "keyboard":
            why = "it is what the same keys give with another keyboard layout."
        else:
            why = f'the library does not hold "{self.typed}".'
        return Fix(self.kind, True, f'"{self.meant}" was searched as well: {why}', round(gain, 4))


@dataclass(frozen=True, slots=True)
class Mended:
    """A query that also asks for what may be meant; `instead` asks for nothing else."""

    both: Query
    instead: Query
    readings: tuple[Reading, ...]

    def applied(self, gain: float) -> dict[str, Fix]:
        """Return what is told of a query that was searched with both."""
        return {reading.meant: reading.fix(gain) for reading in self.readings}

    def suggested(self) -> dict[str, Fix]:
        """Return what is told where the person wants to decide."""
        text = written.format(self.instead)
        return {text: Fix(self.readings[0].kind, False, f"Did you mean: {text}", 0.0)}


def mended(query: Query, vocabulary: Vocabulary, is_word: IsWord) -> Mended | None:
    """Return how a query may be meant, None when every word of it is known or nothing is near.

    `is_word` says of a word that it is one although the library does not hold it: it is left alone.
    """
    mender = _Mender(vocabulary, is_word)
    both, instead = mender.part(query.root, beside=True), mender.part(query.root, beside=False)
    if not mender.readings:
        return None
    return Mended(Query(both), Query(instead), tuple(dict.fromkeys(mender.readings)))


class _Mender:
    def __init__(self, vocabulary: Vocabulary, is_word: IsWord) -> None:
        self._vocabulary = vocabulary
        self._is_word = is_word
        self.readings: list[Reading] = []

    def part(self, part: Part, *, beside: bool) -> Part:
        """Return a part with what may be meant in the place of what was typed, or `beside` it. What a NOT
        rules out stays as it is: nobody wants to lose hits to a guess."""
        match part:
            case And(parts) | Or(parts) | Then(parts):
                return replace(part, parts=tuple(self.part(one, beside=beside) for one in parts))
            case Same(_, inner):
                return replace(part, part=self.part(inner, beside=beside))
            case _ if isinstance(part, _Texts):
                other = self._text(part)
                if other is None:
                    return part
                lighter = replace(other, weight=part.weight * ASIDE)
                return Or((part, lighter), weight=part.weight) if beside else other
            case _ if isinstance(part, _Facts):
                fact = self._fact(part)
                return part if fact is None else Or((part, fact)) if beside else fact
            case _:
                return part

    def _text(self, part: _Texts) -> _Texts | None:
        meant = self._meant(part.text)
        return replace(part, text=meant) if meant else None

    def _fact(self, fact: _Facts) -> _Facts | None:
        match fact:
            case Tag(text) | InFolder(text) | Place(text) | Name(text) | Camera(text):
                meant = self._meant(text)
                return type(fact)(meant, span=fact.span) if meant else None

    def _meant(self, text: str) -> str | None:
        """Return another reading of a text, and note it."""
        reading = self._retyped(text) or self._respelt(text)
        if reading is None:
            return None
        self.readings.append(reading)
        return reading.meant

    def _retyped(self, text: str) -> Reading | None:
        """Take all of a text for one that was typed with another layout: when the library holds no word of
        it, and every word that it then is."""
        if len(text) < _LEAST_TYPED or any(map(self._is_known, words_of(text))):
            return None
        for made, _ in retyped(text):
            words = words_of(made)
            if words and all(word in self._vocabulary for word in words):
                return Reading("keyboard", text, made)
        return None

    def _respelt(self, text: str) -> Reading | None:
        words = words_of(text)
        if _STARRED.search(text) or len(words) > MOST_WORDS:
            return None
        wrong = {word: near for word in words if (near := self._nearest(word))}
        if not wrong:
            return None
        typed = " ".join(token for token in _TOKEN.findall(text) if fold(token) in wrong)
        return Reading("spelling", typed, _replaced(text, wrong))

    def _nearest(self, word: str) -> str | None:
        if self._is_known(word) or inflected(word, self._vocabulary) or not forms(word, self._vocabulary):
            return None
        found = misspelled(word, self._vocabulary)
        return found[0][1].word if found and not self._vocabulary.beginning(word) else None

    def _is_known(self, word: str) -> bool:
        return word in self._vocabulary or word in FUNCTION_WORDS or self._is_word(word)


def _replaced(text: str, words: Mapping[str, str]) -> str:
    return _TOKEN.sub(lambda token: words.get(fold(token[0]), token[0]), text)
