"""From what a person typed to the query tree: an LALR(1) grammar, and errors that point at their place."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken

from search import changes, prefixes
from search.errors import QuerySyntaxError
from search.query import (
    And,
    Changed,
    Clip,
    Face,
    Leaf,
    Like,
    Mixed,
    Not,
    Or,
    Part,
    Phrase,
    Query,
    Same,
    Scope,
    Scored,
    Span,
    Term,
    Then,
    Words,
    children,
    looked_for,
)

LONGEST = 20_000
MOST_SECONDS = 3_600_000.0
DEEPEST = 20
END = r"(?=[\s()]|$)"
LETTER = rf"(?!\^\d+(?:\.\d+)?{END})[^\s()\"“„\x00\ufeff]"
"""One character of an unquoted word: no white space, quote or bracket, and no weight begins here."""
QUOTE = r'"(?:[^"]|"")*"|[“„][^“”]*[“”]'
NAME = r"[^\W\d_]\w*:"
FILE = rf'@"(?:[^"]|"")*"(?:#\d+)?(?:\[[^\]"]*\])?|@(?:\([^\s()"]*\)|\[[\d., ]*\]|{LETTER})+'
LENGTH = r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>s|sec|m|min|h)?"
BLANK = r"[\s\x00\ufeff]*"
GRAMMAR = rf"""
?start: either
either: sequence (_OR sequence)*
sequence: both (_THEN both WITHIN?)*
both: row (_AND row)*
row: _item+
_item: negation | weighted | _atom
negation: (MINUS | NOT) _item
weighted: _atom WEIGHT
_atom: WORD | QUOTED | PREFIXED | NAKED | KEYWORD | UNCLOSED | group | same
group: LEFT either RIGHT
same: SAME group

LEFT: "("
RIGHT: ")"
_OR.9: /OR{END}/
_AND.9: /AND{END}/
NOT.9: /NOT{END}/
_THEN.9: /THEN{END}/
WITHIN.9: /WITHIN\s+{LENGTH}{END}/
SAME.9: /SAME\s+(?:moment|page|pair|file|folder)(?=\s*\()/
KEYWORD.8: /(?:SAME|WITHIN){END}/
WEIGHT.9: /\^\d+(?:\.\d+)?{END}/
MINUS.8: /-(?=[^\s)])/
PREFIXED.7: /{NAME}(?!\/\/)(?:{FILE}|{QUOTE}|(?!@)(?:{LETTER})+)/
NAKED.6: /{NAME}{END}/
QUOTED.5: /{QUOTE}/
UNCLOSED.4: /(?:{NAME})?@?["“„](?s:.*)/
WORD.3: /(?:{LETTER})+/
%ignore /[\s\x00\ufeff]+/
"""


def parse(text: str) -> Query:
    """Read a query. Raises `QuerySyntaxError` with the span of what is wrong."""
    if re.fullmatch(BLANK, text):
        raise QuerySyntaxError("The query is empty.", 0, len(text), "Type what you are looking for.")
    if len(text) > LONGEST:
        message = f"The query is too long: {len(text)} characters, {LONGEST} are allowed."
        raise QuerySyntaxError(message, LONGEST, len(text), "Search for a few telling words of it.")
    try:
        root = cast("Part", _parser().parse(text))
    except UnexpectedToken as error:
        raise _explained(text, error.token) from None
    check_depth(root)
    return Query(root, text)


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and signs of a text, which need not be a query; their types are those of `GRAMMAR`."""
    with suppress(UnexpectedCharacters):
        yield from _parser().lex(text)


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())


class _Builder(Transformer[Token, Any]):
    """Makes nodes while the parser reduces, so that no depth of nesting can exhaust the stack."""

    def either(self, parts: Sequence[Part]) -> Part:
        return Or(tuple(parts), span=_across(parts)) if len(parts) > 1 else parts[0]

    def sequence(self, children: Sequence[Part | Token]) -> Part:
        parts = [_part(child) for child in children if not isinstance(child, Token)]
        if len(parts) == 1:
            return parts[0]
        gaps: list[float | None] = []
        for child in children[1:]:
            if isinstance(child, Token):
                gaps[-1] = _seconds(child)
            else:
                gaps.append(None)
        for part in parts:
            require_place(part, "THEN")
        return Then(tuple(parts), tuple(gaps), span=_across(parts))

    def same(self, children: Sequence[Part | Token]) -> Part:
        sign, inner = children
        assert isinstance(sign, Token)
        part = _part(inner)
        require_place(part, "SAME")
        scope = cast("Scope", sign.split()[1])
        return Same(scope, part, span=(_span(sign)[0], part.span[1]))

    def both(self, rows: Sequence[Sequence[Part]]) -> Part:
        parts = [part for row in rows for part in row]
        return And(tuple(parts), span=_across(parts)) if len(parts) > 1 else parts[0]

    def row(self, items: Sequence[Part | Token]) -> list[Part]:
        """Join the bare words of one row into one part, at the place of the first."""
        items = _summed(items)
        words = [item for item in items if isinstance(item, Token) and _is_word(item)]
        parts: list[Part] = []
        for item in items:
            if not isinstance(item, Token) or not _is_word(item):
                parts.append(_part(item))
            elif item is words[0]:
                parts.append(_words(words))
        return parts

    def group(self, children: Sequence[Token | Part]) -> Part:
        left, inner, right = children
        assert isinstance(left, Token)
        assert isinstance(right, Token)
        return replace(_part(inner), span=(_span(left)[0], _span(right)[1]))

    def negation(self, children: Sequence[Token | Part]) -> Part:
        sign, inner = children
        assert isinstance(sign, Token)
        part = _part(inner)
        return Not(part, span=(_span(sign)[0], part.span[1]))

    def weighted(self, children: Sequence[Token | Part]) -> Part:
        inner, weight = children
        assert isinstance(weight, Token)
        part = _part(inner)
        span = _span(weight)
        if not isinstance(part, Scored):
            message = "A weight makes no sense here: this part only decides yes or no."
            raise QuerySyntaxError(message, *span, "Take the weight away.")
        value = round(part.weight * float(weight[1:]), 6)
        if not 0.001 <= value <= 1000:
            raise QuerySyntaxError("A weight is between 0.001 and 1000.", *span)
        return replace(part, weight=value, span=(part.span[0], span[1]))


