"""Named regions in XMP come out where the faces stand in the upright picture, whoever wrote them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from indexers.base import FACTS, Job
from indexers.face_regions import of_picture
from indexers.metadata import INDEXER
from indexers.xmp import parse
from search.people.places import overlap
from search.people.records import REGIONS
from search.records import Box, Page, Region, Whole

HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"'
    ' xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"'
    ' xmlns:MP="http://ns.microsoft.com/photo/1.2/" xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"'
    ' xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#">'
)
TAIL = "</rdf:Description></rdf:RDF></x:xmpmeta>"
SIZE = (120, 80)
SPOT: Box = (0.1, 0.5, 0.25, 0.8)


def mwg(
    *regions: tuple[str, Box], size: tuple[int, int] = SIZE, kind: str = "Face", unit: str = "normalized"
) -> str:
    """As digiKam and Lightroom write it: centres and sizes."""
    items = "".join(
        f'<rdf:li><rdf:Description mwg-rs:Name="{name}" mwg-rs:Type="{kind}"><mwg-rs:Area'
        f' stArea:x="{(left + right) / 2}" stArea:y="{(top + bottom) / 2}" stArea:w="{right - left}"'
        f' stArea:h="{bottom - top}" stArea:unit="{unit}"/></rdf:Description></rdf:li>'
        for name, (left, top, right, bottom) in regions
    )
    applied = f'<mwg-rs:AppliedToDimensions stDim:w="{size[0]}" stDim:h="{size[1]}" stDim:unit="pixel"/>'
    regions_ = f"<mwg-rs:RegionList><rdf:Bag>{items}</rdf:Bag></mwg-rs:RegionList>"
    return f'{HEAD}<mwg-rs:Regions rdf:parseType="Resource">{applied}{regions_}</mwg-rs:Regions>{TAIL}'


def microsoft(*regions: tuple[str, str]) -> str:
    """As Windows' photo programs write it: corner and size."""
    items = "".join(
        f'<rdf:li MPReg:Rectangle="{rectangle}" MPReg:PersonDisplayName="{name}"/>'
        for name, rectangle in regions
    )
    inner = f"<MPRI:Regions><rdf:Bag>{items}</rdf:Bag></MPRI:Regions>"
    return f'{HEAD}<MP:RegionInfo rdf:parseType="Resource">{inner}</MP:RegionInfo>{TAIL}'


def saved(path: Path, packet: str, orientation: int = 1) -> Path:
    """A picture with a white spot where `SPOT` says, as it is stored."""
    pixels = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    left, top, right, bottom = SPOT
    pixels[round(top * 80) : round(bottom * 80), round(left * 120) : round(right * 120)] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    chunks = PngInfo()
    chunks.add_itxt("XML:com.adobe.xmp", packet)
    how: dict[str, Any] = {"pnginfo": chunks} if path.suffix == ".png" else {"xmp": packet.encode()}
    Image.fromarray(pixels).save(path, exif=exif, **how)
    return path


def spot_of(image: Image.Image) -> Box:
    rows, columns = np.nonzero(np.asarray(image.convert("L")) > 128)
    return (
        columns.min() / image.width,
        rows.min() / image.height,
        (columns.max() + 1) / image.width,
        (rows.max() + 1) / image.height,
    )


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_regions_turn_with_the_picture(tmp_path: Path, orientation: int, ending: str) -> None:
    path = saved(tmp_path / f"a.{ending}", mwg(("Ada", SPOT)), orientation)
    with Image.open(path) as image:
        ((name, box),) = of_picture(image)
        assert name == "Ada"
        assert overlap(box, spot_of(ImageOps.exif_transpose(image))) > 0.9


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_regions_made_for_the_upright_picture_stay(tmp_path: Path, orientation: int) -> None:
    path = saved(tmp_path / "a.jpg", mwg(("Ada", SPOT), size=(80, 120)), orientation)
    with Image.open(path) as image:
        assert of_picture(image)[0][1] == pytest.approx(SPOT)


