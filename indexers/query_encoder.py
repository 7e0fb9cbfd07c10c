"""Vectors for what a person asks, made with the same spaces and the same imaging as the library's."""

from collections.abc import Sequence

from PIL import Image

from indexers import documents, imaging
from indexers.base import USUAL_LIMITS, Limits
from indexers.media_types import HEAD_BYTES, sniff
from search.errors import MediaError, ModelError
from search.function_words import FUNCTION_WORDS
from search.records import Box
from search.spaces import (
    Fingerprint,
    Literate,
    PayloadKind,
    PictureInput,
    PictureReference,
    Pixels,
    Space,
    Thresholds,
    Vector,
)

TURNED = frozenset(("look", "phash"))
"""Spaces that find the same picture again: they are asked with it at all four right angles."""


NAME_WORDS = 2
"""A text of so many words, all of which say something, names a thing and is no sentence."""


class SpaceEncoder:
    """Answers the engine for any `Space`."""

    def __init__(
        self,
        space: Space,
        limits: Limits = USUAL_LIMITS,
        name: str | None = None,
        passwords: Sequence[str] = (),
    ) -> None:
        """`name` is that of another space with vectors of the same model; `passwords` may open PDFs."""
        self._space = space
        self._name = name or space.name
        self._limits = limits
        self._passwords = passwords

    @property
    def space(self) -> str:
        """The space's name."""
        return self._name

    @property
    def fingerprint(self) -> Fingerprint:
        """Which stored vectors the query vectors may be compared with."""
        return self._space.fingerprint

    @property
    def accepts(self) -> frozenset[PayloadKind]:
        """Which kinds of query this space answers."""
        return self._space.accepts

    @property
    def thresholds(self) -> Thresholds | None:
        """None: only the background in a library tells what cosines mean."""
        return None

    def encode_text(self, text: str) -> Vector:
        """Return float32 (dim,), unit length. Raises `ModelError`."""
        said = caption_of(text) if "picture" in self._space.accepts else text
        vector: Vector = self._space.encode([said])[0]
        return vector

    def knows(self, word: str) -> bool:
        """Whether the model has a sign of its own for a word. Raises `ModelError`."""
        return isinstance(self._space, Literate) and self._space.knows(word)

    def encode_picture(self, picture: PictureReference) -> Vector:
        """Return float32 (views, dim), unit rows; zeros when a perceptual hash sees nothing.

        Raises `MediaError` for a file, page or region that cannot be used, `ModelError`.
        """
        spec = self._space.picture_input
        if spec is None:
            raise ModelError(f"The space {self._space.name} compares no pictures.")
        upright = upright_picture(picture, needed_side_of(picture, spec), self._limits, self._passwords)
        turns = 4 if self._space.name in TURNED else 1
        cut = cut_out(upright, picture.box)
        views = [imaging.prepare(cut.rotate(90 * turn, expand=True), spec) for turn in range(turns)]
        return self._space.encode(views)

    def encode_pixels(self, pictures: Sequence[Pixels]) -> Vector:
        """Return float32 (n, dim), unit rows, one for each picture as it stands. Raises `ModelError`."""
        spec = self._space.picture_input
        if spec is None:
            raise ModelError(f"The space {self._space.name} compares no pictures.")
        return self._space.encode([imaging.prepare(Image.fromarray(one), spec) for one in pictures])


def caption_of(text: str) -> str:
    """Return what is asked of a model of pictures: such models learned from sentences, and take a word or two
    for a picture better when they stand in one."""
    words = text.casefold().split()
    is_name = 0 < len(words) <= NAME_WORDS and not FUNCTION_WORDS.intersection(words)
    return f"a photo of {text}" if is_name else text


def needed_side_of(picture: PictureReference, spec: PictureInput) -> int:
    """Return how large the shorter side must be decoded; more when only a region is wanted."""
    need = imaging.needed_side([spec])
    if picture.box is None:
        return need
    left, top, right, bottom = picture.box
    return min(4096, round(need / max(min(right - left, bottom - top), 0.05)))


def upright_picture(
    picture: PictureReference, need: int, limits: Limits, passwords: Sequence[str] = ()
) -> Image.Image:
    """Decode a picture or page as the indexers do: RGB, upright, its shorter side at least about `need`.

    The whole page is returned, whatever region is named. Raises `MediaError`.
    """
    try:
        with picture.path.open("rb") as file:
            kind = sniff(file.read(HEAD_BYTES), picture.path.name)
    except OSError as error:
        raise MediaError(f"{picture.path} cannot be read: {error.strerror}.") from error
    if kind == "application/pdf":
        return documents.page_picture(picture.path, picture.page or 1, need, passwords)
    with imaging.opened(picture.path, limits) as image:
        numbers = imaging.frames(image)
        page = picture.page or 1
        if not 1 <= page <= len(numbers):
            raise MediaError(f"There is no page {page}; the picture has {len(numbers)}.")
        image.seek(numbers[page - 1])
        return imaging.upright(picture.path, image, need, limits)


def cut_out(image: Image.Image, box: Box | None) -> Image.Image:
    """Return a region of a picture, all of it without a box. Raises `MediaError` for a box that is none."""
    if box is None:
        return image
    left, top, right, bottom = box
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise MediaError("The region must lie inside the picture: left, top, right, bottom from 0 to 1.")
    x, y = round(left * image.width), round(top * image.height)
    far_x, far_y = round(right * image.width), round(bottom * image.height)
    return image.crop((x, y, max(far_x, x + 1), max(far_y, y + 1)))