def require_place(part: Part, operator: str) -> None:
    """Refuse what has no place in a file: filters, and what is only ruled out. Raises `QuerySyntaxError`."""
    if not any(isinstance(found, Leaf) for found in looked_for(part)):
        remedy = f"{operator} needs something to look for, such as said:hello or scene:beach."
        raise QuerySyntaxError("This part has no place or time in a file.", *part.span, remedy)


def _seconds(token: Token) -> float:
    found = re.fullmatch(rf"WITHIN\s+{LENGTH}", token)
    assert found is not None
    seconds = round(float(found["number"]) * prefixes.UNITS[found["unit"]], 6)
    if not seconds <= MOST_SECONDS:
        raise QuerySyntaxError("WITHIN takes at most 1000 hours.", *_span(token))
    return seconds


def _is_word(token: Token) -> bool:
    if token.type == "NAKED":
        return not prefixes.is_prefix(token[:-1])
    return token.type == "WORD"


def _words(tokens: Sequence[Token]) -> Words:
    for token in tokens:
        prefixes.readable(token, _span(token))
        head, colon, _ = token.partition(":")
        if colon and head != token and token.type == "WORD" and prefixes.is_prefix(head):
            raise QuerySyntaxError(f"{head}: has nothing readable behind it.", *_span(token))
    return Words(" ".join(map(str, tokens)), span=(_span(tokens[0])[0], _span(tokens[-1])[1]))


def _part(item: Token | Part) -> Part:
    if not isinstance(item, Token):
        return item
    span = _span(item)
    match item.type:
        case "QUOTED":
            text = prefixes.readable(prefixes.unquoted(item), span)
            if not text:
                raise QuerySyntaxError("There is nothing between these quotes.", *span)
            return Phrase(text, span=span)
        case "PREFIXED":
            prefix, _, raw = item.partition(":")
            if re.fullmatch(r"[a-zA-Z]:[\\/].*", item):  # a Windows path, not a prefix
                return Words(prefixes.readable(str(item), span), span=span)
            return prefixes.part(str(prefix), str(raw), span)
        case "UNCLOSED":
            start = min(item.find(sign) for sign in '"“„' if sign in item) + span[0]
            raise QuerySyntaxError("This quote is not closed.", start, span[1], 'Add a " at its end.')
        case "KEYWORD":
            raise QuerySyntaxError(*_misplaced(str(item), span))
        case "NAKED" if prefixes.is_prefix(item[:-1]):
            remedy = f"Put its value right behind the colon, like {_example(item[:-1].lower())}."
            raise QuerySyntaxError(f"{item} has no value.", *span, remedy)
        case _:
            return _words([item])


def _misplaced(keyword: str, span: Span) -> tuple[str, int, int, str]:
    small = "Write it in small letters to search for the word."
    if keyword == "SAME":
        message = "SAME needs a scope and brackets."
        return (
            message,
            *span,
            f"Write SAME moment (said:hello scene:beach); or page, pair, file, folder. {small}",
        )
    return "WITHIN needs THEN before it and a length behind it.", *span, f"Write a THEN b WITHIN 20s. {small}"


def _example(prefix: str) -> str:
    samples = {
        "like": "like:@photo.jpg",
        "face": "face:@photo.jpg",
        "type": "type:pdf",
        "ext": "ext:jpg",
        "date": "date:2024",
    }
    samples |= {"near": "near:51.5,-0.12,10km", "in": "in:Holidays"}
    return samples.get(prefix, f'{prefix}:"two words"')


