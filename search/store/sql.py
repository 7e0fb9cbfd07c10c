"""The one place where values become SQL. Nothing else may put quotes around a value."""

from collections.abc import Iterable
from datetime import datetime

Value = str | int | float | bool | datetime


def quote(value: Value) -> str:
    """Write a value as a literal of LanceDB's filter language; strings may hold quotes and NULs."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return repr(value)
        case datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case str():
            return "'" + value.replace("'", "''") + "'"


def one_of(column: str, values: Iterable[Value]) -> str:
    """`column IN (...)`; no value at all is a filter that nothing passes."""
    literals = ", ".join(quote(value) for value in values)
    return f"{column} IN ({literals})" if literals else "FALSE"


def both(*filters: str | None) -> str | None:
    """Join filters with AND, leaving out those that are None."""
    given = [f"({condition})" for condition in filters if condition is not None]
    return " AND ".join(given) if given else None
