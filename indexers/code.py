"""Source code and data files, by their words; a library does without unless it asks (decision 61)."""

from indexers.document_types import CODE
from indexers.texts import TextIndexer

INDEXER = TextIndexer("code", CODE, passages=False)
