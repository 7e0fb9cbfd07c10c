"""The library `transformers`, kept quiet and away from the network, for the engines that stand on it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
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
