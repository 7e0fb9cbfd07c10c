"""Wiring: command line, window start, configuration, logs, models. Imports everything, nobody imports it."""
