"""Other forms of a word that texts may hold instead of it: inflected, longer, misspelled.

They come from the library's own vocabulary, so that what is looked for is there to be found, and each has a
credit 0..1: how much it counts beside the word itself. A word in numbers is never taken for another one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from search.sounding import sound_of
from search.store.text import fold
from search.vocabulary import Vocabulary, Written

INFLECTED, LONGER, HOLDING = 0.8, 0.7, 0.6
MISSPELLED = {1: 0.65, 2: 0.45}
"""Credit by the number of edits."""

STARRED = 100
"""How many words stand for one that was cut short with a star, the most frequent ones."""

MOST_WORDS = 32
"""A text of more words is no question but a text: it is looked for as it stands."""

_FEW = 20
_LEAST, _LEAST_PART, _LEAST_STAR = 4, 5, 2
"""Letters a word must have for its forms to be looked for, to be a part of others, to stand before a star."""

_LEAST_HEARD, _TWO_HEARD, _MOST_HEARD = 3, 6, 3
"""Letters of a word in doubt: at least, from where on two may be wrong; how many in one that sounds alike."""

_TWO_EDITS = 8
"""From so many letters on a word may have two of them wrong."""

_NEAR = 6
_STAR = re.compile(r"([^\W_]+)\*(?=\s|$)")
_DOUBTED = re.compile(r"([^\W_]+)~(?=\s|$)")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z\u00df-\u024f]+")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_SPACED = re.compile(f"[^{_UNSPACED}]+")
_ENDINGS = (
    *("s", "es", "ed", "d", "ing", "er", "ers", "n", "en", "e", "em", "ern", "nen", "r"),
    *("x", "i", "o", "a", "os", "as", "y", "ly"),
)
_CASE = 2
"""Letters by which forms of a word differ at their end in scripts other than the Latin one."""

Forms = Mapping[str, float]
"""Other words with their credits."""

IsWord = Callable[[str], bool]
"""Whether something is a word, though the library may not hold it: then it is not misspelt."""


def nothing_known(_: str) -> bool:
    """Know no words beside those of the library."""
    return False


def starred(text: str) -> list[str]:
    """Return the folded words that end with a star: beginnings of words."""
    return [word for word in _STAR.findall(fold(text)) if len(word) >= _LEAST_STAR]


def unstarred(text: str) -> str:
    """Return the text without the words that end with a star, which mean nothing to a model, and without
    the sign of doubt behind others."""
    return " ".join(word for word in undoubted(text).split() if not _STAR.fullmatch(word))


def doubted(text: str) -> list[str]:
    """Return the folded words that end with a tilde: they may be spelt or heard wrong."""
    return _DOUBTED.findall(fold(text))


def undoubted(text: str) -> str:
    """Return the text without the tildes behind its words."""
    return _DOUBTED.sub(r"\1", text)


def like(word: str, vocabulary: Vocabulary) -> dict[str, float]:
    """Return the words that may be meant by one that is in doubt and that the library does not hold, be it
    a word or none: one edit away, in longer words two, and what sounds alike up to three."""
    if len(word) < _LEAST_HEARD or not _LETTERS.fullmatch(word) or word in vocabulary:
        return {}
    key, found = sound_of(word), dict[str, float]()
    for edits, one in vocabulary.near(word, _MOST_HEARD):
        is_alike = sound_of(one.word) == key
        if is_alike or edits == 1 or (edits == 2 and len(word) >= _TWO_HEARD):
            found[one.word] = MISSPELLED[1 if is_alike else edits]
    return dict(islice(found.items(), _FEW))


def completions(word: str, vocabulary: Vocabulary) -> dict[str, float]:
    """Return the words that begin so, each as good as another."""
    return {one.word: 1.0 for one in vocabulary.beginning(word)[:STARRED] if one.word != word}


def forms(word: str, vocabulary: Vocabulary, is_word: IsWord = nothing_known) -> dict[str, float]:
    """Return other forms of a folded word, the best credit of each; none of short words and numbers.

    Inflected forms count always; longer words, and words like it, only where the word itself is nowhere.
    """
    if len(word) < _LEAST or not _LETTERS.fullmatch(word) or not _SPACED.fullmatch(word):
        return {}
    found = dict.fromkeys(inflected(word, vocabulary), INFLECTED)
    if word not in vocabulary:
        for form, credit in _instead(word, vocabulary, is_word):
            found.setdefault(form, credit)
    return found


def inflected(word: str, vocabulary: Vocabulary) -> list[str]:
    """Return the forms of a word that differ in an ending."""
    if not _LATIN.fullmatch(word):
        stem = word[:-_CASE] if len(word) > _LEAST + _CASE else word[:-1] if len(word) > _LEAST else word
        alike = vocabulary.beginning(stem)
        return [one.word for one in alike if one.word != word and len(one.word) <= len(word) + _CASE]
    stems = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
    made = [word + ending for ending in _ENDINGS] + [stem for stem in stems if len(stem) >= _LEAST]
    made += [word[:-1] + "ies"] if word.endswith("y") else []
    made += [word[:-3] + "y"] if word.endswith("ies") else []
    return [form for form in dict.fromkeys(made) if form in vocabulary]


def _instead(word: str, vocabulary: Vocabulary, is_word: IsWord) -> Iterator[tuple[str, float]]:
    """Yield what may stand for a word that the library does not hold."""
    longer = [one for one in vocabulary.beginning(word) if one.word != word]
    yield from ((one.word, LONGER) for one in longer[:_FEW])
    if len(word) >= _LEAST_PART:
        yield from ((one.word, HOLDING) for one in islice(vocabulary.holding(word), _FEW))
    if not longer and not is_word(word):
        yield from ((one.word, MISSPELLED[edits]) for edits, one in misspelled(word, vocabulary)[:_NEAR])


def misspelled(word: str, vocabulary: Vocabulary) -> list[tuple[int, Written]]:
    """Return the words this one may be meant to be, with the number of edits: one, or two in long words; who
    mistypes gets the first letter right, or swaps it with the second."""
    most = 2 if len(word) >= _TWO_EDITS else 1
    return [
        (edits, one)
        for edits, one in vocabulary.near(word, most)
        if len(one.word) >= _LEAST and one.word[0] in word[:2] and _LETTERS.fullmatch(one.word)
    ]


def of_words(
    text: str, words: tuple[str, ...], vocabulary: Vocabulary, is_word: IsWord = nothing_known
) -> dict[str, Forms]:
    """Return the other forms of each of the words of a text; none where it has very many."""
    if len(words) > MOST_WORDS:
        return {}
    cut, unsure = set(starred(text)), set(doubted(text))
    found = {
        word: completions(word, vocabulary) if word in cut else forms(word, vocabulary, is_word)
        for word in words
    }
    return {
        word: {**like(word, vocabulary), **those} if word in unsure else those
        for word, those in found.items()
    }
