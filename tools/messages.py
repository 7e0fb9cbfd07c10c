"""Brings the files of translators up to date: every text of the window in each `resources/languages/*.po`.

python -m tools.messages            # new texts come in empty, old ones go, the rest stays as it is
python -m tools.messages --check    # changes nothing; exit code 1 where something is missing or stale
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from search.language import REFERENCE
from tools.sentences import sentences
from ui.catalogue import Entry, read_entries
from ui.saying import CONTEXT as SAID

ROOT = Path(__file__).parents[1]
LANGUAGES = ROOT / "resources" / "languages"
_GAP = re.compile(r"(?<!{){(\w+)(?::\w+)?}")
_CALLS = ("tr", "mark", "plural")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that is to be translated, and the files that it stands in."""

    entry: Entry
    places: tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    """Update or check all files, and say what is left to do."""
    wanted, whole = wanted_texts(), True
    for file in sorted(LANGUAGES.glob("*.po")):
        old = tuple(read_entries(file.read_text("utf-8")))
        new = updated(old, wanted)
        if "--check" not in arguments:
            file.write_text(written(new, wanted), "utf-8", newline="\n")
        empty = sum(not all(one.said) for one in new)
        stale = len(keys(old) - keys(new))
        print(f"{file.name}: {len(new) - 1} texts, {empty} to be translated, {stale} stale")
        whole = whole and keys(old) == keys(new) and not empty
    return 0 if whole or "--check" not in arguments else 1


def keys(entries: Iterable[Entry]) -> set[tuple[str, str, str]]:
    """Return what tells entries apart."""
    return {(one.context, one.text, one.many) for one in entries}


def wanted_texts() -> tuple[Wanted, ...]:
    """Return every text of the window once, in the order of the files that they stand in.

    Those of the rest of the program come last: what the query language means, and its sentences.
    """
    found: dict[Entry, list[str]] = {}
    for file in sorted((ROOT / "ui").rglob("*.py")):
        place = file.relative_to(ROOT).as_posix()
        for entry in texts_in(file.read_text("utf-8"), place):
            places = found.setdefault(entry, [])
            if place not in places:
                places.append(place)
    for chapter in REFERENCE:
        for text in (chapter.title, *(one.means for one in chapter.entries)):
            found.setdefault(Entry(text, "", "", ()), []).append("search/language.py")
    for text, place in sentences(ROOT).items():
        found.setdefault(Entry(text, "", SAID, ()), []).append(place)
    return tuple(Wanted(entry, tuple(places)) for entry, places in found.items())


def texts_in(source: str, place: str) -> Iterator[Entry]:
    """Return the texts that a module has translated.

    Raises:
        ValueError: the text of a call is put together there; the message has `place` and the line.
    """
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        if not isinstance(call.func, ast.Name) or call.func.id not in _CALLS:
            continue
        count = 2 if call.func.id == "plural" else 1
        given = call.args[:count]
        if any(isinstance(one, ast.JoinedStr | ast.BinOp) for one in given):
            raise ValueError(f"{place}:{call.lineno}: give the whole text, with named gaps")
        texts = [one.value for one in given if isinstance(one, ast.Constant)]
        if len(texts) == count:
            yield Entry(str(texts[0]), str(texts[1]) if count == 2 else "", _context(call), ())


def _context(call: ast.Call) -> str:
    given = (word.value for word in call.keywords if word.arg == "context")
    return next((str(value.value) for value in given if isinstance(value, ast.Constant)), "")


def updated(old: Iterable[Entry], wanted: Iterable[Wanted]) -> tuple[Entry, ...]:
    """Return the header and an entry for each text, with what was said before."""
    said = {(one.context, one.text, one.many): one for one in old}
    bare = {_bare(one.text): one for one in said.values() if one.context == SAID}
    header = said[("", "", "")]
    forms, entries = _forms(header), [header]
    for one in wanted:
        entry = one.entry
        empty = ("",) * (forms if entry.many else 1)
        known = said.get((entry.context, entry.text, entry.many))
        if known is None and entry.context == SAID and (alike := bare.get(_bare(entry.text))):
            known = _renamed(alike, entry.text)
        entries.append(known or replace(entry, said=empty))
    return tuple(entries)


def _bare(text: str) -> str:
    return _GAP.sub("{}", text)


def _renamed(old: Entry, text: str) -> Entry:
    """Keep what was said of a sentence in whose code a name was changed: its gaps are called otherwise."""
    names = dict(zip(_GAP.findall(old.text), _GAP.findall(text), strict=True))
    said = tuple(_GAP.sub(lambda gap: f"{{{names.get(gap[1], gap[1])}}}", one) for one in old.said)
    return replace(old, text=text, said=said)


def _forms(header: Entry) -> int:
    return int(header.said[0].partition("nplurals=")[2].partition(";")[0] or 2)


def written(entries: Sequence[Entry], wanted: Sequence[Wanted]) -> str:
    """Return the contents of a file; `entries` are the header and one for each that is wanted."""
    places = {one.entry: one.places for one in wanted}
    blocks = []
    for one in entries:
        lines = [f"#: {place}" for place in places.get(replace(one, said=()), ())]
        if one.context:
            lines.append(f"msgctxt {_quoted(one.context)}")
        lines.append(f"msgid {_quoted(one.text)}")
        if one.many:
            lines.append(f"msgid_plural {_quoted(one.many)}")
            lines += [f"msgstr[{number}] {_quoted(said)}" for number, said in enumerate(one.said)]
        else:
            lines.append(f"msgstr {_quoted(one.said[0])}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    first, *more = escaped.split("\n")
    if not more:
        return f'"{first}"'
    lines = [f'"{line}\\n"' for line in (first, *more[:-1])] + ([f'"{more[-1]}"'] if more[-1] else [])
    return "\n".join(['""', *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
