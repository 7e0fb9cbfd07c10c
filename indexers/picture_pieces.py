"""One picture for many spaces."""

from collections.abc import Mapping

from PIL import Image

from indexers.base import Piece
from indexers.imaging import prepare
from search.records import Locator
from search.spaces import PictureInput, Pixels


def picture_pieces(
    place: Locator, picture: Image.Image, spaces: Mapping[str, PictureInput | None]
) -> list[Piece]:
    """Prepare an upright RGB picture for each space that takes pictures.

    Spaces that take it alike share the pixels: they are scaled, and sent to the model's process, once.
    """
    inputs = {space: spec for space, spec in spaces.items() if spec is not None}
    ready: dict[PictureInput, Pixels] = {spec: prepare(picture, spec) for spec in set(inputs.values())}
    return [Piece(space, place, payload=ready[spec]) for space, spec in inputs.items()]
