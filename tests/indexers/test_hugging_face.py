"""The library `transformers`: absent with a sentence, quiet while it loads."""

import sys

import pytest

from indexers import hugging_face
from search.errors import ModelError


def test_without_the_package_the_command_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ModelError, match="OWLv2 needs the package transformers") as told:
        hugging_face.library("OWLv2")
    assert told.value.remedy == 'Install it: pip install "crossfind[transformers]".'


def test_its_talk_is_as_it_was_afterwards():
    pytest.importorskip("transformers", reason="the extra transformers is not installed")
    from transformers.utils import logging

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    with hugging_face.quiet():
        assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == (logging.CRITICAL, False)
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
