"""Messages that Outlook saved."""

import datetime
import struct

import pytest

from indexers.base import LeftOutError
from indexers.facts import Facts
from indexers.writings.blocks import Heading, Paragraph
from search.errors import MediaError
from tests.indexers.writings.making import compound

TICKS = int((datetime.datetime(2023, 5, 1, 7, 30) - datetime.datetime(1601, 1, 1)).total_seconds() * 10**7)
PROPERTIES = bytes(32) + b"\x40\x00\x39\x00" + struct.pack("<IQ", 6, TICKS)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def message(**more: bytes) -> bytes:
    streams = {
        "__properties_version1.0": PROPERTIES,
        "__substg1.0_0037001F": wide("Der Liegeplatz"),
        "__substg1.0_0C1A001F": wide("Ada Byron"),
        "__substg1.0_5D01001F": wide("ada@example.com"),
        "__substg1.0_0E04001E": b"M\xfcller",
    }
    return compound(streams | {name.replace("__in__", "/"): data for name, data in more.items()})


def test_a_message_and_what_is_attached(blocks):
    folder = "__attach_version1.0_#00000000"
    given = {
        "__substg1.0_1000001F": wide("It is free.\r\n\r\nYours"),
        f"{folder}__in____substg1.0_3707001F": wide("plan.txt"),
        f"{folder}__in____substg1.0_37010102": b"Second pier",
    }
    facts, head, *rest = blocks(message(**given), "a.msg")
    assert facts == Facts(
        taken_at=datetime.datetime(2023, 5, 1, 7, 30),
        title="Der Liegeplatz",
        words="Der Liegeplatz\nAda Byron <ada@example.com>\nMüller",
    )
    assert head == Paragraph("From: Ada Byron <ada@example.com>\nTo: Müller\nSubject: Der Liegeplatz")
    assert rest == [*map(Paragraph, ("It is free.", "Yours")), Heading("plan.txt"), Paragraph("Second pier")]


def test_a_message_that_is_a_page(blocks):
    found = blocks(
        message(**{"__substg1.0_10130102": b"<h1>Free</h1><img src='http://example.com/x'>"}), "a.msg"
    )
    assert found[2:] == [Heading("Free")]


def test_what_is_no_message(blocks):
    with pytest.raises(LeftOutError, match="no message of Outlook"):
        blocks(compound({"WordDocument": b"x"}), "a.msg")
    with pytest.raises(MediaError, match="damaged"):
        blocks(message()[:700], "a.msg")
