"""Answers searches in this process and keeps what they need between them.

The resident process has one; `--no-service` makes one for a single command.
"""

import base64
import io
import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import passwords, reports
from app.bootstrap import Searcher
from app.config import Config
from search.engine import SearchOptions
from search.errors import CrossfindError
from search.inside import inside
from search.output import explanation_to_json, to_json
from search.pieces import inside_to_json
from search.records import Page, TimeSpan
from search.reporting import Report, silent
from search.texts import text_at
from search.watch import Explanation, Stopped

if TYPE_CHECKING:
    from PIL.Image import Image

    from app.cli_options import TranscriptForm
    from app.fixing import Fixing


MOST_LIBRARIES = 3
"""So many libraries are kept ready to be searched."""


class Desk:
    """One searcher per settings, made anew when the library's vectors or the models change. Thread-safe.

    What searching has to make ready first, once, is told to `report` of whoever searches.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._report: Report = silent
        self._searchers: dict[str, Searcher] = {}
        self._looking = threading.Lock()  # takes seconds; searches do not wait for it
        self._fixing: tuple[object, Fixing] | None = None  # the picture examined last

    def search(
        self,
        config: Config,
        query: str,
        options: dict[str, Any],
        stopped: Stopped | None = None,
        report: Report = silent,
    ) -> dict[str, Any]:
        """Search and return the stable JSON form; `stopped` tells when nobody waits for it any more.

        Raises what the engine raises.
        """
        return to_json(self._explained(config, query, options, stopped, report).result)

    def written(
        self,
        config: Config,
        query: str,
        options: dict[str, Any],
        form: str,
        stopped: Stopped | None = None,
        report: Report = silent,
    ) -> list[Any]:
        """Search and return the answer in a form of `app.forms`, and how many hits it has: less to send than
        all that is known of every hit. Raises what the engine raises."""
        from app.forms import FORMS

        result = self._explained(config, query, options, stopped, report).result
        return [FORMS[form](result), len(result.hits)]

    def explain(
        self,
        config: Config,
        query: str,
        options: dict[str, Any],
        stopped: Stopped | None = None,
        report: Report = silent,
    ) -> dict[str, Any]:
        """Search and return how it was done, as JSON. Raises what the engine raises."""
        return explanation_to_json(self._explained(config, query, options, stopped, report))

    def _explained(
        self, config: Config, query: str, options: dict[str, Any], stopped: Stopped | None, report: Report
    ) -> Explanation:
        values = {**options, "base": Path(options["base"])} if "base" in options else options
        with self._lock:
            self._report = report
            try:
                return self._searcher(config).engine.explain(query, SearchOptions(**values), stopped)
            finally:
                self._report = silent

    def suggest(self, config: Config, text: str, limit: int) -> list[dict[str, Any]]:
        """Return what may be meant by what is typed so far, each a dict of `search.suggesting.Suggestion`."""
        with self._lock:
            return [asdict(one) for one in self._searcher(config).engine.suggest(text, limit)]

    def inside(
        self, config: Config, path: str, query: str, page: int | None, stopped: Stopped | None = None
    ) -> dict[str, Any]:
        """Tell what is in a file, `search.pieces.Inside` as JSON. Raises what `search.inside.inside` does."""
        with self._lock:
            searcher = self._searcher(config)
            found = inside(searcher.library, searcher.engine.asker, path, query, page, stopped=stopped)
        return inside_to_json(found)

    def document_text(self, config: Config, path: str, page: int) -> str:
        """Return what a document says at one of its places. Raises what `search.texts.text_at` does."""
        with self._lock:
            return text_at(self._searcher(config).library, path, page)

    def heat(self, config: Config, query: str, path: str, page: int) -> list[list[float]]:
        """Return which parts of a page answer a query, `app.heat.warm` as JSON; raises what that does."""
        from app import heat

        with self._lock:
            return heat.to_json(heat.warm(self._searcher(config), config, query, path, page))

    def transcript(self, config: Config, path: str, form: "TranscriptForm") -> str:
        """Write down what is said in a file. Raises `CrossfindError` when that is nothing."""
        from app import transcripts

        with self._lock:
            return transcripts.transcript(self._searcher(config).library, Path(path), form)

    def warm(self, config: Config) -> None:
        """Load what the first query will need. Raises `LibraryError`."""
        with self._lock:
            self._searcher(config).engine.warm()

    def status(self, config: Config) -> dict[str, Any]:
        """Return `crossfind status --json`'s object."""
        return reports.status(config)

    def duplicates(self, config: Config, kinds: list[str], folder: str | None) -> list[dict[str, Any]]:
        """Find duplicates and return `crossfind duplicates --json`'s groups; searches go on meanwhile.

        Raises `LibraryError`, and `CrossfindError` for a kind that there is not.
        """
        from app import duplicates

        return duplicates.as_json(duplicates.duplicates(config, kinds, folder))

    def listen(self, config: Config, path: str) -> dict[str, Any]:
        """Write down a spoken query: text, words with how sure they are, and what was done to the sound.

        Raises `MediaError`, `ModelError`.
        """
        from contextlib import closing

        from app.listening import Listener

        with closing(Listener(config)) as listener:
            heard = listener.listen(Path(path))
        return heard.to_json() | {"fixes": [asdict(fix) for fix in heard.fixes]}

    def examine(self, config: Config, path: str) -> dict[str, Any]:
        """Say what may be wrong with a picture, as `crossfind fix --json`. Raises `MediaError`."""
        from app import fixing

        return fixing.to_json(self._examined(config, path))

    def faces(self, config: Config, path: str, page: int | None) -> list[list[float]]:
        """Return where the faces in a picture or page are, the largest first. Raises `ModelError`."""
        from app import fixing

        with self._looking:
            return [list(box) for box in fixing.faces_in(config, Path(path), page)]

    def repaired_image(self, config: Config, path: str, number: int, width: int) -> str:
        """Draw a picture as `examine` saw it (0), or one of its repairs (from 1): PNG as base64.

        Raises `MediaError`, and `CrossfindError` where there is no such repair.
        """
        found = self._examined(config, path)
        pictures = [found.picture, *(candidate.picture for candidate in found.examination.candidates)]
        if not 0 <= number < len(pictures):
            raise CrossfindError(f"There are {len(pictures) - 1} repairs of {path}.")
        picture = pictures[number].copy()
        picture.thumbnail((width, 8 * width))
        return _as_png(picture)

    def _examined(self, config: Config, path: str) -> "Fixing":
        from app import fixing

        stat = Path(path).stat() if Path(path).exists() else None
        key = json.dumps(asdict(config), sort_keys=True), path, stat and (stat.st_mtime_ns, stat.st_size)
        with self._looking:
            if self._fixing is None or self._fixing[0] != key:
                self._fixing = key, fixing.examined(config, Path(path))
            return self._fixing[1]

    def page_image(self, config: Config, path: str, page: int, width: int) -> str:
        """Draw one page of a document `width` pixels wide: PNG as base64. Raises `MediaError`."""
        from indexers.page_image import page_image

        return _as_png(page_image(Path(path), page, width, passwords.remembered(config.library_folder)))

    def enclosed_image(self, config: Config, path: str, page: int, picture: int, width: int) -> str:
        """Draw a picture in a document that is no PDF: PNG as base64. Raises `MediaError`."""
        from indexers.page_image import enclosed_image

        known = passwords.remembered(config.library_folder)
        return _as_png(enclosed_image(Path(path), Page(page, picture), width, known))

    def waveform(self, path: str) -> list[float]:
        """Say how loud a recording is over its length, see `indexers.waveform`. Raises `MediaError`."""
        from indexers.waveform import waveform

        return [round(peak, 3) for peak in waveform(Path(path))]

    def moment_image(self, path: str, start_s: float, end_s: float, width: int) -> str:
        """Draw a moment of a film at most `width` pixels wide: PNG as base64. Raises `MediaError`."""
        from indexers.page_image import moment_image

        return _as_png(moment_image(Path(path), TimeSpan(start_s, end_s), width))

    def _searcher(self, config: Config) -> Searcher:
        name = _what_answers(config)
        known = self._searchers.pop(name, None)
        if known is None or not known.is_current():
            if known is not None:
                known.close()
            self._part_from(config.library_folder)
            known = Searcher(config, lambda sentence: self._report(sentence))
        self._searchers[name] = known  # the last one is the one that was used last
        return known

    def _part_from(self, library: Path) -> None:
        """Let go of searchers over the library under other settings, to which nobody goes back soon, and of
        those of the library that was not asked for the longest time, where there are many: each has its own
        models."""
        for name in [name for name in self._searchers if json.loads(name)["library"] == str(library)]:
            self._searchers.pop(name).close()
        while len(self._searchers) >= MOST_LIBRARIES:
            self._searchers.pop(next(iter(self._searchers))).close()

    def close(self) -> None:
        """Let go of every library."""
        for searcher in self._searchers.values():
            searcher.close()
        self._searchers.clear()


def _what_answers(config: Config) -> str:
    """Name the settings that a searcher is made by; the others say how to index."""
    return json.dumps(
        {
            "library": str(config.library_folder),
            "profile": config.profile,
            "models": dict(sorted(config.models.items())),
            "models_dir": config.models_dir,
            "device": config.device,
            "page_memory_mb": config.page_memory_mb,
            "max_megapixels": config.max_megapixels,
        }
    )


def _as_png(picture: "Image") -> str:
    png = io.BytesIO()
    picture.save(png, "PNG", compress_level=1)
    return base64.b64encode(png.getvalue()).decode()
