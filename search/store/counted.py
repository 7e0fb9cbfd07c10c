"""How often each word is written in a table: for finding the word that somebody meant."""

import pyarrow as pa
import pyarrow.compute as pc

BETWEEN = r"[^\p{L}\p{N}\p{M}]+"
LONGEST = 40
"""Longer words are none that anybody types."""


def counted(texts: pa.ChunkedArray) -> dict[str, int]:
    """Count the words of folded texts; what stands between white space is counted before it is cut further,
    which is what makes this quick (a second for six million words)."""
    pieces = [pc.utf8_split_whitespace(chunk.drop_null()) for chunk in texts.chunks]
    if not pieces:
        return {}
    tokens = pa.chunked_array([pc.list_flatten(piece) for piece in pieces], pa.string()).value_counts()
    cut = pc.split_pattern_regex(tokens.field("values"), BETWEEN)
    repeated = tokens.field("counts").take(pc.list_parent_indices(cut))
    table = pa.table({"word": pc.list_flatten(cut), "count": repeated})
    length = pc.utf8_length(table["word"])
    kept = table.filter(pc.and_(pc.greater(length, 0), pc.less_equal(length, LONGEST)))
    summed = kept.group_by("word").aggregate([("count", "sum")])
    return dict(zip(summed["word"].to_pylist(), summed["count_sum"].to_pylist(), strict=True))
