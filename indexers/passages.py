"""From words or captions with their times to what is searched: sentences, and passages of 20 to 40 s."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from indexers.base import Piece
from indexers.transcript import Transcript
from search.records import TimeSpan, Timing

SHORTEST_S, LONGEST_S = 20.0, 40.0
_PAUSE_S = 1.0
"""A pause that ends a sentence also where no full stop does."""

_BREATH_S = 0.5
"""A pause that does so behind a comma."""

_LONG_S, _SHORT_S = 12.0, 1.0
"""Longer sentences are cut to pieces, none shorter than the second: a hit is to lead to its moment."""

_SILENCE_S = 8.0
"""A pause that no passage reaches across."""

_STOPS = (".", "!", "?", "。", "！", "？", "…")
_COMMAS = (",", ";", ":", "–", "—", "，", "、", "；")
_CLOSERS = "\"'”’»)]」』"
_TITLES = frozenset(("mr.", "mrs.", "ms.", "dr.", "st.", "prof.", "vs."))


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something said, from its first to its last second; `timing` counts letters from its own beginning."""

    start_s: float
    end_s: float
    text: str
    timing: Timing = ()


def sentences(heard: Transcript) -> list[Sentence]:
    """Cut a transcript at full stops and pauses, by the times of its words."""
    text, words = _joined(heard)
    cuts = [*(n for n in range(len(words)) if not n or _parts(text, words, n)), len(words)]
    spans = chain.from_iterable(_halved(words, begin, end) for begin, end in pairwise(cuts))
    return [_sentence(text, words, begin, end) for begin, end in spans]


def passages(said: Sequence[Sentence]) -> Iterator[Sequence[Sentence]]:
    """Join sentences to passages, each cut at the longest pause that its length allows."""
    begin = 0
    while begin < len(said):
        end = _passage_end(said, begin)
        yield said[begin:end]
        begin = end


def pieces(
    space: str,
    said: Sequence[Sentence],
    at_s: float = 0.0,
    language: str | None = None,
    before: int = 0,
) -> list[Piece]:
    """Make a piece of each passage and, behind it, of its sentences; `at_s` is added to all times.

    A passage of a single sentence stands for it. `before` counts the pieces that come before these.
    """
    found: list[Piece] = []
    for passage in passages(said):
        if len(passage) > 1:
            parent = before + len(found)
            text = " ".join(sentence.text for sentence in passage)
            found.append(Piece(space, _span(passage, at_s), text))
            found += [_piece(space, sentence, at_s, language, parent) for sentence in passage]
        else:
            found.append(_piece(space, passage[0], at_s, language, None))
    return found


def _piece(space: str, sentence: Sentence, at_s: float, language: str | None, parent: int | None) -> Piece:
    timing = tuple((at, round(start + at_s, 3), round(end + at_s, 3)) for at, start, end in sentence.timing)
    place = _span([sentence], at_s)
    return Piece(space, place, sentence.text, parent=parent, timing=timing, language=language)


def _span(said: Sequence[Sentence], at_s: float) -> TimeSpan:
    return TimeSpan(round(said[0].start_s + at_s, 3), round(said[-1].end_s + at_s, 3))


def _passage_end(said: Sequence[Sentence], begin: int) -> int:
    """Return where a passage that begins here ends: at the longest pause once it is long enough."""
    best, longest = begin + 1, -1.0
    for end in range(begin + 1, len(said) + 1):
        length = said[end - 1].end_s - said[begin].start_s
        if length > LONGEST_S and end > begin + 1:
            break
        if end == len(said):
            return end
        pause = said[end].start_s - said[end - 1].end_s
        if pause > _SILENCE_S:
            return end
        if length < SHORTEST_S or pause > longest:
            best, longest = end, pause if length >= SHORTEST_S else -1.0
    return best


def _parts(text: str, words: Timing, n: int) -> bool:
    """Whether a sentence ends before the word `n`."""
    word = text[words[n - 1][0] : words[n][0]].strip().rstrip(_CLOSERS)
    pause = _pause(words, n)
    if pause > _PAUSE_S or (pause > _BREATH_S and word.endswith(_COMMAS)):
        return True
    return word.endswith(_STOPS) and word.lower() not in _TITLES


def _halved(words: Timing, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long to point at a moment, at its longest pauses."""
    inner = [n for n in range(begin + 1, end) if _is_inside(words, begin, n, end)]
    if words[end - 1][2] - words[begin][1] <= _LONG_S or not inner:
        yield begin, end
        return
    cut = max(inner, key=lambda n: _pause(words, n))
    yield from _halved(words, begin, cut)
    yield from _halved(words, cut, end)


def _is_inside(words: Timing, begin: int, n: int, end: int) -> bool:
    return min(words[n - 1][2] - words[begin][1], words[end - 1][2] - words[n][1]) >= _SHORT_S


def _pause(words: Timing, n: int) -> float:
    return words[n][1] - words[n - 1][2]


def _sentence(text: str, words: Timing, begin: int, end: int) -> Sentence:
    chosen = words[begin:end]
    first, last = chosen[0][0], words[end][0] if end < len(words) else len(text)
    timing = tuple((at - first, start_s, end_s) for at, start_s, end_s in chosen)
    return Sentence(chosen[0][1], chosen[-1][2], text[first:last].strip(), timing)


def _joined(heard: Transcript) -> tuple[str, Timing]:
    """Write all segments as one text and say where each word begins in it.

    The spaces between words are those the engine wrote: some scripts have none.
    """
    text = ""
    words: list[tuple[int, float, float]] = []
    for segment in heard.segments:
        spaced = " " in segment.text or segment.text.isascii() or not _is_unspaced(text + segment.text)
        text += " " if text and spaced else ""
        begin = at = len(text)
        text += segment.text
        for word in segment.words:
            at = max(text.find(word.text, at), begin) if word.text else at
            words.append((at, word.start_s, word.end_s))
            at += len(word.text)
    return text, tuple(words)


def _is_unspaced(text: str) -> bool:
    return any("\u3040" <= letter <= "\u9fff" or "\u0e00" <= letter <= "\u0eff" for letter in text[-40:])


def steady(said: Iterable[Sentence], most: int = 3) -> list[Sentence]:
    """Leave out what is repeated more than `most` times running: nobody speaks so, models do."""
    kept: list[Sentence] = []
    for sentence in said:
        if len(kept) < most or any(one.text != sentence.text for one in kept[-most:]):
            kept.append(sentence)
    return kept
