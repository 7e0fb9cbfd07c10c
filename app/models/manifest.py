"""`model.toml`: what stands in every model folder, ours and downloaded ones alike."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import tomli_w

from indexers.model_facts import Facts, stays_inside
from search.errors import ModelError

NAME = "model.toml"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DATA = (
    ".onnx",
    ".onnx_data",
    ".dat",
    ".safetensors",
    ".json",
    ".jsonl",
    ".txt",
    ".jinja",
    ".csv",
    ".md",
    ".model",
    ".tiktoken",
)
_PICKLES = (".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib")
_PICKLE_BEGINNINGS = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


@dataclass(frozen=True, slots=True)
class FileFact:
    """What a file must be: its size in bytes and its SHA-256."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model folder's description. `commercial_use` is None where the licence does not say.

    `training` says what it was trained on, where that restricts what it may be used for.
    """

    id: str
    task: str
    engine: str
    description: str
    licence: str
    commercial_use: bool | None
    training: str
    languages: tuple[str, ...]
    files: Mapping[str, FileFact]
    raw: Mapping[str, Any]

    @property
    def facts(self) -> Facts:
        """The whole file, for the engine that reads its own keys."""
        return Facts(self.raw, f"{self.id}/{NAME}")

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(fact.bytes for fact in self.files.values())

    @property
    def revision(self) -> str:
        """Sixteen hex digits that change with any file, or with what a prepared model is made of."""
        if made_of := self.facts.text("made_of", ""):
            return made_of
        lines = "".join(f"{name} {self.files[name].sha256}\n" for name in sorted(self.files))
        return hashlib.sha256(lines.encode()).hexdigest()[:16]


def read(folder: Path) -> Manifest:
    """Read a model folder's manifest. Raises `ModelError` with one sentence for anything wrong."""
    return parse(read_raw(folder), str(folder / NAME))


def read_raw(folder: Path) -> dict[str, Any]:
    """Read a model folder's manifest without judging it. Raises `ModelError` when it is no TOML."""
    file = folder / NAME
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(
            f"{file} cannot be read: {error}.", "Get the model again, or mend that file."
        ) from error


def parse(raw: Mapping[str, Any], where: str, *, planned: bool = False) -> Manifest:
    """Check a manifest's values; one that is `planned` has no files yet. Raises `ModelError`."""
    facts = Facts(raw, where)
    facts.text("made_of", "")  # a text, if it is there
    commercial = raw.get("commercial_use")
    if commercial is not None and not isinstance(commercial, bool):
        raise facts.wrong("commercial_use", "must be true or false")
    return Manifest(
        checked_id(facts.text("id"), where),
        facts.text("task"),
        facts.text("engine"),
        facts.text("description", ""),
        facts.text("licence", "not stated"),
        commercial,
        facts.text("training", ""),
        facts.texts("languages", ()),
        {} if planned else _files(facts.table("files")),
        raw,
    )


def write(folder: Path, raw: Mapping[str, Any]) -> Manifest:
    """Check and write a manifest. Raises `ModelError` and `OSError`."""
    manifest = parse(raw, str(folder / NAME))
    (folder / NAME).write_text(tomli_w.dumps(raw), encoding="utf-8")
    return manifest


def checked_id(text: str, where: str) -> str:
    """Return the id if it can be the name of a folder everywhere. Raises `ModelError`."""
    if not _ID.fullmatch(text) or text.endswith("."):
        raise ModelError(f"{where}: {text!r} cannot be a model's id.", "Use letters, digits, dots, dashes.")
    return text


def refuse_unsafe_name(name: str, where: str) -> None:
    """Raise `ModelError` for a file that could leave its folder or could run code when loaded."""
    if not stays_inside(name) or name == NAME:
        raise ModelError(f"{where} names a file {name!r}, which is not inside the model's folder.")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PICKLES:
        raise ModelError(
            f"{where}: {name} is a pickle, which could run code when loaded.", "Use safetensors or ONNX."
        )
    if suffix not in (*_DATA, ".bin"):
        raise ModelError(
            f"{where}: {name} is no kind of file that a model consists of.", "Use safetensors or ONNX."
        )


def refuse_pickle(file: Path) -> None:
    """Raise `ModelError` when a file that may hold weights of several kinds begins like a pickle."""
    if file.suffix.lower() in (".bin", ".dat"):
        with file.open("rb") as opened:
            beginning = opened.read(4)
        if beginning.startswith(_PICKLE_BEGINNINGS):
            raise ModelError(
                f"{file} is a pickle, which could run code when loaded.", "Use safetensors or ONNX."
            )


def is_data(file: Path) -> bool:
    """Whether a file is of a kind that models consist of, by its name."""
    return file.suffix.lower() in _DATA


def _files(facts: Facts) -> dict[str, FileFact]:
    if not facts.values:
        raise ModelError(f"{facts.where} names no file.", "Get the model again, or mend that file.")
    found = {}
    for name, value in facts.values.items():
        refuse_unsafe_name(name, facts.where)
        match value:
            case [int(size), str(sha256)] if size >= 0 and _SHA256.fullmatch(sha256):
                found[name] = FileFact(size, sha256)
            case _:
                raise facts.wrong(name, "must be [bytes, sha256]")
    return found
