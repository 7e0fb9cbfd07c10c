"""What archives hold: the names of all members, and the words of those that are documents."""

from indexers.document_types import ARCHIVES
from indexers.texts import TextIndexer

INDEXER = TextIndexer("archives", ARCHIVES)
