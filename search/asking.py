"""Runs the legs of a query: encodes what was asked, finds it in the library, calibrates what comes back."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np

from search import calibration, wording, written
from search.backgrounds import Backgrounds
from search.calibration import Scores
from search.clips import FilmSearch, clip_remark
from search.composing import Composer, Described, is_reference
from search.errors import ModelError
from search.fusion import Answer, Clue
from search.languages import Tongues
from search.late import PageSearch, documents_in
from search.lexicon import Lexicon, Spelt
from search.mending import Mended, mended
from search.moments import joined
from search.people.answers import Roster
from search.people.records import FACE
from search.picture_asking import Fixing, PictureSpace, Repairing
from search.plan import DEPICTED, MEANING, QUIET, SOUND, SPOKEN, Ask, Leg, VectorLeg, WordsLeg, legs
from search.query import (
    Changed,
    Clip,
    Face,
    Leaf,
    Like,
    Only,
    Paged,
    PageText,
    Part,
    Query,
    Said,
    Somebody,
    SoundLike,
)
from search.query_vectors import QueryVectors, Single
from search.records import Fix, Missing, Suggestion
from search.reranking import Read, question, reordered
from search.searching import searching
from search.sound_asking import Tending
from search.spaces import (
    ClipReference,
    Composition,
    FaceEncoder,
    FilmEncoder,
    Literate,
    Mixture,
    PayloadKind,
    PictureReference,
    PictureRepairer,
    QueryEncoder,
    Reranker,
    SoundEncoder,
    SoundReference,
    TokenEncoder,
    Vector,
    unit_rows,
)
from search.store import Found, Library
from search.store import Words as WordQuery
from search.suggesting import suggestions
from search.tags import Tags
from search.watch import LegKind, LegReport, Watch, since
from search.word_asking import Clues, WordSearch, clue_of

T = TypeVar("T")
Mending = Repairing | Tending | None
"""How what a query gives as an example is put right; None leaves it as it is."""

SCENE = "scene"
RERANK = "rerank"
SPEECH = "speech"
OCR = "ocr"
WINDOWS = 4
"""A sound lasts for several windows, and all of them are found."""


class UnavailableError(Exception):
    """A space that cannot be asked, and why; never leaves this module."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.reason)
        self.missing = missing


