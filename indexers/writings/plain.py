"""Plain texts, those with light markup (Markdown, reStructuredText), and source code."""

import re
from collections.abc import Iterable, Iterator

from indexers.facts import Facts, clean
from indexers.headings import LONGEST
from indexers.link_targets import target_of
from indexers.writings.blocks import Block, Heading, Link, Paragraph, Source
from indexers.writings.decoding import decoded

_HASHES = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}$")
_ENDING = re.compile(r"\.\w{1,5}$")
_SIGNS_ONLY = re.compile(r"[\W_]+$")
_FENCE = re.compile(r"(```|~~~)")
_LINK = re.compile(
    r"!?\[([^\[\]]{0,500})\]\((?P<to><[^<>\n]{0,2000}>|[^()\s]{0,2000})(?: \"[^\"]{0,200}\")?\)"
)
_REFERENCE = re.compile(
    r"\s{0,3}\[[^\[\]]{1,200}\]:\s+(?P<to>\S{1,2000})|`[^`<>]{0,500}<(?P<rst>[^<>`\s]{1,2000})>`_"
)
_NOTE = re.compile(r"\[\[([^\[\]|#]{1,300})(?:#[^\[\]|]{0,300})?(?:\|[^\[\]]{0,300})?\]\]")
"""A link to another note by its name, as Obsidian and others write it."""

_ADORNED = re.compile(r"(\*\*|__|`+|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w))")
_LISTED = re.compile(r"\s*([-*+•]|\d{1,3}[.)])\s+")
_META = re.compile(r"(title|author|tags|keywords|description|subtitle)\s*:\s*(.+)", re.IGNORECASE)
_LINES_AT_ONCE = 40


def plain(source: Source) -> Iterator[Block]:
    """Read a text: paragraphs are parted by empty lines."""
    yield from map(Paragraph, paragraphs(_text(source).split("\n")))


def code(source: Source) -> Iterator[Block]:
    """Read source code or data: lines stay lines."""
    lines = _text(source).split("\n")
    for begin in range(0, len(lines), _LINES_AT_ONCE):
        some = "\n".join(line.rstrip() for line in lines[begin : begin + _LINES_AT_ONCE])
        if some.strip():
            yield Paragraph(some)


def light(source: Source) -> Iterator[Block]:
    """Read Markdown or reStructuredText: headings are told, marks of emphasis and links left out."""
    lines = _text(source).split("\n")
    told, lines = _front(lines)
    title = next((block.text for block in _marked_up(lines[:200]) if isinstance(block, Heading)), None)
    yield told.completed(Facts(title=title, words=title or ""))
    yield from _marked_up(lines)


def paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Join the lines of a text to paragraphs; what is listed stays apart."""
    held: list[str] = []
    for line in lines:
        if held and (not line.strip() or _LISTED.match(line)):
            yield " ".join(held)
            held = []
        if line.strip():
            held.append(line.strip())
    if held:
        yield " ".join(held)


def _text(source: Source) -> str:
    return decoded(source.file.read(source.most_text))


def _marked_up(lines: list[str]) -> Iterator[Heading | Paragraph | Link]:
    held: list[str] = []
    fenced = False
    at = 0
    while at < len(lines):
        line = lines[at]
        below = lines[at + 1].rstrip() if at + 1 < len(lines) else ""
        heading = None if fenced else _heading(line, below, bool(held and held[-1].strip()))
        if heading:
            yield from _paragraphs(held)
            held = []
            yield Heading(_undone(heading))
            at += 1 if _HASHES.match(line) else 2
            continue
        if _FENCE.match(line.lstrip()):
            fenced = not fenced
        elif fenced or not _SIGNS_ONLY.match(line.strip() or "a"):
            held.append(line)
        at += 1
    yield from _paragraphs(held)


def _paragraphs(lines: list[str]) -> Iterator[Paragraph | Link]:
    for text in paragraphs(lines):
        if told := _undone(text).strip():
            yield Paragraph(told)
        yield from map(Link, _targets(text))


def _targets(text: str) -> Iterator[str]:
    """Yield the files that a paragraph links to."""
    hrefs = [found["to"].strip("<>") for found in _LINK.finditer(text)]
    hrefs += [found["to"] or found["rst"] for found in _REFERENCE.finditer(text)]
    named = (found[1].strip() for found in _NOTE.finditer(text))
    hrefs += [name if _ENDING.search(name) else f"{name}.md" for name in named]
    targets = (target_of(href) for href in hrefs)
    yield from (target for target in targets if target and not target.startswith("#"))


def _heading(line: str, below: str, is_inside: bool) -> str | None:
    if found := _HASHES.match(line):
        return clean(found[1])[:LONGEST] or None
    text = line.strip()
    is_underlined = not is_inside and _UNDERLINE.match(below) and len(below) >= min(len(text), LONGEST)
    return text if is_underlined and 0 < len(text) <= LONGEST and not _SIGNS_ONLY.match(text) else None


def _undone(line: str) -> str:
    return _ADORNED.sub("", _LINK.sub(r"\1", line))


def _front(lines: list[str]) -> tuple[Facts, list[str]]:
    """Take what stands between `---` lines at the beginning of a Markdown text."""
    if lines[:1] != ["---"] or "---" not in lines[1:100]:
        return Facts(), lines
    end = lines.index("---", 1)
    said = {
        found[1].lower(): clean(found[2].strip("\"'[] "))
        for line in lines[1:end]
        if (found := _META.match(line))
    }
    tags = tuple(tag.strip(" \"'") for tag in said.get("tags", "").split(",") if tag.strip())
    return Facts(title=said.get("title"), words="\n".join(said.values()), tags=tags), lines[end + 1 :]
