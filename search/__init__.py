"""The index: what is stored and how it is asked. `indexers` write it, `ui` reads it, `app` wires them.

Imports the standard library, numpy and pyarrow; LanceDB only inside `search.store`.
"""
