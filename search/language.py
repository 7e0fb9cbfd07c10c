"""The query language by examples, for people: every prefix and every way to join. Imports nothing.

A test asks that every example can be read and that no prefix of the language is missing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """Some ways to write something, and what it means. Files behind an `@` are only imagined."""

    examples: tuple[str, ...]
    means: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Entries that belong together."""

    title: str
    entries: tuple[Entry, ...]


REFERENCE: tuple[Chapter, ...] = (
    Chapter(
        "Just type",
        (
            Entry(("red car at night",), "Whatever fits: what pictures show, what pages say, names, sounds."),
            Entry(('"annual report"',), "These words, in this order."),
            Entry(("invo*", "aida~"), "Any word that begins so; what is spelt or sounds like it."),
        ),
    ),
    Chapter(
        "What it shows or says",
        (
            Entry(("scene:beach",), "What a picture, a page or a moment of a film shows."),
            Entry(("object:bicycle",), "A thing, with a frame around it."),
            Entry(('page:"bar chart of revenue"',), "The page of a document that says or shows it."),
            Entry(("text:invoice",), "Words on pages and in pictures, and what they mean."),
            Entry(('said:"climate change"',), "What is said in films and recordings."),
            Entry(('sound:"dog barking"', "sound:@bark.wav"), "What is to be heard: by words, or like this."),
            Entry(("lang:de", "lang:en,fr"), "The language that is spoken or written."),
        ),
    ),
    Chapter(
        "People",
        (
            Entry(('person:"Ada"',), "Somebody you named."),
            Entry(('only:"Ada, Grace"',), "These, and nobody else."),
            Entry(("face:@photo.jpg",), "Whoever has this face."),
        ),
    ),
    Chapter(
        "By example",
        (
            Entry(("like:@photo.jpg", "like:@paper.pdf#3"), "Similar to a picture, or to a page."),
            Entry(
                ("like:@photo.jpg[0.1,0.2,0.5,0.8]",),
                "Similar to a part of it: left, top, right, bottom.",
            ),
            Entry(('like:@dress.jpg but "in red"',), "Like it, but changed."),
            Entry(('like:@dog.jpg + "in snow" - people',), "The picture and the words, without these."),
            Entry(
                ("clip:@film.mp4", "clip:@film.mp4[10..20]"),
                "The same film, cut or smaller.",
            ),
        ),
    ),
    Chapter(
        "What files say",
        (
            Entry(("type:video", "type:pdf", "ext:jpg,png"), "The kind of file, or its ending."),
            Entry(("name:IMG_2", "in:Holidays"), "Its name, or the folder it is in."),
            Entry(("date:2024", "date:2024-05..2024-07", "date:yesterday"), "When it was taken or changed."),
            Entry(("place:vienna", "near:51.5,-0.12,10km"), "Where it was taken."),
            Entry(("camera:nikon", "duration:>60s"), "With what, and how long it is."),
            Entry(("tag:holiday", "rating:>=4"), "Its tags and stars."),
            Entry(("meta:project=apollo",), "A field of your own."),
            Entry(("collection:trip", "saved:invoices"), "What you collected, and searches you saved."),
        ),
    ),
    Chapter(
        "Together",
        (
            Entry(("dog beach", "dog AND beach"), "Both."),
            Entry(("dog OR cat", "(dog OR cat) beach"), "One of them; brackets say what belongs together."),
            Entry(("beach -people", "beach NOT people"), "The first without the second."),
            Entry(("dog^2 beach",), "The first counts twice."),
            Entry(("said:goal THEN sound:applause WITHIN 20s",), "One after the other in a film."),
            Entry(
                ("the chart of revenue on the page that names the auditor", "SAME pair (map AND Lyon)"),
                "Two places of a file that answer it together.",
            ),
            Entry(('SAME moment (said:hello person:"Ada")',), "At the same moment; or page, file, folder."),
        ),
    ),
)
"""The whole language, the plain things first."""
