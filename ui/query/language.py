"""The prefixes of the query language in plain words: what each looks at, and an example."""

from dataclasses import dataclass

from ui.language import mark, tr


@dataclass(frozen=True, slots=True)
class Prefix:
    """`name:` in the query; `title` is what a menu calls it, `told` what it asks for."""

    name: str
    title: str
    told: str
    example: str


PREFIXES = (
    Prefix("person", mark("Person"), mark("somebody you named"), 'person:"Ada"'),
    Prefix("only", mark("Only these people"), mark("these people and nobody else"), 'only:"Ada, Grace"'),
    Prefix("scene", mark("What it shows"), mark("what a picture, page or moment shows"), "scene:beach"),
    Prefix("object", mark("A thing in it"), mark("a thing, with its place in the picture"), "object:bicycle"),
    Prefix("text", mark("Words on pages"), mark("words on pages and in pictures"), "text:invoice"),
    Prefix(
        "page",
        mark("A page"),
        mark("what a page of a document says or shows"),
        'page:"bar chart of revenue"',
    ),
    Prefix("said", mark("What is said"), mark("words that are spoken"), "said:hello"),
    Prefix("sound", mark("A sound"), mark("what is to be heard"), 'sound:"dog barking"'),
    Prefix("name", mark("File name"), mark("a part of the file's name"), "name:IMG_2"),
    Prefix("type", mark("Kind of file"), mark("pictures, PDFs, videos or sounds"), "type:video"),
    Prefix("ext", mark("File ending"), mark("the ending of the file's name"), "ext:pdf,jpg"),
    Prefix("date", mark("Date"), mark("when it was taken or changed"), "date:2024-05"),
    Prefix("in", mark("Folder"), mark("in a folder of this name"), "in:Holidays"),
    Prefix("place", mark("Place"), mark("where it was taken, by name"), "place:vienna"),
    Prefix("near", mark("Near a point"), mark("where it was taken, on the map"), "near:51.5,-0.12,10km"),
    Prefix("camera", mark("Camera"), mark("what it was taken with"), "camera:nikon"),
    Prefix("tag", mark("Tag"), mark("a tag"), "tag:holiday"),
    Prefix("rating", mark("Stars"), mark("how many stars it has"), "rating:>=4"),
    Prefix("duration", mark("Length"), mark("how long a film or sound is"), "duration:>60s"),
    Prefix("lang", mark("Language"), mark("the language that is spoken"), "lang:de"),
    Prefix("meta", mark("Field of your own"), mark("a field that you added"), "meta:project=apollo"),
    Prefix("saved", mark("Saved search"), mark("a search that you saved"), "saved:Taxes"),
    Prefix("collection", mark("Collection"), mark("what you collected"), "collection:Best"),
    Prefix("like", mark("Like a picture"), mark("similar to a picture or page"), "like:@photo.jpg"),
    Prefix("face", mark("Face in a picture"), mark("whoever has this face"), "face:@photo.jpg"),
    Prefix("clip", mark("Same film"), mark("the same film, or a part of it"), "clip:@film.mp4"),
)

VALUES: dict[str, tuple[tuple[str, str], ...]] = {
    "type": (
        ("image", mark("pictures")),
        ("pdf", mark("PDFs")),
        ("document", mark("documents, mail and archives")),
        ("video", mark("films")),
        ("audio", mark("sounds")),
        ("other", mark("all other files")),
    ),
    "date": (
        ("today", mark("from today")),
        ("yesterday", mark("from yesterday")),
        ("2024", mark("a year")),
        ("2024-05", mark("a month")),
        ("2024-05-01..2024-05-14", mark("from one day to another")),
    ),
    "rating": ((">=4", mark("four or five stars")), ("5", mark("five stars")), ("none", mark("not rated"))),
    "duration": (
        (">60s", mark("longer than a minute")),
        ("<5m", mark("shorter than five minutes")),
        ("1m..5m", mark("between")),
    ),
}
"""What may stand behind a prefix, where that is the same for every library: value and meaning."""


def hints(word: str) -> tuple[Prefix, ...]:
    """Return the prefixes that begin so, or whose titles do; none for nothing."""
    start = word.casefold()
    if not start:
        return ()
    named = [one for one in PREFIXES if one.name.startswith(start)]
    titled = [one for one in PREFIXES if tr(one.title).casefold().startswith(start)]
    return tuple(dict.fromkeys((*named, *titled)))
