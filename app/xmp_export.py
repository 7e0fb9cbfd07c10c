"""Writes what the library knows to XMP sidecars: only when asked, never into the files themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexers import beside, face_regions, imaging, sidecar
from indexers.base import USUAL_LIMITS
from indexers.sidecar import Said
from indexers.walk import absolute, contains
from search.errors import CrossfindError, MediaError
from search.people.records import Sighting
from search.records import Content, File, Own, Whole
from search.store import Library, people
from search.store.disk import write_atomically

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to export: below which paths (none: everything), into which folder (None: beside the files),
    whether sidecars of other programs are added to, whether what the files say anyway is written too."""

    paths: tuple[Path, ...] = ()
    out: Path | None = None
    replace: bool = False
    everything: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Report:
    """Sidecars that were written (or would be), those of others that were kept, and files that failed."""

    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def export(library: Library, wishes: Wishes) -> Report:
    """Write the sidecars. A file of which there is nothing to say gets none."""
    report = Report()
    for file, said in _said(library, wishes):
        _write(file, said, wishes, report)
    return report


def _said(library: Library, wishes: Wishes) -> Iterator[tuple[File, Said]]:
    """Yield files that are there with what their sidecars should say."""
    wanted = [absolute(path) for path in wishes.paths]
    digests = sorted(
        {known.digest for root in library.roots for known in library.known_files(root.path).values()}
    )
    names = people.names(library)
    for start in range(0, len(digests), CHUNK):
        chunk = digests[start : start + CHUNK]
        base, own = library.contents(chunk, own=False), library.own(chunk)
        faces: dict[str, list[Sighting]] = {}
        for face in people.of_contents(library, chunk) if names else ():
            faces.setdefault(face.anchor.digest, []).append(face)
        for digest, files in library.files_of(chunk).items():
            content = base.get(digest)
            if content is None:
                continue
            said = _of_content(
                content, own.get(digest, Own()), faces.get(digest, ()), names, wishes.everything
            )
            for file in files if said else ():
                if file.present and (not wanted or any(contains(path, file.path) for path in wanted)):
                    yield file, _as_stored(said, file.path)


def _of_content(
    content: Content, own: Own, faces: Sequence[Sighting], names: Mapping[int, str], everything: bool
) -> Said:
    """Return what the library knows and the file does not say, or all of it."""
    named = [(names[face.person], face) for face in faces if face.person in names]
    shown = [
        (name, face.anchor.box)
        for name, face in named
        if face.anchor.place == Whole() and (everything or face.region != name)
    ]
    if everything:
        merged = content.told(own)
        return Said(merged.title, merged.tags, merged.rating, tuple(shown))
    known = {tag.casefold() for tag in content.tags}
    tags = tuple(tag for tag in own.tags if tag.casefold() not in known)
    title = own.title if own.title != content.title else None
    rating = own.rating if own.rating != content.rating else None
    return Said(title, tags, rating, tuple(shown))


def _as_stored(said: Said, path: str) -> Said:
    """Bring boxes to where they are in the picture as it is stored, as XMP has them."""
    if not said.people:
        return said
    try:
        with imaging.opened(path, USUAL_LIMITS) as image:
            people = [(name, face_regions.as_stored(image, box)) for name, box in said.people]
            return replace(said, people=tuple(people), size=image.size)
    except MediaError:
        return replace(said, people=())


def _write(file: File, said: Said, wishes: Wishes, report: Report) -> None:
    target = _target(file, wishes.out)
    try:
        before = target.read_bytes() if target.exists() else None
        if before is not None and not wishes.replace and not sidecar.is_ours(before):
            report.kept.append(str(target))
            return
        data = sidecar.written(said, before)
        if data == before:
            return
        if not wishes.dry_run:
            write_atomically(target, data)
        report.written.append(str(target))
    except MediaError as error:
        report.failed.append(f"{target}: {error.message}")
    except OSError as error:
        report.failed.append(f"{target}: {error.strerror}")


def _target(file: File, out: Path | None) -> Path:
    """Return the sidecar that the file has, or the one that it gets."""
    path = Path(file.path)
    if out is None:
        return next(iter(beside.sidecars(file.path)), path.with_name(path.name + beside.SIDECAR))
    root = Path(file.root)
    inside = path.relative_to(root.parent) if path.is_relative_to(root) else Path(path.name)
    if root == path:
        inside = Path(path.name)
    target = Path(out) / inside
    if target.resolve() == path.resolve():
        raise CrossfindError("The sidecars would lie upon the files.", "Choose another folder for --out.")
    return target.with_name(target.name + beside.SIDECAR)
