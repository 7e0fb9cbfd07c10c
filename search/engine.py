"""Answers queries: plan, ask, decide per file, show the best."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import Literal

from search import written
from search.asking import Asker
from search.candidates import Candidate, Order, firsts, paired_off, thinned
from search.expanding import expanded
from search.filters import Facts, facts_of, matches, to_filter
from search.fusion import Answer, apart, best_score, crowding, least_known
from search.judge import Judge
from search.kept import Kept
from search.languages import Tongues
from search.links import LinkBook, Links
from search.mending import POOR
from search.options import DEFAULT_FLOOR, SearchOptions, check_options
from search.parser import parse
from search.plan import WORD_FIELDS, Plan, asks_pairs, check_breadth, needs_all, ordered, plan
from search.prefixes import KINDS
from search.query import And, Leaf, Not, Or, Part, Query, Same, Then, conjuncts, is_filter
from search.records import (
    Content,
    Evidence,
    File,
    Fix,
    Hit,
    Locator,
    Missing,
    SearchResult,
    Suggestion,
    Whole,
    date_of,
)
from search.reranking import BEST, Read
from search.saying import Sayings
from search.showing import is_of, place_shown, shown
from search.spaces import PictureRepairer, QueryEncoder, Reranker
from search.spots import inside
from search.store import Library, Matching
from search.tags import Tags
from search.watch import Explanation, Stopped, Watch, since
from search.wording import first

__all__ = ["DEFAULT_FLOOR", "Engine", "SearchOptions"]

NARROW = 4_000
"""A filter that keeps no more contents than this is applied before anything is asked."""

WIDE = 1_000
"""How many segments each leg brings where several parts of a query must come together."""

ROUNDS = 3
"""How often at most the rest of the library is asked where few files fill the answers."""

DEEPEST = 16_000
"""How many at most, where those that are good enough are more."""

FEW, MANY = 4, 2_000
"""How many contents are read at once: beyond the limit where the best come first, else in all."""


class Engine:
    """Searches one library. `missing` says which spaces cannot be asked for want of a model; `repairer` looks
    after query pictures with which something is wrong."""

    def __init__(
        self,
        library: Library,
        encoders: Sequence[QueryEncoder] = (),
        missing: Mapping[str, Missing] | None = None,
        reranker: Reranker | None = None,
        tags: Tags | None = None,
        repairer: PictureRepairer | None = None,
        tongues: Mapping[str, Tongues] | None = None,
    ) -> None:
        """`tags` are what query pictures are described with, `tongues` what models understand, by model."""
        self._library = library
        self._links = LinkBook(library)
        self.asker = Asker(library, encoders, missing or {}, reranker, tags, repairer, tongues)

    def warm(self) -> None:
        """Load models and tables, so that the first search is as fast as the next."""
        parse("type:pdf")
        self.asker.warm()

    def search(
        self, query: str | Query, options: SearchOptions | None = None, stopped: Stopped | None = None
    ) -> SearchResult:
        """Answer a query, best hits first; `stopped` tells when nobody waits for the answer any more.

        Raises `QuerySyntaxError`, `MediaError` for a query picture that cannot be read, `LibraryError`,
        `CancelledError`, and `CrossfindError` for options that make no sense.
        """
        return self.explain(query, options, stopped).result

    def explain(
        self, query: str | Query, options: SearchOptions | None = None, stopped: Stopped | None = None
    ) -> Explanation:
        """Answer a query and tell how: what was done in which order, and what each leg brought and cost.

        Raises what `search` raises.
        """
        began = time.perf_counter()
        options = options or SearchOptions()
        check_options(options)
        tree = expanded(parse(query) if isinstance(query, str) else query, Kept(self._library.folder))
        check_breadth(tree)
        watch = Watch(DEFAULT_FLOOR if options.floor is None else options.floor, stopped)
        search = _Search(self._library, self.asker, tree, options, watch, self._links)
        hits = tuple(search.hits())
        if options.fix != "off" and not search.is_answered(hits):
            search, hits = self._reread(search, hits, tree, options)
        text = tree.text or written.format(tree)
        gaps, fixes = tuple(search.gaps.values()), tuple(search.fixes.values())
        result = SearchResult(text, since(began), hits, gaps, fixes)
        return Explanation(tuple(watch.steps), tuple(watch.legs), watch.floor, result)

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Return queries that may be meant by what is typed so far, with counts; see `search.suggesting`."""
        return self.asker.suggest(text, limit)

    def _reread(
        self, search: "_Search", hits: tuple[Hit, ...], tree: Query, options: SearchOptions
    ) -> tuple["_Search", tuple[Hit, ...]]:
        """Ask for what may be meant as well, or say what that is; nothing where that finds nothing else."""
        meant = self.asker.reread(tree)
        if meant is None:
            return search, hits
        if options.fix == "suggest":
            search.fixes |= meant.suggested()
            return search, hits
        again = _Search(self._library, self.asker, meant.both, options, search.watch, self._links)
        found = tuple(again.hits())
        gain = max((hit.score for hit in found), default=0.0) - max((hit.score for hit in hits), default=0.0)
        if [(hit.file, hit.score) for hit in found] == [(hit.file, hit.score) for hit in hits]:
            return search, hits
        again.fixes |= meant.applied(gain)
        return again, found


