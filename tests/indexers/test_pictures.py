from io import BytesIO

from PIL import Image

from indexers.base import Job
from indexers.pictures import FRAMES_PER_PART, INDEXER
from search.records import Page, Whole
from search.spaces import PictureInput

SPACES = {"scene": PictureInput(64, 64), "phash": PictureInput(32, 32, "squash")}


def job(path, **changes) -> Job:
    facts = {"path": str(path), "digest": "d", "media_type": "image/png", "size": 7, "mtime_ns": 0}
    return Job(**{**facts, "indexer": "pictures", "spaces": SPACES, **changes})


def test_one_decode_serves_everything(tmp_path, save_picture):
    part = INDEXER.extract(job(save_picture(tmp_path / "a.png", 1, (640, 480))))
    assert [(piece.space, piece.locator, piece.payload.shape) for piece in part.pieces] == [
        ("scene", Whole(), (64, 64, 3)),
        ("phash", Whole(), (32, 32, 3)),
    ]
    ((place, webp),) = part.thumbnails
    assert place == Whole()
    assert Image.open(BytesIO(webp)).size == (320, 240)
    content = part.content
    assert (content.digest, content.size, content.width, content.height, content.pages) == (
        "d",
        7,
        640,
        480,
        None,
    )
    assert part.next is None


def test_pages_of_a_tiff_come_in_parts(tmp_path, picture):
    pages = [picture(number) for number in range(FRAMES_PER_PART + 4)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    first = INDEXER.extract(job(tmp_path / "a.tif"))
    assert first.next == FRAMES_PER_PART
    assert first.content.pages == len(pages)
    second = INDEXER.extract(job(tmp_path / "a.tif", start=first.next))
    assert (second.content, second.next) == (None, None)
    places = [piece.locator for part in (first, second) for piece in part.pieces if piece.space == "scene"]
    assert places == [Page(number + 1) for number in range(len(pages))]
