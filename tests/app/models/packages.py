"""Small packages made for a test, installed as pip would, and a catalogue whose models are made of them."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from app.models import catalogue
from app.models.catalogue import Entry

HALVES = {"half-one": ("half_one/part1", b"first half, "), "half-two": ("half_two/part2", b"second half")}
WHOLE = b"".join(content for _, content in HALVES.values())
VERSION = "1.0"


def install(site: Path, name: str, files: Mapping[str, bytes], version: str = VERSION) -> None:
    """Lay out a distribution below `site`."""
    about = site / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    for path, content in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content)
        (site / path).with_name("__init__.py").write_text("raise AssertionError('this package was imported')")


def install_halves(site: Path) -> None:
    """Install both packages of the split model."""
    for name, (path, content) in HALVES.items():
        install(site, name, {path: content})


def split_model(file: Path, **changes: str) -> Entry:
    """Return the entry of a model that two packages carry in halves, with these further `[model.files]`."""
    made = {"model.bin": f'{{ from = ["one", "two"], sha256 = "{sha256(WHOLE)}" }}', **changes}
    parts = (
        f'{part} = {{ package = "{name}", version = "{VERSION}", path = "{path}", bytes = {len(content)}, '
        f'sha256 = "{sha256(content)}" }}'
        for part, (name, (path, content)) in zip(("one", "two"), HALVES.items(), strict=True)
    )
    lines = (
        "[[model]]",
        'id = "split"',
        'task = "scene"',
        'engine = "onnx-dual-encoder"',
        'licence = "MIT"',
        "commercial_use = false",
        'training = "trained on two halves"',
        "dim = 3",
        "bytes_about = 23",
        "[model.source]",
        'kind = "packages"',
        'extra = "starter"',
        "[model.source.parts]",
        *parts,
        "[model.files]",
        *(f'"{name}" = {how}' for name, how in made.items()),
    )
    file.write_text("\n".join(lines), encoding="utf-8")
    (entry,) = catalogue.load(file)
    return entry


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