class _Search:
    """One query under way."""

    def __init__(
        self,
        library: Library,
        asker: Asker,
        query: Query,
        options: SearchOptions,
        watch: Watch,
        book: LinkBook,
    ) -> None:
        self._library = library
        self._asker = asker
        self._options = options
        self._plan: Plan = plan(query, KINDS[options.kind] if options.kind else None)
        self.watch, self._floor = watch, watch.floor
        self._answers: dict[int, Answer] = {}
        self._asked: list[tuple[Leaf, Collection[str] | None, Answer]] = []
        self.gaps: dict[str, Missing] = {}
        self.fixes: dict[str, Fix] = {}
        in_order = options.sort == "relevance" and options.group in ("file", "segment")
        alone = isinstance(self._plan.ranking, Leaf) and in_order
        wanted = max(options.limit, min(max(2 * options.limit, 100), 2 * WIDE))
        self._depth = wanted if alone else max(wanted, WIDE)
        self._deepest = max(DEEPEST, self._depth) if needs_all(self._plan.ranking) or not in_order else 0
        self._cut_short = False
        self._folders: dict[int, frozenset[PurePath]] = {}
        self._links = book.links() if asks_pairs(self._plan.ranking) else Links()
        self._judge = Judge(self._answers, self._floor, self._folders, self._plan.labels, self._links)

    def hits(self) -> Iterator[Hit]:
        """Yield the hits in their order."""
        candidates = self._candidates()
        if self._options.best and self._options.sort == "relevance" and self._plan.ranking:
            candidates = self._read_again(self._plan.ranking, candidates)
        said = Sayings(self._library, ((one.file.digest, one.locator) for one in candidates))
        for rank, candidate in enumerate(candidates, start=1):
            self.watch.check()
            yield self._hit(rank, candidate, said)

    def _read_again(self, ranking: Part, candidates: list[Candidate]) -> list[Candidate]:
        """Have the best of them read again; the scores stay with the places."""
        reads = [self._to_read(ranking, one) for one in candidates[:BEST]]
        scores = [one.score for one in candidates]
        asked = self._plan.question or ranking
        ordered = self._asker.reordered(asked, candidates, reads, self.gaps)
        return [replace(one, score=score) for one, score in zip(ordered, scores, strict=True)]

    def _to_read(self, ranking: Part, candidate: Candidate) -> Read:
        clues = self._judge.clues(ranking, candidate.file.digest, candidate.file.path)
        there = [clue for clue in clues if clue.source and self._is_at(clue.evidence, candidate.locator)]
        strongest = max(there, key=lambda clue: clue.evidence.calibrated, default=None)
        worded = (clue.evidence for clue in clues if clue.evidence.space in WORD_FIELDS)
        return Read(strongest.source if strongest else None, any(one.calibrated >= POOR for one in worded))

    def is_answered(self, hits: Sequence[Hit]) -> bool:
        """Whether some text holds all that was asked for, or there was nothing to look for in texts."""
        if self._plan.ranking is None:
            return bool(hits)
        told = (one for hit in hits for one in hit.evidence if one.space in WORD_FIELDS)
        return any(one.calibrated >= POOR for one in told)

    def _candidates(self) -> list[Candidate]:
        """Ask and decide. A filter that keeps much of the library is cheapest applied to what was found;
        when that leaves too little, it is applied first."""
        where, ranking = self._plan.where, self._plan.ranking
        if ranking is None:
            return self._listed(where)
        if where and isinstance(ranking, Leaf) and not self._is_narrow(where):
            self._tell("the filter is applied to what is found", time.perf_counter())
            best = self._best(ranking, self._found(ranking, None) or set())
            if len(best) >= self._options.limit or not self._cut_short:
                return best
            self._answers.clear()
        scope = self._filtered(where)
        found = self._found(ranking, scope)
        if found is None:
            found = self._library.matching(None) if scope is None else scope
        return self._best(ranking, found)

    def _filtered(self, where: str | None) -> Matching | None:
        """Return what passes the filter; None without one."""
        if where is None:
            return None
        began = time.perf_counter()
        scope = self._library.matching(where)
        self._tell(f"the filter comes first and keeps {len(scope)} contents", began)
        return scope

    def _tell(self, what: str, began: float) -> None:
        """Note what is done with the filter that holds for the whole query."""
        filters = self._plan.filters
        self.watch.step(f"{written.format(filters)}: {what}" if filters else what, began)

    def _is_narrow(self, where: str) -> bool:
        """Whether a filter is known, from a query before, to keep little."""
        known = self._library.remembered(where)
        return known is not None and len(known) <= NARROW

    def _listed(self, where: str | None) -> list[Candidate]:
        """List what a filter alone asks for, the newest first unless another order is wanted."""
        options = self._options
        began = time.perf_counter()
        by: Literal["date", "name"] = "name" if options.sort == "name" else "date"
        limit = None if options.group in ("day", "folder") else options.limit
        paths = self._library.listed(where, by, limit)
        digests = list(dict.fromkeys(digest for _, digest in paths))
        wanted = {path for path, _ in paths}
        self._tell(f"lists {len(paths)} files", began)
        return self._cut([one for one in self._files(digests) if one.file.path in wanted])

    def _found(self, part: Part, scope: Collection[str] | None) -> Collection[str] | None:
        """Return the contents that may match, asking the library on the way; None means all of `scope`."""
        match part:
            case _ if is_filter(part):
                passing = self._library.matching(to_filter(part))
                return passing if scope is None else {digest for digest in passing if digest in scope}
            case And(parts):
                narrowed = scope
                for inner in ordered(parts):
                    found = self._found(inner, narrowed)
                    narrowed = narrowed if found is None else found
                return None if narrowed is scope else narrowed
            case Or(parts):
                found_by = [self._found(inner, scope) for inner in parts]
                some = [found for found in found_by if found is not None]
                return set().union(*some) if len(some) == len(found_by) else None
            case Not(inner):
                self._found(inner, scope)
                return None
            case Same(scope="folder"):
                return self._in_one_folder(part)
            case Same("pair", inner) if self._links:
                return self._found_in_pairs(conjuncts(inner), scope)
            case Same(_, inner):
                return self._found(inner, scope)
            case Then(parts):
                return self._found(And(parts), scope)
            case _ if isinstance(part, Leaf):
                return self._ask(part, scope)
        raise TypeError(f"{type(part).__name__} is no part of a query")

    def _found_in_pairs(self, parts: Sequence[Part], scope: Collection[str] | None) -> Collection[str] | None:
        """Find what may answer all parts, or together with a file that a link joins it with."""
        narrowed = scope
        for part in ordered(parts):
            found = self._found(part, narrowed)
            if found is not None and not is_filter(part):
                near = self._links.near(found)
                found = {*found, *(near if narrowed is None else near & set(narrowed))}
            narrowed = narrowed if found is None else found
        return None if narrowed is scope else narrowed

    def _in_one_folder(self, same: Same) -> Collection[str]:
        """Find the folders in which every part holds for some file; the scope of the query does not narrow
        this, for it says what is to be shown. Returns the contents that hold some part."""
        folders: frozenset[PurePath] | None = None
        ruled_out: frozenset[PurePath] = frozenset()
        some: set[str] = set()
        for part in conjuncts(same.part):
            found = self._found(part.part if isinstance(part, Not) else part, None)
            digests = self._library.matching(None) if found is None else found
            if isinstance(part, Not):
                ruled_out |= frozenset(self._folders_where(part, digests, holds=False))
                continue
            holding = frozenset(self._folders_where(part, digests, holds=True))
            folders = holding if folders is None else folders & holding
            some.update(digests)
        self._folders[id(same)] = (folders or frozenset()) - ruled_out
        return some

    def _folders_where(self, part: Part, digests: Collection[str], *, holds: bool) -> Iterator[PurePath]:
        """Yield the folder of every file of these contents for which a part holds, or does not."""
        for file, _, facts in self._known(list(digests)):
            if (self._judge.score(part, file.digest, file.path, facts) is not None) == holds:
                yield PurePath(file.path).parent

    def _ask(self, leaf: Leaf, scope: Collection[str] | None) -> set[str]:
        answer = self._answered(replace(leaf, weight=1.0), scope)
        self._answers.setdefault(id(leaf), {}).update(answer)
        return {digest for digest, clues in answer.items() if (best_score(clues) or 0) >= self._floor}

    def _answered(self, leaf: Leaf, scope: Collection[str] | None) -> Answer:
        """Ask for a part once, however often it stands in the query: for its best segments, and for more
        where all that are good enough count and there may be more."""
        for before, within, answer in self._asked:
            if before == leaf and within is scope:
                return answer
        depth = self._depth
        while True:
            answer = self._brought(leaf, depth, scope)
            weakest = least_known(answer, depth)
            if weakest < self._floor or depth >= self._deepest:
                break
            depth = min(4 * depth, self._deepest)
        self._cut_short |= weakest >= 0
        answer = self._with_crowded_out(leaf, depth, scope, answer)
        self._asked.append((leaf, scope, answer))
        return answer

    def _with_crowded_out(
        self, leaf: Leaf, depth: int, scope: Collection[str] | None, answer: Answer
    ) -> Answer:
        """Ask the others, too, where a few contents took all the room: however often a document says
        something, it stands for one."""
        crowd, latest = set[str](), answer
        for _ in range(ROUNDS):
            found = crowding(latest, depth, self._floor, self._options.limit)
            if not found:
                break
            crowd |= found
            rest = self._asker.scope_of(leaf, scope) - crowd
            if answer.keys() >= rest:
                break
            latest = self._brought(leaf, depth, rest)
            answer = latest | answer
        return answer

    def _brought(self, leaf: Leaf, depth: int, scope: Collection[str] | None) -> Answer:
        options = self._options
        told = (self.gaps, self.fixes, self.watch, options.fix)
        return self._asker.ask(leaf, depth, scope, options.base, *told)

    def _best(self, ranking: Part, digests: Collection[str]) -> list[Candidate]:
        """Return the candidates to show. Contents are read in the order of what they can score at most,
        until nothing that is left can come before what is there."""
        options = self._options
        scored = ((self._judge.bound(ranking, digest), digest) for digest in digests)
        bounds = sorted(((b, d) for b, d in scored if b is not None), key=lambda one: (-one[0], one[1]))
        found: list[Candidate] = []
        shown: list[Candidate] = []
        left = iter(bounds)
        by_relevance = options.sort == "relevance" and options.group not in ("day", "folder")
        spare = 0 if self._plan.filters is None else options.limit  # some will not pass
        size = options.limit + spare + FEW if by_relevance else MANY
        began = time.perf_counter()
        while chunk := list(islice(left, size)):
            self.watch.check()
            if by_relevance and len(shown) >= options.limit and shown[-1].score >= chunk[0][0]:
                break
            found.extend(self._files([digest for _, digest in chunk]))
            size = min(4 * size, MANY)
            if by_relevance:
                shown = self._cut(found)
        self.watch.step(f"decides {len(bounds)} contents: {len(found)} places match", began)
        return self._cut(found)

    def _cut(self, found: list[Candidate]) -> list[Candidate]:
        """Sort, keep the first of each day or folder, and no more than asked for."""
        best = sorted(paired_off(found), key=self._order())
        if self._options.group not in ("day", "folder"):
            is_thinned = self._options.group == "segment"
            return thinned(best, self._options.per_file if is_thinned else 0)[: self._options.limit]
        return firsts(best, self._options.group, self._options.sort)[: self._options.limit]

    def _order(self) -> "Order":
        unranked = self._plan.ranking is None and self._options.sort == "relevance"
        return Order("date" if unranked else self._options.sort)

    def _files(self, digests: Sequence[str]) -> Iterator[Candidate]:
        """Decide for every file of these contents."""
        for file, content, facts in self._known(digests):
            if self._plan.filters is None or matches(self._plan.filters, facts):
                yield from self._judged(file, content, facts)

    def _known(self, digests: Sequence[str]) -> Iterator[tuple[File, Content, Facts]]:
        """Look up every file of these contents."""
        with ThreadPoolExecutor(1, "search-contents") as pool:
            reading = pool.submit(self._library.contents, digests)
            files_of = self._library.files_of(digests)
            contents = reading.result()
        for digest, files in files_of.items():
            if content := contents.get(digest):
                yield from ((file, content, facts_of(file, content)) for file in files)

    def _judged(self, file: File, content: Content, facts: Facts) -> Iterator[Candidate]:
        ranking = self._plan.ranking
        when = date_of(file, content)
        if ranking is None:
            yield Candidate(1.0, file, content, Whole(), when)
            return
        plain = Candidate(0.0, file, content, Whole(), when)
        found = self._placed(ranking, plain, facts, alone=False)
        if not self._judge.is_joined(file.digest):
            yield from found
            return
        without = list(self._placed(ranking, plain, facts, alone=True))
        by_place = {one.locator if self._options.group == "segment" else None: one for one in without}
        for one in found:
            alone = by_place.get(one.locator if self._options.group == "segment" else None)
            yield one if alone and alone.score >= one.score else self._with_partner(ranking, one, alone)

    def _placed(self, ranking: Part, plain: Candidate, facts: Facts, *, alone: bool) -> Iterator[Candidate]:
        """Yield a file where it answers best, or each of its places that do; `alone` without what links join
        it with."""
        asked = ranking, plain.file.digest, plain.file.path, facts
        score = self._judge.score(*asked, alone=alone)
        if score is None or score < self._floor:
            return
        at = {
            place: self._judge.score(*asked, place, alone=alone) or 0.0
            for place in self._judge.places(*asked, alone=alone)
        }
        if self._options.group == "segment":
            good = {place: score for place, score in at.items() if score >= self._floor}
            places_of = apart(good, self._judge.clues(*asked[:3], alone=alone))
            yield from (replace(plain, score=good[p], locator=p) for p in places_of)
        else:
            yield replace(plain, score=score, locator=max(at, key=lambda place: at[place]))

    def _with_partner(self, ranking: Part, one: Candidate, alone: Candidate | None) -> Candidate:
        """Name the file that a candidate owes its score to."""
        clues = self._judge.clues(ranking, one.file.digest, one.file.path, one.locator)
        told = [clue.evidence.path for clue in clues if clue.evidence.part is not None]
        partner = next((path for path in told if path is not None), None)
        return replace(one, partner=partner, alone=alone, follows=partner is not None and told[0] == partner)

    def _hit(self, rank: int, candidate: Candidate, said: Sayings) -> Hit:
        file = candidate.file
        ranking = self._plan.ranking
        place = candidate.locator
        alone = candidate.partner is None and self._judge.is_joined(file.digest)
        clues = self._judge.clues(ranking, file.digest, file.path, place, alone=alone) if ranking else []
        if self._options.group == "segment":
            clues = [clue for clue in clues if clue.evidence.part or self._is_at(clue.evidence, place)]
        evidence = shown(clues, place)
        own = [one for one in evidence if one.path is None]
        exact = [one for one in own if is_of(one, place)]
        exact = exact or [one for one in own if inside(one.locator, place)]
        text = first(one.text for one in exact if one.space != "name")
        text = text or first(one.text for one in own if one.locator == Whole())
        shown_at = said.moment(file.digest, place_shown(place, exact), clues)
        at = shown_at if shown_at != place else exact[0].locator if exact else place
        thumbnail = self._library.thumbnail(file.digest, at)
        return Hit(
            rank,
            round(candidate.score, 4),
            file,
            candidate.content,
            shown_at,
            text,
            evidence,
            thumbnail,
            candidate.group,
            candidate.more,
        )

    def _is_at(self, evidence: Evidence, place: Locator) -> bool:
        """Whether something was found at a place; of what lies inside it, only what is good enough."""
        is_there = evidence.path is None and evidence.locator in (place, Whole())
        is_inside = evidence.path is None and inside(evidence.locator, place)
        return is_there or (is_inside and evidence.calibrated >= self._floor)
