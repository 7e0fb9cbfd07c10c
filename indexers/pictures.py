"""Pictures: how each looks and what it shows, for every page of a many-page TIFF."""

from indexers import imaging
from indexers.base import Job, Part, Piece
from indexers.picture_pieces import picture_pieces
from search.records import Content, Locator, Page, Whole

FRAMES_PER_PART = 16


class PictureIndexer:
    """Reads every kind of picture."""

    name = "pictures"
    media_types = frozenset(
        "image/" + kind
        for kind in (
            *("jpeg", "mpo", "png", "webp", "gif", "tiff", "bmp", "heic", "avif", "jp2", "x-icon", "icns"),
            *("vnd.adobe.photoshop", "x-portable-anymap", "x-tga", "x-pcx", "x-sgi", "qoi", "x-dds", "x-blp"),
            *("x-fli", "x-sun-raster", "x-msp"),
        )
    )
    spaces = frozenset(("scene", "look", "phash"))
    cost = 0

    def extract(self, job: Job) -> Part:
        """Decode up to `FRAMES_PER_PART` frames from `job.start` on."""
        need = imaging.needed_side(job.spaces.values(), job.thumbnails)
        content = None
        pieces: list[Piece] = []
        thumbnails: list[tuple[Locator, bytes]] = []
        with imaging.opened(job.path, job.limits) as image:
            size, numbers = image.size, imaging.frames(image)
            end = min(job.start + FRAMES_PER_PART, len(numbers))
            for at in range(job.start, end):
                if numbers[at]:
                    image.seek(numbers[at])
                picture = imaging.upright(job.path, image, need, job.limits)
                if at == 0:
                    upright_size = imaging.upright_size(image, picture, size)
                    content = _content(job, upright_size, len(numbers))
                place: Locator = Page(at + 1) if len(numbers) > 1 else Whole()
                pieces += picture_pieces(place, picture, job.spaces)
                if job.thumbnails:
                    thumbnails.append((place, imaging.thumbnail(picture)))
        following = end if end < len(numbers) else None
        return Part(content, pieces, thumbnails, following, of=len(numbers))


def _content(job: Job, size: tuple[int, int], frames: int) -> Content:
    return Content(
        digest=job.digest,
        media_type=job.media_type,
        size=job.size,
        width=size[0],
        height=size[1],
        pages=frames if frames > 1 else None,
    )


INDEXER = PictureIndexer()
