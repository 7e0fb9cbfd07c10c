"""The settings a person can choose, read once and handed down as a frozen value."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from app import paths
from search.errors import CrossfindError

Profile = Literal["fast", "balanced", "best"]


class ConfigError(CrossfindError):
    """The settings file cannot be used."""


@dataclass(frozen=True, slots=True)
class Config:
    """What may stand in `config.toml`; the defaults are what most people want.

    `models` names a model per task (`scene = "clip-mini"`). `service_idle_s` is how long the resident
    search process waits for the next query before it leaves, in seconds. `effort` (percent of the time),
    `on_power` and `when_idle` say how hard an indexing run may work; `hear_subtitled` has speech
    written down also where subtitles say it.
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
    effort: int = 100
    on_power: bool = False
    when_idle: bool = False
    hear_subtitled: bool = False

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
