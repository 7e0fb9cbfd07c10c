"""Gets a model of the catalogue: ask what the source has, fetch, check, put into place."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_never
from urllib.parse import quote

from app.models import open_clip_folder
from app.models.catalogue import NOT_IN_MANIFEST, Entry, HubSource, UrlSource, WantedFile
from app.models.download import Remote, fetch, network
from app.models.incoming import incoming, publish, refuse_taken
from app.models.installed import InstalledModel
from app.models.prepare import prepare
from app.models.recipe import PackageSource
from app.models.verify import Tell, sha256, silent
from search.errors import ModelError

_SPARE = 50_000_000


def pull(entry: Entry, models: Path, tell: Tell = silent) -> InstalledModel:
    """Download a model into the person's models folder; go on where an earlier attempt stopped.

    A model that installed packages carry is made ready instead.

    Raises `ModelError`: already there, offline, not found, connection broken, wrong hash, disk full.
    """
    if isinstance(entry.source, PackageSource):
        return InstalledModel(*prepare(entry, entry.source, models), "package")
    refuse_taken(models / entry.id)
    with incoming(models, entry.id, keep=True) as folder:
        remotes, revision = _remotes(entry, entry.source)
        _require_room(remotes, entry, folder)
        for remote in remotes:
            fetch(remote, folder, tell)
        made, place = publish(folder, models, _manifest(entry, revision, folder))
        return InstalledModel(made, place, "own")


def _remotes(entry: Entry, source: HubSource | UrlSource) -> tuple[list[Remote], str]:
    match source:
        case HubSource(repository, revision):
            with network(f"{entry.id} could not be fetched"):
                return _on_hub(entry, repository, revision)
        case UrlSource(base):
            found = [Remote(f.name, f"{base}/{quote(f.name)}", f.bytes, f.sha256) for f in entry.files]
            return found, ""
        case _:
            assert_never(source)


def _on_hub(entry: Entry, repository: str, revision: str) -> tuple[list[Remote], str]:
    """Ask the hub for size and hash of every file; what the catalogue knows must agree."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # documented there

    headers, found = build_hf_headers(library_name="crossfind"), []
    for wanted in entry.files:
        url = hf_hub_url(repository, wanted.name, revision=revision)
        there = get_hf_file_metadata(url, headers=headers)
        revision = there.commit_hash or revision
        etag = there.etag or ""
        remote = Remote(
            wanted.name,
            url,
            there.size if wanted.bytes is None else wanted.bytes,
            wanted.sha256 or (etag if len(etag) == 64 else None),
            etag if len(etag) == 40 else None,
            headers,
        )
        _require_agreement(entry, wanted, there.size, etag)
        if not (remote.sha256 or remote.git_sha1):
            message = f"The hub does not say which hash {wanted.name} must have, so it cannot be checked."
            raise ModelError(message, "If HF_ENDPOINT names a mirror, use the hub itself.")
        found.append(remote)
    return found, revision


def _require_agreement(entry: Entry, wanted: WantedFile, size: int | None, etag: str) -> None:
    other_size = wanted.bytes is not None and size is not None and wanted.bytes != size
    other_hash = wanted.sha256 is not None and len(etag) == 64 and wanted.sha256 != etag
    if other_size or other_hash:
        message = (
            f"The hub's {wanted.name} of {entry.id} is not the one that Crossfind knows; nothing was fetched."
        )
        raise ModelError(message, "Update Crossfind; if it stays so, do not trust the source.")


def _require_room(remotes: list[Remote], entry: Entry, folder: Path) -> None:
    known = sum(remote.bytes or 0 for remote in remotes)
    here = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    needed = max(known, 0 if known else entry.bytes_about) - here + _SPARE
    free = shutil.disk_usage(folder).free
    if needed > free:
        message = (
            f"{entry.id} needs {needed / 1e9:.1f} GB more, but only {free / 1e9:.1f} GB are free at {folder}."
        )
        raise ModelError(message, "Make room and run the same command again.")


def _manifest(entry: Entry, revision: str, folder: Path) -> dict[str, Any]:
    raw = {key: value for key, value in entry.raw.items() if key not in NOT_IN_MANIFEST}
    if entry.engine == "open-clip":
        raw |= open_clip_folder.tables(folder)
    source = dict(entry.raw["source"]) | ({"revision": revision} if revision else {})
    return raw | {"source": source, "files": dict(_pinned(entry, folder))}


def _pinned(entry: Entry, folder: Path) -> Iterator[tuple[str, list[int | str]]]:
    for wanted in entry.files:
        file = folder / wanted.name
        yield wanted.name, [file.stat().st_size, wanted.sha256 or sha256(file)]
