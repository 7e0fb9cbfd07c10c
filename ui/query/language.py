"""The prefixes of the query language in plain words: what each looks at, and an example."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prefix:
    """`name:` in the query; `title` is what a menu calls it, `told` what it asks for."""

    name: str
    title: str
    told: str
    example: str


PREFIXES = (
    Prefix("person", "Person", "somebody you named", 'person:"Ada"'),
    Prefix("only", "Only these people", "these people and nobody else", 'only:"Ada, Grace"'),
    Prefix("scene", "What it shows", "what a picture, page or moment shows", "scene:beach"),
    Prefix("object", "A thing in it", "a thing, with its place in the picture", "object:bicycle"),
    Prefix("text", "Words on pages", "words on pages and in pictures", "text:invoice"),
    Prefix("page", "A page", "what a page of a document says or shows", 'page:"bar chart of revenue"'),
    Prefix("said", "What is said", "words that are spoken", "said:hello"),
    Prefix("sound", "A sound", "what is to be heard", 'sound:"dog barking"'),
    Prefix("name", "File name", "a part of the file's name", "name:IMG_2"),
    Prefix("type", "Kind of file", "pictures, PDFs, videos or sounds", "type:video"),
    Prefix("ext", "File ending", "the ending of the file's name", "ext:pdf,jpg"),
    Prefix("date", "Date", "when it was taken or changed", "date:2024-05"),
    Prefix("in", "Folder", "in a folder of this name", "in:Holidays"),
    Prefix("place", "Place", "where it was taken, by name", "place:vienna"),
    Prefix("near", "Near a point", "where it was taken, on the map", "near:51.5,-0.12,10km"),
    Prefix("camera", "Camera", "what it was taken with", "camera:nikon"),
    Prefix("tag", "Tag", "a tag", "tag:holiday"),
    Prefix("rating", "Stars", "how many stars it has", "rating:>=4"),
    Prefix("duration", "Length", "how long a film or sound is", "duration:>60s"),
    Prefix("lang", "Language", "the language that is spoken", "lang:de"),
    Prefix("meta", "Field of your own", "a field that you added", "meta:project=apollo"),
    Prefix("saved", "Saved search", "a search that you saved", "saved:Taxes"),
    Prefix("collection", "Collection", "what you collected", "collection:Best"),
    Prefix("like", "Like a picture", "similar to a picture or page", "like:@photo.jpg"),
    Prefix("face", "Face in a picture", "whoever has this face", "face:@photo.jpg"),
    Prefix("clip", "Same film", "the same film, or a part of it", "clip:@film.mp4"),
)

VALUES: dict[str, tuple[tuple[str, str], ...]] = {
    "type": (
        ("image", "pictures"),
        ("pdf", "PDFs"),
        ("document", "documents, mail and archives"),
        ("video", "films"),
        ("audio", "sounds"),
        ("other", "all other files"),
    ),
    "date": (
        ("today", "from today"),
        ("yesterday", "from yesterday"),
        ("2024", "a year"),
        ("2024-05", "a month"),
        ("2024-05-01..2024-05-14", "from one day to another"),
    ),
    "rating": ((">=4", "four or five stars"), ("5", "five stars"), ("none", "not rated")),
    "duration": (
        (">60s", "longer than a minute"),
        ("<5m", "shorter than five minutes"),
        ("1m..5m", "between"),
    ),
}
"""What may stand behind a prefix, where that is the same for every library: value and meaning."""


def hints(word: str) -> tuple[Prefix, ...]:
    """Return the prefixes that begin so, or whose titles do; none for nothing."""
    start = word.casefold()
    if not start:
        return ()
    named = [one for one in PREFIXES if one.name.startswith(start)]
    titled = [one for one in PREFIXES if one.title.casefold().startswith(start)]
    return tuple(dict.fromkeys((*named, *titled)))
