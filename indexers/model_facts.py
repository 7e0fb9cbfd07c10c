"""What a model's `model.toml` says about its towers, read with one clear sentence for every mistake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal, cast, get_args

import numpy as np

from search.errors import ModelError
from search.spaces import PictureInput, Pixels, Resample, Vector

Padding = Literal["max_length", "longest"]
Cleaning = Literal["none", "whitespace", "lower", "canonicalize"]
FixedResize = Literal["shortest", "longest", "squash"]
"""The ways that give a picture tower the one size it takes."""

Triple = tuple[float, float, float]

_KINDS: dict[type, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def stays_inside(name: str) -> bool:
    """Whether a file name from a manifest is plain and relative, so that it cannot leave its folder."""
    path = PurePosixPath(name)
    plain = bool(name) and not set(name) & set('\\:*?"<>|') and name.isprintable()
    return plain and not path.is_absolute() and ".." not in path.parts and path.as_posix() == name


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of a `model.toml`; `where` names it in error messages."""

    values: Mapping[str, Any]
    where: str

    def has(self, key: str) -> bool:
        """Whether the table has this key."""
        return key in self.values

    def table(self, key: str) -> "Facts":
        """Return a table inside this one, empty when it is absent. Raises `ModelError`."""
        value = self.values.get(key, {})
        if not isinstance(value, Mapping):
            raise self.wrong(key, "must be a table")
        return Facts(value, f"{self.where} [{key}]")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text. Raises `ModelError` when it is absent without a default, or no text."""
        return cast("str", self._value(key, str, default))

    def file(self, key: str, default: str) -> str:
        """Return the name of a file inside the model's folder. Raises `ModelError`."""
        name = self.text(key, default)
        if not stays_inside(name):
            raise self.wrong(key, "must name a file inside the model's folder")
        return name

    def whole(self, key: str, default: int | None = None) -> int:
        """Return a whole number of at least 0. Raises `ModelError`."""
        value = cast("int", self._value(key, int, default))
        if value < 0:
            raise self.wrong(key, "must not be negative")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number. Raises `ModelError`."""
        value = self.values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        return cast("float", self._value(key, float, default))

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts. Raises `ModelError`."""
        value = self.values.get(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, "must be a list of texts")
        return tuple(value)

    def triple(self, key: str, default: Triple | None = None) -> Triple:
        """Return one number per colour; a single number stands for all three. Raises `ModelError`."""
        value = self.values.get(key, default)
        parts = list(value) if isinstance(value, list | tuple) else [value] * 3
        if len(parts) != 3 or not all(isinstance(p, int | float) and not isinstance(p, bool) for p in parts):
            raise self.wrong(key, "must be three numbers")
        return float(parts[0]), float(parts[1]), float(parts[2])

    def choice(self, key: str, allowed: Any, default: str | None = None) -> Any:
        """Return one of the values of a `Literal`. Raises `ModelError`."""
        value = self.text(key, default)
        if value not in get_args(allowed):
            raise self.wrong(key, f"must be one of {', '.join(get_args(allowed))}")
        return value

    def wrong(self, key: str, rule: str) -> ModelError:
        """Make the error that says what is wrong with a key."""
        found = f"not {self.values[key]!r}" if key in self.values else "but it is missing"
        return ModelError(f"{self.where}: {key} {rule}, {found}.", "Get the model again, or mend that file.")

    def _value(self, key: str, kind: type, default: object) -> object:
        value = self.values.get(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(key, f"must be {_KINDS[kind]}")
        return value


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """How pixels become a picture tower's input: `input` by the decoder, the rest by the space."""

    input: PictureInput
    mean: Triple
    std: Triple
    rescale: float

    @classmethod
    def of(cls, facts: Facts) -> "PictureFacts":
        """Read an `[image]` table: size (or width and height), resize or crop, resample, fill, mean, std."""
        side = facts.whole("size") if facts.has("size") else 0
        cut = facts.text("crop", "center") if facts.has("crop") else "center"
        if cut not in ("center", "none"):
            raise facts.wrong("crop", "must be center or none")
        usual = "shortest" if cut == "center" else "squash"
        resize: FixedResize = facts.choice("resize", FixedResize, usual)
        resample: Resample = facts.choice("resample", Resample, "bicubic")
        width, height = facts.whole("width", side), facts.whole("height", side)
        if not (0 < width <= 4096 and 0 < height <= 4096):
            raise ModelError(f"{facts.where}: a size of {width} x {height} pixels makes no sense.")
        red, green, blue = (round(part) for part in facts.triple("fill", (0, 0, 0)))
        return cls(
            PictureInput(width, height, resize, resample, (red, green, blue)),
            facts.triple("mean", (0.0, 0.0, 0.0)),
            facts.triple("std", (1.0, 1.0, 1.0)),
            facts.number("rescale", 1 / 255),
        )

    @property
    def fingerprint(self) -> str:
        """The preprocessing as one text; another text means other vectors."""
        spec = self.input
        return (
            f"{spec.width}x{spec.height} {spec.resize} {spec.resample} fill{spec.fill} "
            f"mean{self.mean} std{self.std} x{self.rescale:.9g}"
        )

    def normalised(self, pictures: Sequence[Pixels]) -> Vector:
        """Turn prepared pictures into a contiguous float32 (n, 3, height, width)."""
        wanted = (self.input.height, self.input.width, 3)
        if any(picture.shape != wanted for picture in pictures):
            raise ValueError(f"pictures must be prepared as {wanted}")
        mean: Vector = np.array(self.mean, np.float32)
        std: Vector = np.array(self.std, np.float32)
        stacked = np.stack(pictures).transpose(0, 3, 1, 2).astype(np.float32, order="C")
        stacked *= (np.float32(self.rescale) / std)[:, None, None]
        stacked -= (mean / std)[:, None, None]
        return stacked
