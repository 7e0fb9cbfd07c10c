"""Wiring: command line, window start, configuration, logs, models. Imports everything, nobody imports it."""

import os

__version__ = "0.1.0"

# A hub is asked for the files of a model and told nothing else: what runs here is nobody's business.
# Said before anything can import huggingface_hub, which reads it once.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
