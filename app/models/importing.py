"""Takes a model that lies in some folder into the person's models folder."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.models import manifest, open_clip_folder
from app.models.incoming import incoming, publish, refuse_taken
from app.models.installed import InstalledModel
from app.models.verify import Tell, require_whole, sha256, silent
from indexers.open_clip_space import CONFIG, weights_of
from search.errors import ModelError

_COMMIT = re.compile(r"[0-9a-f]{40}")


def import_model(
    source: Path,
    models: Path,
    *,
    id_: str | None = None,
    architecture: str | None = None,
    pretrained: str | None = None,
    link: bool = False,
    tell: Tell = silent,
) -> InstalledModel:
    """Copy (or hard-link) a folder with a `model.toml`, or an OpenCLIP checkpoint, and check it.

    A `model.toml` without `[files]` gets sizes and hashes of what lies beside it.
    A checkpoint without `open_clip_config.json` needs `architecture` and the tag `pretrained`, as
    OpenCLIP names them. Raises `ModelError`; the source is only read.
    """
    if not source.is_dir():
        raise ModelError(f"{source} is no folder.", "Name the folder that holds the model.")
    if (source / manifest.NAME).is_file():
        return _with_manifest(source, models, id_, link, tell)
    weights_of(source)
    named = architecture, pretrained
    if not (source / CONFIG).is_file() and not all(named):
        message = f"{source} holds neither {manifest.NAME} nor {CONFIG}."
        raise ModelError(message, "Say what it is: --architecture ViT-B-32 --pretrained laion2b_s34b_b79k.")
    return _checkpoint(source, models, _described(source, id_), named, link, tell)


def _with_manifest(source: Path, models: Path, id_: str | None, link: bool, tell: Tell) -> InstalledModel:
    raw = manifest.read_raw(source)
    if "files" not in raw:
        raw["files"] = _measured(source, tell)
    known = manifest.parse(raw, str(source / manifest.NAME))
    raw["id"] = manifest.checked_id(id_ or known.id, "--id")
    refuse_taken(models / raw["id"])
    with incoming(models, raw["id"], keep=False) as folder:
        bring(source, folder, known.files, link)
        require_whole(known, folder, hashes=True, tell=tell)
        return InstalledModel(*publish(folder, models, raw), "own")


def _checkpoint(
    source: Path,
    models: Path,
    raw: dict[str, Any],
    named: tuple[str | None, str | None],
    link: bool,
    tell: Tell,
) -> InstalledModel:
    refuse_taken(models / raw["id"])
    with incoming(models, raw["id"], keep=False) as folder:
        names = (CONFIG, weights_of(source).name, *open_clip_folder.TOKENIZER)
        bring(source, folder, [name for name in names if (source / name).is_file()], link)
        if not (folder / CONFIG).is_file() and named[0] and named[1]:
            open_clip_folder.write_config(folder, named[0], named[1])
        files = {file.name: [file.stat().st_size, sha256(file, tell)] for file in sorted(folder.iterdir())}
        raw = raw | open_clip_folder.tables(folder) | {"files": files}
        return InstalledModel(*publish(folder, models, raw), "own")


def _described(source: Path, id_: str | None) -> dict[str, Any]:
    name = id_ or source.resolve().name
    if id_ is None and _COMMIT.fullmatch(name):
        raise ModelError(f"{name} is no name that a person would use.", "Give one: --id NAME.")
    return {
        "id": manifest.checked_id(name, "--id"),
        "task": "scene",
        "engine": "open-clip",
        "description": "Imported OpenCLIP checkpoint",
        "licence": "not stated; see where it comes from",
    }


def _measured(source: Path, tell: Tell) -> dict[str, list[int | str]]:
    """Size and hash of everything in a folder that may be part of a model; for a manifest written by hand."""
    files = [file for file in sorted(source.rglob("*")) if file.is_file() and manifest.is_data(file)]
    return {file.relative_to(source).as_posix(): [file.stat().st_size, sha256(file, tell)] for file in files}


def bring(source: Path, folder: Path, names: Iterable[str], link: bool) -> None:
    """Copy files, or hard-link them where that can be. Raises `ModelError` for one that is not there."""
    for name in names:
        if not (source / name).is_file():
            raise ModelError(f"{source} lacks {name}.", "Get the model again.")
        _brought(source / name, folder / name, link)


def _brought(source: Path, target: Path, link: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if link:
        try:
            os.link(source.resolve(), target)
        except OSError:  # another disk, or a file system without hard links
            link = False
    if not link:
        shutil.copyfile(source, target)
