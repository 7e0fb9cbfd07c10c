"""Gets a model of the catalogue: ask what the source has, fetch, check, put into place."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, assert_never
from urllib.parse import quote

from app.models import manifest, open_clip_folder
from app.models.catalogue import NOT_IN_MANIFEST, Entry, HubSource, UrlSource, WantedFile
from app.models.download import Remote, fetch, network
from app.models.incoming import incoming, publish, refuse_taken
from app.models.installed import InstalledModel
from app.models.prepare import prepare
from app.models.recipe import PackageSource
from app.models.verify import Tell, sha256, silent
from indexers.lora import FOLDER as ADAPTER
from search.errors import ModelError

_SPARE = 50_000_000


Sized = Callable[[int], None]


def pull(entry: Entry, models: Path, tell: Tell = silent, sized: Sized = lambda _: None) -> InstalledModel:
    """Download a model into the person's models folder; go on where an earlier attempt stopped.

    A model that installed packages carry is made ready instead. `sized` is told its bytes before anything is
    fetched, where the source knows them.

    Raises `ModelError`: already there, offline, not found, connection broken, wrong hash, disk full.
    """
    if isinstance(entry.source, PackageSource):
        return InstalledModel(*prepare(entry, entry.source, models), "package")
    refuse_taken(models / entry.id)
    with incoming(models, entry.id, keep=True) as folder:
        remotes, revision = _remotes(entry, entry.source)
        if known := sum(remote.bytes or 0 for remote in remotes):
            sized(known)
        _require_room(remotes, entry, folder)
        for remote in remotes:
            fetch(remote, folder, tell)
        made, place = publish(folder, models, _manifest(entry, revision, folder, remotes))
        return InstalledModel(made, place, "own")


def _remotes(entry: Entry, source: HubSource | UrlSource) -> tuple[list[Remote], str]:
    match source:
        case HubSource():
            with network(f"{entry.id} could not be fetched"):
                return _on_hub(entry, source)
        case UrlSource(base):
            found = [Remote(f.name, f"{base}/{quote(f.name)}", f.bytes, f.sha256) for f in entry.files]
            return found, ""
        case _:
            assert_never(source)


def _on_hub(entry: Entry, source: HubSource) -> tuple[list[Remote], str]:
    """Ask the hub for size and hash of every file; what the catalogue knows must agree."""
    files, revision = (entry.files, source.revision) if entry.files else _listed(entry, source)
    found, revision = _on_hub_at(entry, source.repository, revision, files)
    if source.adapter is not None:
        files, at = _listed(entry, source.adapter)
        more, _ = _on_hub_at(entry, source.adapter.repository, at, files)
        found += (replace(remote, name=f"{ADAPTER}/{remote.name}") for remote in more)
    return found, revision


def _listed(entry: Entry, source: HubSource) -> tuple[Sequence[WantedFile], str]:
    """Ask the hub which files a repository has, and its commit; those that are wanted lie in no folder."""
    from huggingface_hub import HfApi

    told = HfApi(library_name="crossfind").model_info(source.repository, revision=source.revision)
    names = [one.rfilename for one in told.siblings or ()]
    wanted = [name for name in names if any(fnmatchcase(name, one) for one in source.take)]
    found = [WantedFile(name) for name in wanted if "/" not in name]
    for file in found:
        manifest.refuse_unsafe_name(file.name, source.repository)
    if not any(file.name.endswith(".safetensors") for file in found):
        message = f"The hub has no weights of {entry.id} as safetensors; nothing was fetched."
        raise ModelError(message, "Update Crossfind; its source may have changed.")
    return found, told.sha or source.revision


def _on_hub_at(
    entry: Entry, repository: str, revision: str, files: Sequence[WantedFile]
) -> tuple[list[Remote], str]:
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # documented there

    headers, found = build_hf_headers(library_name="crossfind"), []
    for wanted in files:
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


def _manifest(entry: Entry, revision: str, folder: Path, remotes: Sequence[Remote]) -> dict[str, Any]:
    raw = {key: value for key, value in entry.raw.items() if key not in NOT_IN_MANIFEST}
    if entry.engine == "open-clip":
        raw |= open_clip_folder.tables(folder)
    source = dict(entry.raw["source"]) | ({"revision": revision} if revision else {})
    return raw | {"source": source, "files": dict(_pinned(remotes, folder))}


def _pinned(remotes: Sequence[Remote], folder: Path) -> Iterator[tuple[str, list[int | str]]]:
    for remote in remotes:
        file = folder / remote.name
        yield remote.name, [file.stat().st_size, remote.sha256 or sha256(file)]
