"""Questions that ask for several things at once, split by rule: "the chart of revenue on the page that names
the auditor" asks for a chart of revenue, and for the auditor on that page.

Bare words are split only where a page, a film or a document is said to hold something else as well, or where
a person writes ` + ` or `;` between parts: most sentences with "and" ask for one thing. Where a person says
that there are parts (`SAME pair (...)`), "and", "with", "that" and commas split as well. Every noun stays in
some part but those that only name what holds the others, such as "page". English and German.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from search.function_words import FUNCTION_WORDS
from search.variants import MOST_WORDS

Sort = Literal["any", "picture", "table", "said"]

MOST_PARTS = 5

LONGEST = 400
"""What has more characters is no question but a text."""

_HOLDERS = (
    "page pages slide slides sheet document documents file pdf film movie video clip recording episode scan "
    "seite folie blatt dokument datei film video aufnahme folge"
)
"""What only holds things: it names no content itself."""

_PAPERS = (
    "report letter contract invoice bill receipt offer quote statement certificate minutes mail email e-mail "
    "paper article book chapter section presentation talk lecture interview podcast lease thesis manual "
    "brief bericht vertrag rechnung quittung angebot protokoll artikel buch kapitel vortrag handbuch"
)
"""What holds things and may be called so itself."""

_PICTURES = (
    "chart graph diagram plot figure map drawing picture photo photograph image illustration logo screenshot "
    "painting sketch karte diagramm abbildung bild foto zeichnung skizze"
)
_TABLES = "table tabelle"
_HELD = (
    "that which where with who whose when showing about containing mentioning naming listing saying "
    "die der das dem wo mit über"
)
_VERBS = (
    "names name mentions mention says say lists list shows show contains contain describes describe has have "
    "includes include explains explain quotes depicts gives tells refers discusses talks talk speaks speak "
    "is nennt erwähnt sagt zeigt enthält beschreibt hat erklärt spricht redet erzählt"
)
_SPEAKING = "says say tells talks talk speaks speak sagt spricht redet erzählt"


def _any(words: str) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(words.split(), key=len, reverse=True)))})"


_ARTICLE = r"(?:the|an?|this|that|some|same|der|die|das|dem|den|ein|eine|einem|einer)\s+"
_KIND = rf"(?P<kind>(?:(?!{_ARTICLE})[\w-]+\s+){{0,2}}?)(?P<holder>{_any(f'{_HOLDERS} {_PAPERS}')})"
_WHO = r"(?:somebody|someone|people|they|he|she|it|you|there|one|jemand|man|er|sie|es)"
_HEARD = (
    rf"(?:(?:on|in|auf)\s+)?{_any(_HELD)}\b(?:\s+{_WHO}\b)?(?:\s+also\b)?"
    rf"(?:\s+(?P<verb>{_any(_VERBS)})\b(?:\s+(?:about|of|to|on|von|über)\b)?)?"
)
_ON_THE_PAGE = re.compile(
    rf"(?P<head>.+?),?\s+(?:on|in|from|at|inside|within|auf|aus|im)\s+(?P<article>(?:{_ARTICLE})*){_KIND},?\s+"
    rf"{_HEARD}\s+(?P<rest>.+)",
    re.IGNORECASE,
)
"""`the chart of revenue on the page that names the auditor`"""

_IN_THE_PAPER = re.compile(
    rf"(?P<head>.+?)\s+(?:on|in|from|auf|aus|im)\s+(?P<article>(?:{_ARTICLE})+)(?P<kind>)"
    rf"(?P<rest>(?P<holder>{_any(_PAPERS)})\s+(?:from|by|to|von|an)\s+.+)(?P<verb>)",
    re.IGNORECASE,
)
"""`the total of 300 euros in the invoice from Acme`"""

_PAGE_WITH = re.compile(
    rf"(?:{_ARTICLE})*{_KIND}\s+(?:{_any(_HELD)}|of|from|by|for|von|to)\s+(?:(?:{_any(_VERBS)})\s+)?"
    rf"(?P<head>.+?),?\s+(?:(?:and|und)\s+(?={_ARTICLE}|{_any(_HELD)}\b))?{_HEARD}\s+(?P<rest>.+)",
    re.IGNORECASE,
)
"""`the slide with the map that mentions Lyon`, `invoice from Acme with the total of 300 euros`"""

_PAGE_AND = re.compile(
    rf"(?:{_ARTICLE})*(?P<kind>)(?P<holder>{_any(_HOLDERS)})\s+(?:with|showing|containing|mit)\s+"
    rf"(?P<head>.+?)\s+(?:and|und)\s+(?={_ARTICLE})(?P<verb>)(?P<rest>.+)",
    re.IGNORECASE,
)
"""`the page with a map and a table of prices`"""

_RULES = (_ON_THE_PAGE, _IN_THE_PAPER, _PAGE_WITH, _PAGE_AND)
_AND_ALSO = re.compile(rf",?\s+(?:and|und)\s+(?={_any(_HELD)}\b|(?:also\s+)?{_any(_VERBS)}\b)", re.IGNORECASE)
_SIGNS = re.compile(r"\s+\+\s+|\s*;\s+")
_WIDE = re.compile(rf"\s*[,;]\s+(?:and\s+)?|\s+\+\s+|\s+(?:and|und|{_any(_HELD)[3:-1]})\s+", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:please\s+)?(?:(?:find|show|give|get|search)(?:\s+(?:me|for))?|where\s+(?:is|are|was)|what\s+(?:is|are|was)|"
    r"i\s+am\s+looking\s+for|zeige?(?:\s+mir)?|finde|suche)\s+",
    re.IGNORECASE,
)
_CLAUSE = re.compile(rf"^(?:{_HEARD}|(?:also\s+)?(?P<does>{_any(_VERBS)}))\s+(?P<core>.+)", re.IGNORECASE)
_PICTURED = re.compile(
    rf"^(?:{_ARTICLE})*(?:[\w-]+\s+)?(?P<sort>{_any(f'{_PICTURES} {_TABLES}')})s?\b"
    r"(?:\s+(?:of|about|with|showing|for|von|mit|über|der|des)\s+(?P<core>.+))?$",
    re.IGNORECASE,
)
_FIRST_ARTICLE = re.compile(rf"^(?:{_ARTICLE})+", re.IGNORECASE)
_LAST_VERB = re.compile(
    r"\s+(?P<verb>nennt|erwähnt|sagt|zeigt|enthält|beschreibt|erklärt|spricht|redet|erzählt)$", re.IGNORECASE
)
_INDEFINITE = re.compile(r"(?:an?|some|ein\w*)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subquestion:
    """One part of a question: its words as they were typed; what it asks for (`core`) apart from the kind of
    thing (`sort`) that is to show or say it."""

    text: str
    core: str
    sort: Sort = "any"

    @property
    def telling(self) -> str:
        """What it asks for without the words that say little: a text that lacks one of them is none the
        worse an answer."""
        told = [word for word in self.core.split() if word.casefold() not in FUNCTION_WORDS]
        return " ".join(told) or self.core


def parts_of(text: str, *, wide: bool = False) -> tuple[Subquestion, ...]:
    """Return the parts of a question, two to five; none where it is simple. `wide` splits more readily, for
    text of which it is known that it has several parts."""
    plain = _LEAD.sub("", " ".join(text.split()).rstrip("?!. "))
    if len(plain) > LONGEST or len(plain.split()) > MOST_WORDS:
        return ()
    pieces = list(_pieces(plain))
    if wide and len(pieces) < 2:
        pieces = [(one, "") for one in _WIDE.split(plain)]
    asked = [subquestion(one, verb) for one, verb in pieces if _says_something(one)]
    unique = tuple({one.core.casefold(): one for one in asked}.values())
    if len(unique) > MOST_PARTS:
        rest = " ".join(one.text for one in unique[MOST_PARTS - 1 :])
        unique = (*unique[: MOST_PARTS - 1], Subquestion(rest, rest))
    return unique if len(unique) > 1 else ()


def subquestion(text: str, verb: str = "") -> Subquestion:
    """Tell what one part asks for; `verb` is the one that stood before it, such as "mentions"."""
    clause = _CLAUSE.match(text)
    if clause and _says_something(clause["core"]):
        verb = verb or clause["verb"] or clause["does"] or ""
        text = clause["core"]
    if last := _LAST_VERB.search(text):
        verb, text = verb or last["verb"], text[: last.start()]
    text = _FIRST_ARTICLE.sub("", text) or text
    if verb.casefold() in _SPEAKING.split():
        return Subquestion(text, text, "said")
    pictured = _PICTURED.match(text)
    if pictured is None:
        return Subquestion(text, text)
    is_table = pictured["sort"].casefold() in _TABLES.split()
    core = _FIRST_ARTICLE.sub("", pictured["core"] or "") or text
    return Subquestion(text, core, "table" if is_table else "picture")


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a question, each with the verb before it; one where it is simple."""
    signed = _SIGNS.split(text)
    if len(signed) > 1:
        for one in signed:
            yield from _pieces(one)
        return
    found = next(filter(None, (rule.fullmatch(text) for rule in _RULES)), None)
    if found is None or not _says_something(found["head"]) or _is_loose(found):
        yield text, ""
        return
    holder = f"{found['kind']}{found['holder']}"
    is_content = bool(found["kind"].strip()) or found["holder"].casefold() in _PAPERS.split()
    if found.re in (_ON_THE_PAGE, _IN_THE_PAPER):
        yield from _pieces(found["head"])
        if found["kind"].strip():
            yield holder, ""
    else:
        yield (text[: found.end("head")] if is_content else found["head"]), ""
    first, *others = _AND_ALSO.split(found["rest"])
    yield first, found["verb"] or ""
    yield from ((one, "") for one in others)


def _is_loose(found: re.Match[str]) -> bool:
    """Whether something is only told to be on paper, as in "paints on a large paper with water colours"."""
    named = found.re is _ON_THE_PAGE and found["holder"].casefold() in _PAPERS.split()
    return named and (not found["article"] or bool(_INDEFINITE.search(found["article"])))


def _says_something(text: str) -> bool:
    words = (word.casefold() for word in re.findall(r"\w+", text))
    return any(word not in FUNCTION_WORDS and word not in _HOLDERS.split() for word in words)
