"""Pixels: the PySide6 window. It knows `search` and callables given by `app`; no model, no LanceDB."""
