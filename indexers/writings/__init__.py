"""Readers of documents: from the bytes of a text, table, book or letter to its words, place by place."""
