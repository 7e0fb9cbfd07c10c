"""Make the sample media in `resources/samples` again.

    python tools/make_samples.py FOLDER_OF_SCIKIT_IMAGE/data

The photos come from the scikit-image package's `data` folder (public domain or CC0, see SOURCES.md),
scaled down; the PDFs are written here.
"""

import sys
from pathlib import Path

import pymupdf
from PIL import Image

SAMPLES = Path(__file__).parents[1] / "resources" / "samples"
PHOTOS = {
    "astronaut.png": "portraits/astronaut.jpg",
    "chelsea.png": "cat.jpg",
    "coffee.png": "coffee.jpg",
    "rocket.jpg": "trips/rocket launch.jpg",
    "hubble_deep_field.jpg": "sky/galaxies.jpg",
    "moon.png": "sky/moon.jpg",
    "grass.png": "textures/grass.jpg",
    "brick.png": "textures/brick wall.jpg",
}
LONGEST = 640
CAPE_CANAVERAL = ((28.0, 33.0, 43.0), (80.0, 34.0, 38.0))


def make_photos(source: Path) -> None:
    """Scale the photos down and give one of them a date and a place."""
    for name, target in PHOTOS.items():
        picture = Image.open(source / name).convert("RGB")
        picture.thumbnail((LONGEST, LONGEST))
        exif = Image.Exif()
        if name == "rocket.jpg":
            exif.get_ifd(0x8769)[0x9003] = "2015:02:11 18:03:02"
            gps = exif.get_ifd(0x8825)
            gps[1], gps[2], gps[3], gps[4] = "N", CAPE_CANAVERAL[0], "W", CAPE_CANAVERAL[1]
            exif[0x0110] = "Long Lens Camera"
        file = SAMPLES / target
        file.parent.mkdir(parents=True, exist_ok=True)
        picture.save(file, quality=82, exif=exif)
    phone = Image.open(SAMPLES / "coffee.jpg")
    box = (12, 8, phone.width - 10, phone.height - 6)
    phone.crop(box).resize((360, 238)).save(SAMPLES / "IMG_2041.jpg", quality=55)


REPORT = (
    "Harbour Street Solar Co-operative\nAnnual report 2024",
    "In its third year the co-operative put 212 panels on the roof of the old rope factory. "
    "The panels produced 78,400 kilowatt-hours, enough for thirty-one households. The heat wave of "
    "July brought less than was hoped: hot panels work worse than cool ones.\n\n"
    "The auditor, Marguerite Oyelaran, found the accounts in order and advises to put aside a "
    "tenth of each year's income for new inverters.",
)
REVENUE = {"2021": 4.1, "2022": 6.8, "2023": 9.2, "2024": 11.7}
RECIPES = (
    (
        "Lemon cake",
        "Beat four eggs with 200 g of sugar until pale. Fold in 200 g of flour, a spoon of baking powder, "
        "120 ml of olive oil and the juice and zest of three lemons. Bake for 40 minutes at 170 °C.",
    ),
    (
        "Red lentil soup",
        "Soften an onion, two carrots and a stalk of celery. Add 250 g of red lentils, cumin, paprika and "
        "a litre of stock. Simmer for twenty minutes, then finish with lemon and parsley.",
    ),
)
LEASE = (
    "Boat lease agreement",
    "The lessor hands over the rowing boat Kittiwake, hull number RB-20417, from 1 May to 30 September. "
    "The lessee returns it clean and dry, with both oars. The deposit of 150 euros is paid back within "
    "fourteen days.\n\nMietvertrag: Das Ruderboot wird sauber und trocken zurückgegeben.\n",
    "ボートの賃貸契約書: 保証金は十四日以内に返金されます。",
)


def page_with(document: pymupdf.Document, title: str, text: str) -> pymupdf.Page:
    """Add an A5 page with a heading and a paragraph."""
    page = document.new_page(width=420, height=595)
    page.insert_textbox((40, 40, 380, 110), title, fontsize=18, fontname="hebo")
    page.insert_textbox((40, 120, 380, 340), text, fontsize=11, fontname="helv")
    return page


def bar_chart(page: pymupdf.Page) -> None:
    """Draw the revenue of four years as bars."""
    for n, (year, value) in enumerate(REVENUE.items()):
        left = 70 + 75 * n
        page.draw_rect((left, 520 - 12 * value, left + 45, 520), color=None, fill=(0.16, 0.47, 0.56))
        page.insert_text((left + 8, 535), year, fontsize=10)
        page.insert_text((left + 8, 514 - 12 * value), f"{value}", fontsize=10)
    page.draw_line((55, 520), (370, 520))
    page.insert_text((70, 370), "Revenue in thousand euros", fontsize=12, fontname="hebo")


def make_documents() -> None:
    """Write the three PDFs."""
    folder = SAMPLES / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    report = pymupdf.open()
    page_with(report, *REPORT)
    bar_chart(
        page_with(report, "Revenue", "Most of the income comes from selling electricity to neighbours.")
    )
    facts = {"title": "Annual report 2024", "author": "Harbour Street Solar", "creationDate": "D:20250203"}
    report.set_metadata(facts)
    report.save(folder / "solar report.pdf", deflate=True, garbage=3)
    recipes = pymupdf.open()
    for recipe in RECIPES:
        page_with(recipes, *recipe)
    recipes.set_metadata({"title": "Kitchen notebook", "author": "Crossfind samples"})
    recipes.save(folder / "recipes.pdf", deflate=True, garbage=3)
    lease = pymupdf.open()
    page = page_with(lease, *LEASE[:2])
    page.insert_textbox((40, 350, 380, 400), LEASE[2], fontsize=11, fontname="japan")
    lease.save(folder / "lease RB-20417.pdf", deflate=True, garbage=3)


if __name__ == "__main__":
    make_photos(Path(sys.argv[1]))
    make_documents()
