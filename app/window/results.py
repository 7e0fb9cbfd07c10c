"""What the results ask: mostly the resident process; copies and lists of hits are written here."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from app import forms
from app.window.link import Link
from search.output import from_json, to_json
from search.records import Hit, SearchResult
from ui.results.backend import Alike, Clip, ExportForm, Written


class ResultsLink(Link):
    """Implements `ui.results.backend.ResultsBackend`."""

    def storyboard(self, digest: str) -> Path | None:
        """Return the picture that shows a film at a glance."""
        path = self._ask("results", what="storyboard", digest=digest)
        return Path(path) if path else None

    def people_in(self, digests: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the names of those who are in contents."""
        found = self._ask("results", what="people_in", digests=list(digests))
        return {digest: tuple(names) for digest, names in found.items()}

    def copy_originals(self, hits: Sequence[Hit], folder: Path) -> Written:
        """Copy files into a folder."""
        done = forms.copy_to(folder, hits)
        return Written(done.copied, done.there, done.problems)

    def export(self, hits: Sequence[Hit], query: str, form: ExportForm) -> bytes:
        """Write hits down."""
        result = SearchResult(query, 0.0, tuple(hits))
        if form == "json":
            return json.dumps(to_json(result), indent=1).encode()
        return forms.FORMS[form](result).encode("utf-8", "surrogateescape")

    def cut(self, clips: Sequence[Clip], into: Path) -> Written:
        """Cut clips."""
        wanted = [(str(clip.path), clip.start_s, clip.end_s) for clip in clips]
        told = self._ask("results", what="cut", clips=wanted, into=str(into))
        return Written(told["made"], 0, told["problems"])

    def clips(self, clips: Sequence[Clip]) -> Sequence[Path]:
        """Cut clips for other programs."""
        wanted = [(str(clip.path), clip.start_s, clip.end_s) for clip in clips]
        return [Path(path) for path in self._ask("results", what="clips", clips=wanted)]

    def duplicates(self) -> Sequence[Alike]:
        """Find what is there more than once."""
        groups = self._ask("results", what="duplicates")
        return [
            Alike(group["title"], group["spare_bytes"], from_json(group["found"]).hits) for group in groups
        ]
