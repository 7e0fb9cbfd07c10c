"""Sentences of the program that are not found in its code: made by the system, or put together at run time.

All others `tools.sentences` finds by itself. `ui.saying` says them in the language of the window.
"""

from ui.language import mark

OF_THE_SYSTEM = (
    mark("Permission denied", context="said"),
    mark("Operation not permitted", context="said"),
    mark("Access is denied", context="said"),
    mark("No such file or directory", context="said"),
    mark("The system cannot find the file specified", context="said"),
    mark("File exists", context="said"),
    mark("Is a directory", context="said"),
    mark("Not a directory", context="said"),
    mark("Directory not empty", context="said"),
    mark("File name too long", context="said"),
    mark("Invalid argument", context="said"),
    mark("Input/output error", context="said"),
    mark("Read-only file system", context="said"),
    mark("No space left on device", context="said"),
    mark("Disk quota exceeded", context="said"),
    mark("Too many open files", context="said"),
    mark("Too many levels of symbolic links", context="said"),
    mark("Cannot allocate memory", context="said"),
    mark("Connection refused", context="said"),
    mark("Broken pipe", context="said"),
    mark("Stale file handle", context="said"),
    mark("Transport endpoint is not connected", context="said"),
)
"""Why the system refuses something."""

TOGETHER = (
    mark("{name}: {reason:text}", context="said"),
    mark("{reason:text} ({n} pictures)", context="said"),
    mark("{one:text}; {other:text}", context="said"),
    mark("turned by {degrees:text}, as its EXIF says", context="said"),
    mark("Settings, Running, allows more.", context="said"),
    mark("Imported OpenCLIP checkpoint", context="said"),
    mark("not stated; see where it comes from", context="said"),
    mark("not stated", context="said"),
)

SEARCHED = (
    mark("searching pictures by what they show", context="said"),
    mark("searching texts by meaning", context="said"),
    mark("searching words on pages", context="said"),
    mark("reading words in pictures", context="said"),
    mark("searching what is said", context="said"),
    mark("searching sounds", context="said"),
    mark("searching things in pictures", context="said"),
    mark("searching things by their usual names", context="said"),
    mark("searching faces", context="said"),
    mark("finding small faces", context="said"),
    mark("searching photos and charts on pages", context="said"),
    mark("searching pages word by word", context="said"),
    mark("searching pages by their look", context="said"),
    mark("searching words in pictures by meaning", context="said"),
    mark("searching what is said by meaning", context="said"),
    mark("finding copies of pictures", context="said"),
    mark("finding near-duplicates", context="said"),
    mark("searching subtitles", context="said"),
    mark("putting the best hits first", context="said"),
)
"""What `search.searching` calls each kind of search, as in "No model for searching sounds is installed."."""

KINDS = (
    mark("text", context="said"),
    mark("sound", context="said"),
    mark("face", context="said"),
    mark("picture", context="said"),
    mark("film", context="said"),
    mark("video", context="said"),
    mark("audio", context="said"),
    mark("image", context="said"),
    mark("document", context="said"),
    mark("recording", context="said"),
)
"""Kinds of files, as in "The model for searching sounds takes no film."."""

WRITTEN = (
    mark("English", context="said"),
    mark("German", context="said"),
    mark("French", context="said"),
    mark("Spanish", context="said"),
    mark("Italian", context="said"),
    mark("Portuguese", context="said"),
    mark("Dutch", context="said"),
    mark("Cyrillic", context="said"),
    mark("Greek", context="said"),
    mark("Arabic", context="said"),
    mark("Hebrew", context="said"),
    mark("Hangul", context="said"),
    mark("Hiragana", context="said"),
    mark("Katakana", context="said"),
    mark("Thai", context="said"),
    mark("Devanagari", context="said"),
)
"""The language or the letters of a query, as in "the query seems to be in Greek letters"."""
