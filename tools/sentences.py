"""Finds what `search`, `indexers` and `app` say to a person: the sentences that the window translates.

Whoever raises an error writes it as it is to be read, in an f-string. What is given to errors, and to fields
of records that hold sentences (`reason`, `detail` ...), is followed back to where it was written; from
`f"{path} cannot be read: {error.strerror}."` comes the text "{path} cannot be read: {strerror:text}.".
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tools.following import SAID, Program, Reader, Scope, is_phrase, name_of, written
from ui.remedies import ALLOWED, in_window, is_command

_BETWEEN = re.compile(r"(?<=[.!?])\s+")
_GAP = re.compile(r"(?<!{){\w+(:\w+)?}")
PACKAGES = ("search", "indexers", "app")
ELSEWHERE: Mapping[str, str] = {
    "app/cli": "what only the command line says",
    "app/demo.py": "a command",
    "app/estimating.py": "a command",
    "app/keeping.py": "commands; the window has app/kept_desk.py",
    "app/naming.py": "where commands write files",
    "app/own_fields.py": "a command",
    "app/own_tables.py": "a command",
    "app/show.py": "results in a terminal",
    "app/xmp_export.py": "a command",
    "search/language.py": "the query language, whose texts the window translates as its own",
    "search/written.py": "queries, which are written alike in every language",
}
"""Modules whose sentences never come into the window, and why; by the beginning of their names."""

MODELS = "resources/models.toml"
SAID_OF_MODELS = ("description", "licence", "training")

TELLING = ("said", "_said_of_faces", "_exif_turn", "terms", "remark", "lacking")
"""Functions that give a person sentences without an error or a record around them."""

TAKING = ("tell",)
"""Functions that are given sentences."""


@cache
def sentences(root: Path) -> dict[str, str]:
    """Return every sentence that may come into the window, and the file that it stands in."""
    files = [file for package in PACKAGES for file in sorted((root / package).rglob("*.py"))]
    found = sentences_in({file.relative_to(root).as_posix(): file.read_text("utf-8") for file in files})
    catalogue = tomllib.loads((root / MODELS).read_text("utf-8"))
    told = (str(one.get(name, "")) for one in catalogue["model"] for name in SAID_OF_MODELS)
    return found | {text: MODELS for text in told if " " in text}


def sentences_in(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the sentences of some modules and their places, the files of the modules.

    What the window cuts out of them, commands and options, is not in them.
    """
    program = Program(sources)
    reader = Reader(program, tuple(ELSEWHERE))
    found: dict[str, str] = {}
    for value, scope in _told(program):
        for shape in reader.texts(value, scope):
            if is_phrase(shape) or (len(shape) == 1 and isinstance(shape[0], str) and shape[0].isalpha()):
                found.setdefault(written(shape), scope.module)
    alike: dict[str, tuple[str, str]] = {}
    for text, place in (found | reader.pieces).items():
        for one in _BETWEEN.split(in_window(text).removesuffix(ALLOWED)):
            bare = _GAP.sub("{}", one)
            if any(map(str.isalpha, bare)) and not is_command(one):
                alike.setdefault(bare, (one, place))
                if _texts_in(one) > _texts_in(alike[bare][0]):
                    alike[bare] = one, place
    return dict(alike.values())


def _texts_in(text: str) -> int:
    return text.count(":text}") + text.count(":or}")


def _told(program: Program) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield what is given to errors, and to fields that hold sentences."""
    for name, calls in program.calls.items():
        fields = _fields(program, name)
        for call, scope in calls:
            if scope.module.startswith(tuple(ELSEWHERE)):
                continue
            if _is_error(program, name) or name in TAKING:
                yield from ((value, scope) for value in call.args)
            for field, value in zip(fields, call.args, strict=False):
                if field in SAID:
                    yield value, scope
            yield from ((word.value, scope) for word in call.keywords if word.arg in SAID)
    for name in TELLING:
        for function, scope in program.functions.get(name, ()):
            if not scope.module.startswith(tuple(ELSEWHERE)):
                for node in ast.walk(function):
                    if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
                        yield node.value, scope


def _is_error(program: Program, name: str) -> bool:
    """Whether a class is an error of ours, or one that becomes part of such."""
    if name in ("CrossfindError", "WorkerError"):
        return True
    known = program.classes.get(name)
    return known is not None and any(_is_error(program, name_of(base)) for base in known.bases)


def _fields(program: Program, name: str) -> list[str]:
    known = program.classes.get(name)
    named = (node.target for node in known.body if isinstance(node, ast.AnnAssign)) if known else ()
    return [target.id for target in named if isinstance(target, ast.Name)]
