"""The vocabulary of a library, kept up to date while it is asked.

Each table of words is counted once. While somebody indexes, what is new in it is counted no more than every
half minute: a word that came a moment ago is found all the same, it is only not suggested yet. Words of what
was taken out stay known until the library is opened anew.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from search.holdings import CHANGES_ALONE, HELD
from search.store import Library, Words
from search.store.schema import FIXED
from search.variants import IsWord, nothing_known, of_words, undoubted
from search.vocabulary import Vocabulary, Written
from search.wording import Terms, words_of

STALE_S = 30.0
KEPT = 64
FEW = 2_000
"""So many new contents are counted by themselves; when there are more, everything is counted again."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """The words of one version of a table, and the contents they are of."""

    version: tuple[str, int]
    words: Mapping[str, int]
    digests: frozenset[str] = frozenset()


class Lexicon:
    """Words and names. Safe to use from several threads; the first use counts all words."""

    def __init__(self, library: Library, clock: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._clock = clock
        self._guard = threading.Lock()
        self._counts: dict[str, _Counted] = {}
        self._known: tuple[object, float, Vocabulary] | None = None
        self._names: dict[str, tuple[object, Sequence[Written]]] = {}

    def words(self) -> Vocabulary:
        """Return the words of texts, names of files, facts, tags and people. Raises `LibraryCorruptError`."""
        with self._guard:
            versions = self._library.worded()
            now = self._clock()
            if self._known and (self._known[0] == versions or now - self._known[1] < STALE_S):
                return self._known[2]
            self._counts = {name: self._counted(name, version) for name, version in versions.items()}
            total: Counter[str] = Counter()
            for counted in self._counts.values():
                total.update(counted.words)
            vocabulary = Vocabulary(total)
            self._known = (versions, now, vocabulary)
            return vocabulary

    def _counted(self, name: str, version: tuple[str, int]) -> _Counted:
        """Count a table, or what is new in it since it was counted before."""
        before = self._counts.get(name)
        if before and before.version == version:
            return before
        if name in FIXED:
            return _Counted(version, self._library.word_counts(name))
        there = self._library.worded_contents(name)
        if before is None or before.version[0] != version[0] or len(there - before.digests) > FEW:
            return _Counted(version, self._library.word_counts(name), there)
        words = Counter(before.words)
        if new := there - before.digests:
            words.update(self._library.word_counts(name, new))
        return _Counted(version, words, there | before.digests)

    def named(self, prefix: str) -> Sequence[Written]:
        """Return what the library knows to stand behind a prefix of `search.holdings`, with its counts.

        Raises `LibraryCorruptError`.
        """
        if prefix in CHANGES_ALONE:
            return HELD[prefix](self._library)
        with self._guard:
            versions = [version for name, version in self._library.worded().items() if name in FIXED]
            known = self._names.get(prefix)
            if known is None or known[0] != versions:
                known = self._names[prefix] = (versions, HELD[prefix](self._library))
            return known[1]


class Spelt:
    """Remembers with what other forms texts were lately looked for. Safe to use from several threads."""

    def __init__(self, lexicon: Lexicon, is_word: IsWord = nothing_known) -> None:
        self._lexicon = lexicon
        self._is_word = is_word
        self._guard = threading.Lock()
        self._known: dict[tuple[Vocabulary, str], Terms] = {}

    def terms(self, words: Words) -> Terms:
        """Return the terms of words; other forms only where any of the words may be found."""
        if words.mode != "any":
            return Terms(words.text)
        with self._guard:
            key = (self._lexicon.words(), words.text)
            if key not in self._known:
                if len(self._known) >= KEPT:
                    self._known.clear()
                others = of_words(words.text, words_of(words.text), key[0], self._is_word)
                self._known[key] = Terms(undoubted(words.text), others)
            return self._known[key]
