"""Tables of the user's own fields, read and written: CSV of any delimiter and encoding, JSON, JSON lines."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.naming import write_new
from search.errors import CrossfindError

Cells = Mapping[str, Sequence[str]]
"""Column name -> values: none for an empty cell, several for a list."""

PATH_COLUMNS = ("path", "file", "sourcefile", "filepath", "file path", "filename", "file name")
"""What the column of paths is called, in small letters, the likeliest first; exiftool says SourceFile."""

_LONGEST_CELL = 10_000_000


def read(file: Path, path_column: str | None = None) -> Iterator[tuple[str, Cells]]:
    """Yield the path of each row and its other cells. Raises `CrossfindError` for what is no such table."""
    text = _text(file)
    is_json = file.suffix.lower() in (".json", ".jsonl", ".ndjson") or text.lstrip()[:1] in ("[", "{")
    rows = list(_json_rows(file, text) if is_json else _csv_rows(file, text))
    if not rows:
        raise CrossfindError(f"{file} holds no rows.")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    column = _path_column(file, columns, path_column)
    for row in rows:
        path = next(iter(row.get(column, ())), None)
        if path:
            yield path, {name: values for name, values in row.items() if name != column}


def write(file: Path, rows: Sequence[tuple[str, Cells]], *, force: bool = False) -> None:
    """Write what `read` reads again, as JSON or CSV by the file's ending; over a file that is there only with
    `force`. Raises `CrossfindError`."""
    is_json = file.suffix.lower() == ".json"
    write_new(file, _as_json(rows) if is_json else _as_csv(rows), force=force)


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CrossfindError(f"{file} cannot be read: {error.strerror}.") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _csv_rows(file: Path, text: str) -> Iterator[Cells]:
    try:
        form: Any = csv.Sniffer().sniff(text[:65_536], delimiters=",;\t|")
    except csv.Error:
        form = csv.excel
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        for row in csv.DictReader(io.StringIO(text, newline=""), dialect=form, restkey=""):
            yield {name.strip(): value.splitlines() for name, value in row.items() if name and value}
    except csv.Error as error:
        raise CrossfindError(f"{file} is no table that can be read ({error}).") from error
    finally:
        csv.field_size_limit(before)


def _json_rows(file: Path, text: str) -> Iterator[Cells]:
    """Read a list of objects, objects by path, or an object a line."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        try:
            data = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (json.JSONDecodeError, RecursionError) as error:
            raise CrossfindError(f"{file} is no JSON ({error}).") from error
    if isinstance(data, dict) and data and all(isinstance(value, dict) for value in data.values()):
        data = [{**facts, "path": path} for path, facts in data.items()]
    data = [data] if isinstance(data, dict) else data
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        remedy = 'Write [{"path": "a.jpg", "project": "Apollo"}] or {"a.jpg": {"project": "Apollo"}}.'
        raise CrossfindError(f"{file} holds neither a list of objects nor objects by path.", remedy)
    for row in data:
        yield {str(name): _values(value) for name, value in row.items()}


def _values(value: object) -> list[str]:
    if isinstance(value, list):
        return [text for one in value for text in _values(one)]
    if value is None or value == "":
        return []
    return [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)]


def _path_column(file: Path, columns: Sequence[str], wanted: str | None) -> str:
    names = {name.lower(): name for name in reversed(columns)}
    found = [names[name] for name in ((wanted.lower(),) if wanted else PATH_COLUMNS) if name in names]
    if not found:
        what = f"called {wanted}" if wanted else "of paths"
        remedy = f"Name one with --path-column; there are: {', '.join(columns[:20])}."
        raise CrossfindError(f"{file} has no column {what}.", remedy)
    return found[0]


def _as_json(rows: Sequence[tuple[str, Cells]]) -> str:
    plain = [
        {"path": path, **{name: v[0] if len(v) == 1 else list(v) for name, v in cells.items()}}
        for path, cells in rows
    ]
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def _as_csv(rows: Sequence[tuple[str, Cells]]) -> str:
    columns = list(dict.fromkeys(name for _, cells in rows for name in cells))
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(["path", *columns])
    table.writerows([path, *("\n".join(cells.get(name, ())) for name in columns)] for path, cells in rows)
    return out.getvalue()
