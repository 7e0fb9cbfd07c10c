"""The library `transformers`, kept quiet and away from the network, for the engines that stand on it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from search.errors import ModelError


def library(needed_by: str) -> Any:
    """Return the module `transformers`. Raises `ModelError` that names the command where it is absent."""
    try:
        import transformers
    except ImportError as error:
        raise ModelError(
            f"{needed_by} needs the package transformers.",
            'Install it: pip install "crossfind[transformers]".',
        ) from error
    return transformers


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the library's own talk and its progress bars away while something is loaded."""
    from transformers.utils import logging

    level = logging.get_verbosity()
    bars = logging.is_progress_bar_enabled()
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def pretrained(kind: str, folder: Path, needed_by: str, precision: str = "float32") -> Any:
    """Load a model from a folder, from safetensors alone, with every weight there. Raises `ModelError`."""
    found = library(needed_by)
    from safetensors import SafetensorError

    with quiet():
        try:
            model, told = getattr(found, kind).from_pretrained(
                str(folder),
                local_files_only=True,
                use_safetensors=True,
                dtype=precision,
                output_loading_info=True,
            )
        except (
            AttributeError,
            OSError,
            ValueError,
            RuntimeError,
            KeyError,
            TypeError,
            SafetensorError,
        ) as error:
            raise broken(folder, first_line(error)) from error
    if told["missing_keys"]:
        raise broken(folder, f"it lacks {min(told['missing_keys'])}")
    return model.eval().requires_grad_(False)


def processor(kind: str, folder: Path, needed_by: str) -> Any:
    """Load what prepares texts and pictures for a model. Raises `ModelError`."""
    found = library(needed_by)
    with quiet():
        try:
            return getattr(found, kind).from_pretrained(str(folder), local_files_only=True)
        except (AttributeError, OSError, ValueError, TypeError, KeyError) as error:
            raise broken(folder, f"its processor is not there or not whole ({first_line(error)})") from error


def tensor(folder: Path, name: str) -> Any:
    """Return one tensor of `model.safetensors` in float32. Raises `ModelError`."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / "model.safetensors", "pt") as opened:
            return opened.get_tensor(name).float()
    except (OSError, SafetensorError) as error:
        raise broken(folder, str(error)) from error


def broken(folder: Path, why: str) -> ModelError:
    """Make the error that says why a model cannot be loaded."""
    message = f"{folder.name} cannot be loaded: {why}."
    return ModelError(message, f"Check it: crossfind models verify {folder.name}.")


def first_line(error: Exception) -> str:
    """Return what an error of the library says, without the rest."""
    return str(error).strip().partition("\n")[0].rstrip(".")