def test_microsofts_regions(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", microsoft(("Grace", "0.1, 0.5, 0.15, 0.3"), ("", "0, 0, 1, 1")))
    with Image.open(path) as image:
        ((name, box),) = of_picture(image)
    assert (name, box) == ("Grace", pytest.approx(SPOT))


def test_one_region_written_both_ways_is_one(tmp_path: Path) -> None:
    both = mwg(("Ada", SPOT)).removesuffix(TAIL) + microsoft(("Ada", "0.1,0.5,0.15,0.3")).removeprefix(HEAD)
    with Image.open(saved(tmp_path / "a.jpg", both)) as image:
        assert len(of_picture(image)) == 1


def test_pixels_count_in_the_size_that_is_told(tmp_path: Path) -> None:
    pixels = mwg(("Ada", (24, 80, 60, 128)), size=(240, 160), unit="pixel")
    with Image.open(saved(tmp_path / "a.jpg", pixels)) as image:
        assert of_picture(image)[0][1] == pytest.approx(SPOT)


@pytest.mark.parametrize(
    "packet",
    [
        mwg(("", SPOT)),
        mwg(("Rex", SPOT), kind="Pet"),
        mwg(("Ada", (0.5, 0.5, 0.5, 0.5))),
        mwg(("Ada", (2.0, 2.0, 3.0, 3.0))),
        mwg(("Ada", (float("nan"), 0, 1, 1))),
        mwg(("Ada", (0, 0, float("inf"), 1))),
        microsoft(("Ada", "1,2,3")),
        microsoft(("Ada", "a,b,c,d")),
        "RegionList",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + mwg(("&a;", SPOT)),
    ],
)
def test_what_makes_no_sense_is_left_out(tmp_path: Path, packet: str) -> None:
    with Image.open(saved(tmp_path / "a.jpg", packet)) as image:
        assert of_picture(image) == []


def test_a_sidecar_knows_better_and_thousands_of_regions_are_cut(tmp_path: Path) -> None:
    many = mwg(*((f"P{n}", (n / 4000, 0.1, n / 4000 + 0.2, 0.4)) for n in range(1000)))
    with Image.open(saved(tmp_path / "a.png", many)) as image:
        assert len(of_picture(image)) == 200
        assert [name for name, _ in of_picture(image, [parse(mwg(("Ada", SPOT)))])] == ["Ada"]
        assert len(of_picture(image, [parse(HEAD + TAIL)])) == 200


@pytest.mark.parametrize("wanted", [{FACTS: None, REGIONS: None}, {FACTS: None}])
def test_they_come_as_pieces_of_the_metadata(tmp_path: Path, wanted: dict[str, None]) -> None:
    path = saved(tmp_path / "a.jpg", "<nothing/>")
    (tmp_path / "a.jpg.xmp").write_text(mwg(("Ada", SPOT)), encoding="utf-8")
    part = INDEXER.extract(Job(str(path), "d", "image/jpeg", 1, 1, "metadata", wanted))
    if REGIONS not in wanted:
        assert part.pieces == []
        return
    (piece,) = part.pieces
    assert (piece.space, piece.text, piece.payload) == (REGIONS, "Ada", None)
    assert isinstance(piece.locator, Region)
    assert piece.locator.of == Whole()


def test_of_a_picture_with_pages_it_is_the_first(tmp_path: Path) -> None:
    pages = [Image.new("RGB", SIZE) for _ in range(2)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    (tmp_path / "a.xmp").write_text(mwg(("Ada", SPOT)), encoding="utf-8")
    job = Job(str(tmp_path / "a.tif"), "d", "image/tiff", 1, 1, "metadata", {REGIONS: None})
    (piece,) = INDEXER.extract(job).pieces
    assert isinstance(piece.locator, Region)
    assert piece.locator.of == Page(1)