def _summed(items: Sequence[Part | Token]) -> list[Part | Token]:
    """Join `like:@a.jpg + "in snow" - people`, or `like:@a.jpg but "in snow"`, to one part; leaves other
    rows as they are."""
    summed: list[Part | Token] = []
    left = list(items)
    while left:
        item = left.pop(0)
        if isinstance(item, Token) and item.type == "PREFIXED" and item.lower().startswith("like:"):
            item = _part(item)
        if isinstance(item, Like):
            is_changed = bool(left) and changes.is_but(left[0])
            item = changes.changed(item, left, _part, _is_word) if is_changed else _sum(item, left)
        summed.append(item)
    for before, item in pairwise(summed):
        if _is_reference(before) and _is_sign(item, "+", "-", "but"):
            message = f"{item} has no picture before it."
            if item == "but":
                message = "Only a picture by itself can be changed with but."
            remedy = 'Write like:@a.jpg + "in snow" - people, or like:@a.jpg but "in snow".'
            raise QuerySyntaxError(message, *_part(item).span, remedy)
    return summed


def _sum(base: Like, left: list[Part | Token]) -> Like | Mixed:
    """Take the terms of a sum, if there are any, off what is left of a row."""
    terms: list[Term] = []
    end = base.span[1]
    while left and _is_sign(left[0], "+", "-"):
        sign = left.pop(0)
        operand = _part(left.pop(0)) if left else None
        match operand:
            case Words(text):
                operand = Phrase(text, weight=operand.weight, span=operand.span)
            case Phrase() | Like():
                pass
            case _:
                remedy = 'Write words or a picture there: like:@a.jpg + "in snow" - like:@b.jpg.'
                raise QuerySyntaxError(f"{sign} has nothing to add or take away.", *_part(sign).span, remedy)
        terms.append(Term(1 if sign == "+" else -1, operand))
        end = operand.span[1]
    return Mixed(base, tuple(terms), span=(base.span[0], end)) if terms else base


def _is_reference(item: Part | Token) -> bool:
    if isinstance(item, Token):
        return item.type == "PREFIXED" and "@" in item[:10]
    return isinstance(item, Like | Mixed | Changed | Clip | Face)


def _is_sign(item: Part | Token, *signs: str) -> bool:
    return isinstance(item, Token) and item.type == "WORD" and item in signs


def _span(token: Token) -> Span:
    start = token.start_pos or 0
    return start, start + len(token)


def _across(parts: Sequence[Part]) -> Span:
    return min(part.span[0] for part in parts), max(part.span[1] for part in parts)


def check_depth(root: Part) -> None:
    """Refuse a tree that is too deep. Raises `QuerySyntaxError`."""
    level: list[Part] = [root]
    for _ in range(DEEPEST):
        level = [child for part in level for child in children(part)]
        if not level:
            return
    message = f"The query is nested too deeply: {DEEPEST} levels are allowed."
    raise QuerySyntaxError(message, *level[0].span, "Take some brackets or minus signs away.")


def _explained(text: str, stop: Token) -> QuerySyntaxError:
    """Say in one sentence why the parser could not go on at this token."""
    tokens = list(_parser().lex(text))
    spans = [_span(token) for token in tokens]
    at = len(tokens) if stop.type == "$END" else spans.index(_span(stop))
    before = tokens[at - 1] if at else None
    open_brackets = _open_brackets(tokens[:at])
    quote = f'To search for the words as they stand, quote them: "{text.strip()[:60]}".'
    small = "Write it in small letters to search for the word."
    if stop.type == "RIGHT" and not open_brackets:
        return QuerySyntaxError("This closing bracket has no opening one.", *spans[at], quote)
    if before is not None and before.type in ("_AND", "_OR", "_THEN", "NOT", "MINUS"):
        remedy = quote if before.type == "MINUS" else small
        return QuerySyntaxError(f"{before} has nothing behind it.", *_span(before), remedy)
    if stop.type == "RIGHT":
        span = (_span(open_brackets[-1])[0], spans[at][1])
        return QuerySyntaxError("There is nothing between these brackets.", *span, quote)
    if stop.type == "$END" and open_brackets:
        span = _span(open_brackets[-1])
        return QuerySyntaxError("This bracket is not closed.", *span, "Add a ) at its end.")
    if stop.type == "WITHIN":
        return QuerySyntaxError(*_misplaced("WITHIN", spans[at]))
    if stop.type in ("_AND", "_OR", "_THEN"):
        return QuerySyntaxError(f"{stop} has nothing before it.", *spans[at], small)
    if stop.type == "WEIGHT":
        return QuerySyntaxError("This weight has nothing to weigh.", *spans[at], "Write word^2.")
    return QuerySyntaxError("This cannot be read.", *spans[at], quote)


def _open_brackets(tokens: Sequence[Token]) -> list[Token]:
    open_brackets: list[Token] = []
    for token in tokens:
        if token.type == "LEFT":
            open_brackets.append(token)
        elif token.type == "RIGHT" and open_brackets:
            open_brackets.pop()
    return open_brackets
