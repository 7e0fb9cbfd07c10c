"""How large a file may be and how much it may cost, by the settings."""

from app.config import Config
from indexers.base import Limits


def limits_of(config: Config) -> Limits:
    """Return the limits that the settings name; what is below the least sensible one counts as that."""
    return Limits(
        seconds=max(config.time_limit, 1),
        memory_mb=max(config.memory_limit, 100),
        megapixels=max(config.max_megapixels, 1),
        text_mb=max(config.max_text_mb, 1),
    )


def query_limits(config: Config) -> Limits:
    """Return the limits of a picture or film that is searched with: as large as those in the library, but
    never longer than usual, for a person waits."""
    return Limits(megapixels=limits_of(config).megapixels)