class Asker:
    """Asks the library on behalf of one engine. Safe to use from several threads."""

    def __init__(
        self,
        library: Library,
        encoders: Sequence[QueryEncoder],
        missing: Mapping[str, Missing],
        reranker: Reranker | None = None,
        tags: Tags | None = None,
        repairer: PictureRepairer | None = None,
        tongues: Mapping[str, Tongues] | None = None,
    ) -> None:
        self._reranker = reranker
        self._tongues = tongues or {}
        self._library = library
        self._tags = tags or Tags()
        self._repairer = repairer
        self._encoders = {encoder.space: encoder for encoder in encoders}
        self._missing = missing
        self._backgrounds = Backgrounds(library)
        self._roster = Roster(library)
        self._query_vectors = QueryVectors()
        self._pages = PageSearch(library, _at_once, self._query_vectors)
        self.lexicon = Lexicon(library)
        self._words = WordSearch(library, Spelt(self.lexicon, self._is_word))

    def ask(
        self,
        leaf: Leaf,
        limit: int,
        scope: Collection[str] | None,
        base: Path,
        gaps: dict[str, Missing],
        fixes: dict[str, Fix],
        watch: Watch,
        fixing: Fixing = "off",
    ) -> Answer:
        """Run all legs of a leaf; what cannot be asked goes into `gaps`, how a picture was taken into
        `fixes`, what each leg did into `watch`. Raises `MediaError` and `CancelledError`.
        """
        watch.check()
        if isinstance(leaf, Paged):
            scope = self.scope_of(leaf, scope)
        if isinstance(leaf, Somebody | Only):
            return self._people(leaf, scope, gaps, watch)
        if isinstance(leaf, Said) and SPEECH not in self._library.spaces():
            what = searching(SPEECH)
            unread = Missing(SPEECH, f"No file has been indexed for {what}.", "crossfind index FOLDER")
            gaps[SPEECH] = self._missing.get(SPEECH, unread)
        if isinstance(leaf, PageText):
            gaps |= {space: self._missing[space] for space in (MEANING, OCR) if space in self._missing}
        asked = legs(leaf, self._taking("text"), self._taking("picture"), base)
        answer: Answer = {}
        if isinstance(leaf, Face | Changed | Clip):
            fixes.update(self._remarks(asked))
        part = written.format(leaf)
        mend = self._mending(leaf, fixing, fixes)
        for found in _at_once(
            [partial(self._watched, part, leg, limit, scope, watch, mend) for leg in asked]
        ):
            if isinstance(found, Missing):
                gaps[found.space] = found
                continue
            for clue, digest in found:
                answer.setdefault(digest, []).append(clue)
        return answer

    def _mending(self, leaf: Leaf, fixing: Fixing, fixes: dict[str, Fix]) -> Mending:
        """Return how the pictures or recordings of a part are put right."""
        if fixing != "off" and isinstance(leaf, SoundLike):
            return Tending(fixing == "suggest", fixes)
        if fixing != "off" and isinstance(leaf, Like | Face) and self._repairer is not None:
            return Repairing(self._repairer, fixing == "suggest", fixes)
        return None

    def reread(self, query: Query) -> Mended | None:
        """Return how a query may be meant, None when that is plain; see `search.mending`."""
        return mended(query, self.lexicon.words(), self._is_word)

    def reordered(
        self, ranking: Part, hits: Sequence[T], reads: Sequence[Read], gaps: dict[str, Missing]
    ) -> list[T]:
        """Return hits in the order of the model that reads them; as they are where there is none, which is
        told in `gaps`."""
        if self._reranker is None:
            what = searching(RERANK)
            unread = Missing(RERANK, f"No model for {what} is loaded.", "crossfind models list")
            gaps[RERANK] = self._missing.get(RERANK, unread)
            return list(hits)
        try:
            return reordered(hits, reads, question(ranking), self._reranker)
        except ModelError as error:
            gaps[RERANK] = Missing(RERANK, error.message, error.remedy)
            return list(hits)

    def scope_of(self, leaf: Leaf, scope: Collection[str] | None) -> frozenset[str]:
        """Return which contents a leaf can find, of those in `scope` if that is given."""
        if isinstance(leaf, Paged):
            return documents_in(self._library, scope)
        return self._library.matching(None).digests if scope is None else frozenset(scope)

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        """Return queries that may be meant by what is typed so far."""
        return suggestions(self.lexicon, self._is_word, text, limit)

    def _is_word(self, word: str) -> bool:
        """Whether a model knows a word; one that cannot be loaded knows none."""
        with suppress(ModelError):
            return any(isinstance(one, Literate) and one.knows(word) for one in self._encoders.values())
        return False

    def _people(
        self,
        leaf: Somebody | Only,
        scope: Collection[str] | None,
        gaps: dict[str, Missing],
        watch: Watch,
    ) -> Answer:
        """Answer from what is known of faces; raises `QuerySyntaxError` for somebody nobody knows."""
        if not self._roster.is_empty:
            began = time.perf_counter()
            answer = self._roster.answer(leaf, scope)
            clues = [clue for clues in answer.values() for clue in clues]
            watch.legs.append(
                _report(written.format(leaf), "person", "people", since(began), clues, watch.floor)
            )
            return answer
        unread = Missing(FACE, "No face is known in this library.", "crossfind index FOLDER")
        gaps[FACE] = self._missing.get(FACE, unread)
        return {}

    def warm(self) -> None:
        """Load the text encoders and measure their backgrounds; what cannot be loaded is left out."""
        for space in self._taking("text"):
            self._attempt(VectorLeg(space, "a photo"), 1, None)
        self._library.find_words("name", WordQuery("a"), 1)
        self.lexicon.words()

    def _taking(self, kind: PayloadKind) -> list[str]:
        """Return the spaces that take this kind of query; scene always, so that its absence is told, those of
        sound, of text in pictures and of pages as pictures only where there is some."""
        able = [space for space, encoder in self._encoders.items() if kind in encoder.accepts]
        quiet = QUIET - self._library.spaces().keys()
        return [SCENE, *(space for space in able if space not in (SCENE, *quiet))]

    def _watched(
        self,
        part: str,
        leg: Leg,
        limit: int,
        scope: Collection[str] | None,
        watch: Watch,
        mend: Mending = None,
    ) -> Clues | Missing:
        """Run one leg, and report what it did."""
        watch.check()
        began = time.perf_counter()
        found = self._attempt(leg, limit, scope, mend)
        name = leg.space if isinstance(leg, VectorLeg) else leg.field
        kind: LegKind = "vectors" if isinstance(leg, VectorLeg) else "words"
        clues = [] if isinstance(found, Missing) else [clue for clue, _ in found]
        report = _report(part, name, kind, since(began), clues, watch.floor)
        watch.legs.append(replace(report, missing=found.reason) if isinstance(found, Missing) else report)
        watch.check()
        return found

    def _attempt(
        self, leg: Leg, limit: int, scope: Collection[str] | None, mend: Mending = None
    ) -> Clues | Missing:
        try:
            if isinstance(leg, VectorLeg):
                return self._vectors(leg, limit, scope, mend)
            return self._words.ask(leg, limit, scope)
        except UnavailableError as stop:
            return stop.missing

    def _remarks(self, asked: Sequence[Leg]) -> dict[str, Fix]:
        """Return what is to be told of the query's pictures."""
        told = {}
        for leg in asked:
            with suppress(ModelError, UnavailableError):
                fix = self._remark(leg)
                if fix is not None:
                    told[fix.detail] = fix
        return told

    def _remark(self, leg: Leg) -> Fix | None:
        if isinstance(leg, WordsLeg):
            return None
        encoder = self._encoder(leg)
        if isinstance(leg.ask, ClipReference) and isinstance(encoder, FilmEncoder):
            return clip_remark(leg.ask, self._query_vectors.film(encoder, leg.ask))
        if isinstance(leg.ask, Composition):
            return self._described(encoder, leg.ask).told(leg.ask.picture.path.name)
        if (
            isinstance(leg.ask, PictureReference)
            and isinstance(encoder, FaceEncoder)
            and leg.ask.path.exists()
        ):
            remark = encoder.remark(leg.ask)
            return Fix(leg.space, applied=True, detail=remark, confidence_gain=0.0) if remark else None
        return None

    def _vectors(self, leg: VectorLeg, limit: int, scope: Collection[str] | None, mend: Mending) -> Clues:
        encoder = self._encoder(leg)
        if isinstance(leg.ask, ClipReference):
            return self._films(encoder, leg.ask, limit, scope)
        if isinstance(encoder, TokenEncoder) and isinstance(leg.ask, str):
            return self._by_tokens(encoder, leg.ask, limit, scope)
        depth = limit * WINDOWS if leg.space == SOUND else limit
        try:
            if isinstance(leg.ask, PictureReference):
                repairing = mend if isinstance(mend, Repairing) else None
                found, view = self._pictures(encoder).ask(leg.ask, depth, scope, repairing)
            else:
                views = self._views(encoder, leg.ask, mend)
                asked = [partial(self._library.nearest, leg.space, one, depth, scope) for one in views]
                found, view = _best_of(_at_once(asked), views)
            if isinstance(leg.ask, Composition):
                found = self._but_reference(leg.ask, found)
            scores = self._calibrated(encoder, leg.ask, found[:depth], view)
        except ModelError as error:
            raise UnavailableError(Missing(leg.space, error.message, error.remedy)) from error
        terms = wording.Terms(leg.ask) if isinstance(leg.ask, str) else None
        if leg.space == SOUND:
            found, scores = joined(found, scores)
        return [
            (clue_of(one, leg.space, rank, score * leg.most, one.segment.text, terms), one.segment.digest)
            for rank, (one, score) in enumerate(zip(found, scores, strict=False), start=1)
        ]

    def _films(
        self, encoder: QueryEncoder, clip: ClipReference, limit: int, scope: Collection[str] | None
    ) -> Clues:
        """Return the stretches of films, and the pictures, that look like a film."""
        if not isinstance(encoder, FilmEncoder):
            what = searching(encoder.space)
            reason = f"The model for {what} takes no film."
            raise UnavailableError(Missing(encoder.space, reason, None))
        try:
            footage = self._query_vectors.film(encoder, clip)
        except ModelError as error:
            raise UnavailableError(Missing(encoder.space, error.message, error.remedy)) from error
        background = self._backgrounds.of_pictures(encoder)
        search = FilmSearch(self._library, encoder.space, footage, background)
        return [(Clue(evidence), digest) for evidence, digest in search.found(limit, scope)]

    def _by_tokens(
        self, encoder: TokenEncoder, text: str, limit: int, scope: Collection[str] | None
    ) -> Clues:
        """Return the pages that answer a question best."""
        try:
            found = self._pages.found(encoder, text, limit, scope)
        except ModelError as error:
            raise UnavailableError(Missing(encoder.space, error.message, error.remedy)) from error
        terms = wording.Terms(text)
        return [
            (clue_of(one, encoder.space, rank, score, one.segment.text, terms), one.segment.digest)
            for rank, (one, score) in enumerate(found, start=1)
        ]

    def _views(
        self, encoder: QueryEncoder, ask: Single | Mixture | Composition, mend: Mending = None
    ) -> Vector:
        """Return the query's vectors, float32 (views, dim), unit rows."""
        match ask:
            case Mixture():
                return self._mixed(encoder, ask)
            case Composition():
                return self._described(encoder, ask).vector
            case SoundReference() if isinstance(mend, Tending) and isinstance(encoder, SoundEncoder):
                return mend.views(self._query_vectors, encoder, ask)
            case _:
                return self._query_vectors.of(encoder, ask)

    def _described(self, encoder: QueryEncoder, ask: Composition) -> Described:
        """Return what is looked for instead of a picture. Raises `MediaError` and `ModelError`."""
        vectors = self._query_vectors
        picture = vectors.of(encoder, ask.picture)[0]
        middles = self._backgrounds.middle_of_texts(encoder), self._backgrounds.of_texts(encoder).middle
        composer = Composer(encoder, lambda text: vectors.of(encoder, text)[0], middles, self._tags)
        return composer.compose(ask, picture)

    def _but_reference(self, ask: Composition, found: list[Found]) -> list[Found]:
        """Leave out the picture that was asked with, wherever it lies."""
        digest = self._query_vectors.digests.digest(ask.picture.path)
        return [
            one for one in found if not is_reference(ask, digest, one.segment.digest, one.segment.locator)
        ]

    def _pictures(self, encoder: QueryEncoder) -> PictureSpace:
        measured = partial(self._backgrounds.of_pictures, encoder)
        return PictureSpace(self._library, self._query_vectors, encoder, measured, _at_once, _best_of)

    def _mixed(self, encoder: QueryEncoder, mixture: Mixture) -> Vector:
        """Return the sum of texts and pictures, float32 (1, dim), unit length.

        Texts lie in one corner of the space and pictures in another, so what they have in common with
        all of their kind is taken off first; else a text would hardly move a picture.
        """
        background = self._backgrounds.of_texts(encoder)
        total = np.zeros(encoder.fingerprint.dim, np.float32)
        for factor, ask in mixture.parts:
            middle = self._backgrounds.middle_of_texts(encoder) if isinstance(ask, str) else background.middle
            total += factor * unit_rows(self._query_vectors.of(encoder, ask)[:1] - middle)[0]
        return unit_rows(total[None])

    def _calibrated(
        self, encoder: QueryEncoder, ask: Ask, found: Sequence[Found], query: Vector
    ) -> list[float]:
        """Bring the cosines of what was found, best first, to the common scale."""
        cosines: Scores = np.array([one.score for one in found], dtype=np.float64)
        known = encoder.thresholds
        if isinstance(encoder, SoundEncoder):
            known = encoder.thresholds_for(_kind(ask))
        if known is not None:
            scores = calibration.by_thresholds(cosines, known)
        elif encoder.space == "phash":
            scores = calibration.near_duplicate(cosines)
        elif encoder.space == "look":
            scores = calibration.same_look(cosines)
        elif encoder.space in (MEANING, SPOKEN, DEPICTED):
            scores = calibration.same_meaning(cosines, self._backgrounds.of_texts(encoder))
        elif isinstance(ask, Mixture | Composition):
            scores = calibration.sum_likeness(cosines, query, self._backgrounds.of_texts(encoder).sample)
        elif not isinstance(ask, str):
            scores = calibration.likeness(cosines, query, self._backgrounds.of_pictures(encoder))
        else:
            scores = calibration.similarity(cosines, query, self._backgrounds.of_texts(encoder))
        return list(map(float, scores))

    def _encoder(self, leg: VectorLeg) -> QueryEncoder:
        """Return the encoder whose vectors the library's may be compared with. Raises `UnavailableError`."""
        space, what = leg.space, searching(leg.space)
        encoder = self._encoders.get(space)
        if encoder is None:
            reason = f"No model for {what} is loaded."
            raise UnavailableError(
                self._missing.get(space) or Missing(space, reason, "crossfind models list")
            )
        self._check_language(encoder, leg.ask)
        kind = "face" if space == FACE else _kind(leg.ask)
        if kind not in encoder.accepts:
            raise UnavailableError(Missing(space, f"The model for {what} takes no {kind}.", None))
        active = self._library.spaces().get(space)
        if active is None:
            reason = f"No file has been indexed for {what}."
            raise UnavailableError(Missing(space, reason, "crossfind index FOLDER"))
        if active != encoder.fingerprint:
            ours = encoder.fingerprint.model
            reason = f"What is known for {what} was learned with {active.model}, not with {ours}."
            raise UnavailableError(Missing(space, reason, "Learn it anew with: crossfind index"))
        return encoder

    def _check_language(self, encoder: QueryEncoder, ask: Ask) -> None:
        """Raise `UnavailableError` for a text in a language that the model surely does not understand."""
        model = encoder.fingerprint.model
        tongues = self._tongues.get(model)
        complaint = tongues.complaint(model, ask) if tongues and isinstance(ask, str) else None
        if tongues and complaint:
            raise UnavailableError(Missing(encoder.space, complaint, tongues.remedy))


