"""Wiring: command line, window start, configuration, logs, models. Imports everything, nobody imports it."""

__version__ = "0.1.0"
