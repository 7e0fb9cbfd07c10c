"""Pictures: one scene and one perceptual hash each, for every page of a many-page TIFF."""

from indexers import imaging
from indexers.base import Job, Part, Piece
from indexers.exif import read_facts
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
    spaces = frozenset(("scene", "phash"))
    cost = 0

    def extract(self, job: Job) -> Part:
        """Decode up to `FRAMES_PER_PART` frames from `job.start` on."""
        need = imaging.needed_side(job.spaces.values(), job.thumbnails)
        content = None
        pieces: list[Piece] = []
        thumbnails: list[tuple[Locator, bytes]] = []
        with imaging.opened(job.path, job.limits) as image:
            size, numbers = image.size, imaging.frames(image)
            chosen = numbers[job.start : job.start + FRAMES_PER_PART]
            facts = read_facts(image) if job.start == 0 else None
            for at, number in enumerate(chosen, job.start):
                if number:
                    image.seek(number)
                picture = imaging.upright(job.path, image, need, job.limits)
                place: Locator = Page(at + 1) if len(numbers) > 1 else Whole()
                pieces += [
                    Piece(space, place, payload=imaging.prepare(picture, spec))
                    for space, spec in job.spaces.items()
                    if spec is not None
                ]
                if job.thumbnails:
                    thumbnails.append((place, imaging.thumbnail(picture)))
                if facts is not None and at == 0:
                    width, height = imaging.upright_size(image, picture, size)
                    content = Content(
                        digest=job.digest,
                        media_type=job.media_type,
                        size=job.size,
                        width=width,
                        height=height,
                        pages=len(numbers) if len(numbers) > 1 else None,
                        taken_at=facts.taken_at,
                        latitude=facts.latitude,
                        longitude=facts.longitude,
                        camera=facts.camera,
                        title=facts.title,
                        words=facts.words,
                    )
        more = job.start + len(chosen) < len(numbers)
        return Part(content, pieces, thumbnails, job.start + len(chosen) if more else None)


INDEXER = PictureIndexer()
