"""Gives a model for pages fewer dimensions to a vector, fitted to what a library holds of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.models.choice import task_of
from app.models.importing import bring
from app.models.incoming import incoming, publish, refuse_taken
from app.models.installed import InstalledModel
from app.models.late import build_late_text, build_page_looks
from app.models.verify import sha256
from indexers import projection
from indexers.projection import Fitted
from search.errors import ModelError
from search.plan import PAGE, PAGE_LOOK
from search.spaces import Fingerprint, Vector
from search.store import Library
from search.store.tokens import drawn_pages, tokens_at

FEWEST = 8
"""Dimensions."""

VECTORS = 200_000
"""So many are enough to fit to."""

_PAGES, _AT_ONCE = 4_000, 16


def reduce(library: Library, model: InstalledModel, dims: int, models: Path) -> tuple[InstalledModel, Fitted]:
    """Return the new model, installed in `models` beside the other, and what it was fitted to.

    Raises `ModelError` for a model that does not serve pages or is not the person's own, for dimensions that
    make no sense, and for a library that holds too little that it made.
    """
    space, fingerprint = _known(model)
    if not FEWEST <= dims < fingerprint.dim:
        message = f"{model.id} makes vectors of {fingerprint.dim} numbers; {dims} is no reduction of that."
        raise ModelError(message, f"Choose a number from {FEWEST} to {fingerprint.dim - 1}.")
    id_ = f"{model.id}-{dims}"
    refuse_taken(models / id_)
    fitted = _fitted(library, space, fingerprint, dims)
    raw = dict(model.manifest.raw) | {
        "id": id_,
        "dim": dims,
        "reduced": {"of": model.id, "vectors": fitted.vectors, "kept": round(fitted.kept, 4)},
    }
    with incoming(models, id_, keep=False) as folder:
        bring(model.folder, folder, model.manifest.files, link=True)
        projection.write(folder, fitted)
        file = folder / projection.FILE
        files = {name: [fact.bytes, fact.sha256] for name, fact in model.manifest.files.items()}
        raw["files"] = files | {file.name: [file.stat().st_size, sha256(file)]}
        return InstalledModel(*publish(folder, models, raw), "own"), fitted


def _known(model: InstalledModel) -> tuple[str, Fingerprint]:
    """Return the space that a model's vectors of pages lie in, and how they are marked there."""
    task = task_of(model)
    if task not in ("page", "page-look"):
        message = f"{model.id} does not give pages a vector for each word or patch."
        raise ModelError(message, "Name a model whose task is page or page-look: crossfind models list.")
    if model.origin == "package":
        message = f"{model.id} is made of installed packages."
        raise ModelError(message, "Import it as a folder: crossfind models import FOLDER.")
    if projection.FILE in model.manifest.files:
        raise ModelError(f"{model.id} is reduced already.", "Name the model that it was made of.")
    if task == "page":
        return PAGE, build_late_text(model).fingerprint
    return PAGE_LOOK, build_page_looks(model).fingerprint


def _fitted(library: Library, space: str, fingerprint: Fingerprint, dims: int) -> Fitted:
    remedy = "Index some pages with it: crossfind index FOLDER --only documents,pages"
    nothing = f"The library holds nothing that {fingerprint.model} made of pages."
    if library.spaces().get(space) != fingerprint:
        raise ModelError(nothing, remedy)
    try:
        fitted = projection.fit(_drawn(library, space), dims)
    except ValueError:  # its pages are all gone
        raise ModelError(nothing, remedy) from None
    if fitted.vectors < (enough := 10 * dims):
        message = f"The library holds {fitted.vectors:,} vectors of pages; {dims} dimensions want {enough:,}."
        raise ModelError(message, f"{remedy}; or choose fewer dimensions.")
    return fitted


def _drawn(library: Library, space: str) -> Iterator[Vector]:
    """Give the vectors of pages drawn at random, some pages at a time."""
    places = drawn_pages(library, space, _PAGES)
    order = np.random.default_rng(0).permutation(len(places))
    count = 0
    for first in range(0, len(order), _AT_ONCE):
        found = tokens_at(library, space, [places[at] for at in order[first : first + _AT_ONCE]])
        for vectors in found.values():
            count += len(vectors)
            yield vectors
        if count >= VECTORS:
            return
