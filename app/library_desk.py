"""What the window's settings ask of the resident process: what is chosen for a library, and changes of it.

These changes are small and made by a person; each takes the library's write lock for its own time only.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app import care, modalities, passwords, paths
from app.config import Config
from app.models import installed as models
from app.models.choice import task_of
from app.models.installed import InstalledModel
from app.models.offers import offers
from app.models.reducing import reduce
from indexers.projection import Fitted
from search.errors import CrossfindError, LibraryMissingError
from search.store import Library
from search.store.disk import size_of
from search.store.schema import SIGHTINGS

Json = dict[str, Any]


def answer(config: Config, what: str, given: Mapping[str, Any]) -> Any:
    """Do one of the operations below with the values given. Raises `CrossfindError`."""
    match what:
        case "facts":
            return facts(config)
        case "set_excludes":
            return set_excludes(config, given["folder"], given["patterns"])
        case "forget_folder":
            return forget_folder(config, given["folder"])
        case "switch":
            return modalities.switch(config.library_folder, [given["name"]], on=given["on"])
        case "delete_learned":
            return modalities.delete_learned(config.library_folder, given["names"])
        case "unlock":
            return passwords.unlock(config.library_folder, given["paths"], given["password"])
        case "look_after":
            return care.look(config)
        case "tend":
            return care.tend(config)
        case "forget_passwords":
            return passwords.forget(config.library_folder)
        case "models":
            return [asdict(offer) for offer in offers(config)]
        case "remove_model":
            return remove_model(config, given["id"])
        case "reduce_model":
            made, fitted = reduce_model(config, given["id"], given["dims"])
            return {
                "id": made.id,
                "task": task_of(made),
                "dims_before": len(fitted.axes),
                "kept": fitted.kept,
            }
        case _:
            raise ValueError(f"no such operation: {what}")


def facts(config: Config) -> Json:
    """Return folder, size, roots with their excludes, what is learned, how many faces are known, and how many
    passwords are remembered."""
    folder = config.library_folder
    told: Json = {"folder": str(folder), "bytes": 0, "folders": [], "faces": 0}
    told["passwords"] = len(passwords.remembered(folder))
    told["learned"] = [
        {"name": one.name, "on": one.on, "reads": one.reads} for one in modalities.modalities(folder)
    ]
    try:
        library = Library.open(folder)
    except LibraryMissingError:
        return told
    with closing(library):
        told["folders"] = [asdict(root) | {"present": Path(root.path).exists()} for root in library.roots]
        told["faces"] = len(library.rows(SIGHTINGS, ["id"]))
    return told | {"bytes": size_of(folder)}


def set_excludes(config: Config, folder: str, patterns: list[str]) -> None:
    """Choose what is left out below a root of the library. Raises `LibraryError`, and `CrossfindError` for a
    folder that is none."""
    with closing(Library.open(config.library_folder)) as library:
        root = next((root for root in library.roots if root.path == folder), None)
        if root is None:
            raise CrossfindError(f"{folder} is not in the library any more.")
        with library.writer() as writer:
            writer.add_root(replace(root, excludes=tuple(patterns)))


def forget_folder(config: Config, folder: str) -> int:
    """Take a folder out of the library; return how many files that were. Raises `LibraryError`."""
    with closing(Library.open(config.library_folder)) as library, library.writer() as writer:
        return writer.forget(folder)


def remove_model(config: Config, id_: str) -> None:
    """Delete an installed model. Raises `ModelError`."""
    models.remove(models.find(models.installed(config.models_dir), id_))


def reduce_model(config: Config, id_: str, dims: int) -> tuple[InstalledModel, Fitted]:
    """Make of an installed model one with fewer numbers to a vector. Raises `ModelError`, `LibraryError`."""
    model = models.find(models.installed(config.models_dir), id_)
    with closing(Library.open(config.library_folder)) as library:
        return reduce(library, model, dims, paths.models_dir())