def _at_once(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Run tasks side by side: the database spends most of a small query waiting."""
    if len(tasks) < 2:
        return [task() for task in tasks]
    with ThreadPoolExecutor(len(tasks), "search-leg") as pool:
        return [running.result() for running in [pool.submit(task) for task in tasks]]


def _report(
    part: str, leg: str, kind: LegKind, took_ms: float, clues: Sequence[Clue], floor: float
) -> LegReport:
    scores = [clue.evidence.calibrated for clue in clues]
    kept = sum(score >= floor for score in scores)
    best = round(max(scores), 4) if scores else None
    return LegReport(part, leg, kind, took_ms, len(clues), kept, best)


def _kind(ask: Ask) -> PayloadKind:
    match ask:
        case str():
            return "text"
        case Mixture() | Composition() | PictureReference() | ClipReference():
            return "picture"
        case SoundReference():
            return "sound"


def _best_of(found: Sequence[Sequence[Found]], views: Vector) -> tuple[list[Found], Vector]:
    """Join what the views found, each segment as it was seen best; also the view that came nearest."""
    best: dict[str, Found] = {}
    for one in chain.from_iterable(found):
        before = best.setdefault(one.segment.id, one)
        if one.score > before.score:
            best[one.segment.id] = one
    nearest = max(range(len(views)), key=lambda n: found[n][0].score if found[n] else -1.0)
    return sorted(best.values(), key=lambda one: -one.score), views[nearest]
