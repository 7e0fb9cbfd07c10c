"""The settings a person can choose, read once and handed down as a frozen value."""

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from app import paths
from search.errors import CrossfindError

Profile = Literal["fast", "balanced", "best"]

LIBRARY, MODELS = "CROSSFIND_LIBRARY", "CROSSFIND_MODELS"
"""Variables of the environment that win over the file."""


class ConfigError(CrossfindError):
    """The settings file cannot be used."""


@dataclass(frozen=True, slots=True)
class Config:
    """What may stand in `config.toml`; the defaults are what most people want.

    `models` names a model per task (`scene = "clip-mini"`). `service_idle_s` is how long the resident
    search process waits for the next query before it leaves, in seconds; `page_memory_mb` is how much memory
    pages of documents may take in it, so that they are searched fast. `effort` (percent of the time),
    `on_power` and `when_idle` say how hard an indexing run may work; `hear_subtitled` has speech
    written down also where subtitles say it. Larger pictures (in megapixels) and texts (in MB) are left out,
    and so is what takes a reader longer (in seconds, for a part of a file) or more memory (in MB).
    """

    library: str = ""
    profile: Profile = "balanced"
    models: Mapping[str, str] = field(default_factory=dict)
    models_dir: str = ""
    device: str = "auto"
    workers: int = 0
    exclude: tuple[str, ...] = ()
    service: bool = True
    service_idle_s: int = 600
    page_memory_mb: int = 512
    effort: int = 100
    on_power: bool = False
    when_idle: bool = False
    hear_subtitled: bool = False
    max_megapixels: int = 200
    max_text_mb: int = 20
    time_limit: int = 60
    memory_limit: int = 2048

    @property
    def library_folder(self) -> Path:
        """The library to use."""
        return Path(self.library).expanduser().absolute() if self.library else paths.default_library()


def load(file: Path | None = None) -> Config:
    """Read the settings file; a missing one means the defaults. Raises `ConfigError`."""
    path = file or paths.config_file()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.", "Mend or delete that file.") from error
    return _checked(path, raw)


def from_environment() -> Mapping[str, str]:
    """Return what CROSSFIND_LIBRARY and CROSSFIND_MODELS name, as fields of `Config`: the commands take them
    as options, so a window that did not would learn with one model and search with another."""
    named = {"library": os.environ.get(LIBRARY), "models_dir": os.environ.get(MODELS)}
    return {name: str(Path(value).absolute()) for name, value in named.items() if value}


def save(config: Config, file: Path | None = None) -> None:
    """Write the settings that differ from the defaults, all at once. Raises `ConfigError`."""
    import tomli_w

    path, usual = file or paths.config_file(), asdict(Config())
    chosen = {name: value for name, value in asdict(config).items() if value != usual[name]}
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(tomli_w.dumps(chosen).encode())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise ConfigError(
            f"The settings could not be written to {path}: {error.strerror or error}.",
            "Check the folder's permissions and the room on the disk.",
        ) from error


def mend(file: Path | None = None) -> Path:
    """Write a settings file that can be read, with all that was right in the broken one, which is kept.

    Returns where the broken one lies now. Raises `ConfigError`.
    """
    path = file or paths.config_file()
    kept = next(
        place
        for number in range(1, 10_000)
        if not (place := path.with_name(f"{path.stem}.broken-{number}{path.suffix}")).exists()
    )
    right = _salvaged(path)
    try:
        path.replace(kept)
    except OSError as error:
        raise ConfigError(f"{path} cannot be moved: {error.strerror or error}.") from error
    save(right, path)
    return kept


def _salvaged(path: Path) -> Config:
    """Return the settings of a broken file that are right; where it is no TOML, line by line."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Config()
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raw = {}
        for line in text.splitlines():
            with suppress(tomllib.TOMLDecodeError):
                raw |= {key: value for key, value in tomllib.loads(line).items() if key != "models"}
    right: dict[str, Any] = {}
    for name, value in raw.items():
        with suppress(ConfigError):
            _checked(path, {name: value})
            right[name] = value
    return _checked(path, right)


def _checked(path: Path, raw: dict[str, Any]) -> Config:
    known = {f.name for f in fields(Config)}
    if unknown := sorted(raw.keys() - known):
        raise ConfigError(
            f"{path} has unknown settings: {', '.join(unknown)}.", f"Known: {', '.join(sorted(known))}."
        )
    defaults = Config()
    values = {name: _value(path, name, value, getattr(defaults, name)) for name, value in raw.items()}
    return replace(defaults, **values)


def _value(path: Path, name: str, value: Any, default: object) -> Any:
    if isinstance(default, tuple) and isinstance(value, list):
        value = tuple(str(item) for item in value)
    if type(value) is not type(default):
        raise ConfigError(f"{path}: {name} must be like {default!r}, not {value!r}.")
    choices = get_args(get_type_hints(Config)[name])
    if name == "profile" and value not in choices:
        raise ConfigError(f"{path}: profile must be one of {', '.join(choices)}, not {value!r}.")
    return value
