"""E-mail, mailboxes and messages of Outlook."""

import datetime
from email.message import EmailMessage

import pytest

from indexers.facts import Facts
from indexers.writings import mail
from indexers.writings.blocks import Heading, Paragraph, Place
from search.errors import MediaError
from tests.indexers.writings.making import para, word


def letter(subject: str = "The berth", text: str = "It is let.\n\nYours") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ada Bÿron <ada@example.com>"
    message["To"] = "mary@example.com"
    message["Subject"] = subject
    message["Date"] = "Mon, 1 May 2023 09:30:00 +0200"
    message.set_content(text)
    return message


def test_a_message_says_who_wrote_it_to_whom_and_when(blocks):
    facts, head, *rest = blocks(letter("Grüße").as_bytes(), "a.eml")
    assert facts == Facts(
        taken_at=datetime.datetime(2023, 5, 1, 9, 30),
        title="Grüße",
        words="Grüße\nAda Bÿron <ada@example.com>\nmary@example.com",
    )
    assert head.text.startswith("From: Ada Bÿron <ada@example.com>\nTo: mary@example.com\nDate: Mon")
    assert rest == [Paragraph("It is let."), Paragraph("Yours")]


def test_what_is_attached_is_read_under_its_name(blocks):
    message = letter()
    message.add_attachment(
        word(para("Deposit of 300 euros")), "application", "octet-stream", filename="lease.docx"
    )
    message.add_attachment(b"\x89PNG\r\n\x1a\n", "image", "png", filename="plan.png")
    message.add_attachment(letter("The other", "Deep"), filename="old.eml")
    found = blocks(message.as_bytes(), "a.eml")
    at = found.index(Heading("lease.docx"))
    assert found[at : at + 4] == [
        Heading("lease.docx"),
        Heading("Lease of a boat"),
        Paragraph("Deposit of 300 euros"),
        Heading("plan.png"),
    ]
    assert Paragraph("Deep") in found


def test_of_text_and_its_page_only_the_text_is_read(blocks):
    message = letter(text="Words")
    message.add_alternative("<p>Words of the page</p><img src='http://example.com/x.png'>", subtype="html")
    assert [one.text for one in blocks(message.as_bytes(), "a.eml")[2:]] == ["Words"]
    only = EmailMessage()
    only["Subject"] = "x"
    only.set_content("<h1>Page</h1><p>alone</p>", subtype="html")
    assert blocks(only.as_bytes(), "a.eml")[2:] == [Heading("Page"), Paragraph("alone")]


def test_a_message_of_apple_mail(blocks):
    data = letter().as_bytes()
    assert blocks(f"{len(data)}\n".encode() + data + b"<plist/>", "a.emlx")[0].title == "The berth"


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: =?utf-8?b?!!?=\nDate: yesterday\n\nx",
        b"Subject: =?no-such?q?abc?=\nContent-Type: text/plain; charset=nope\n\n\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Transfer-Encoding: base64\n\n%%%",
        b"Content-Type: multipart/mixed\n\n--a\n",
        b"From: " + b"<" * 5000 + b"\n\nx",
    ],
)
def test_messages_with_bad_headers_are_read_all_the_same(blocks, head):
    assert isinstance(blocks(head, "a.eml")[0], Facts)


def test_a_mailbox_has_a_place_for_every_message(blocks, monkeypatch):
    said = b"From ada Mon May  1 09:30:00 2023\n"
    box = b"\n".join(
        said + letter(f"Nr {n}", f"Body {n}\n\nFrom here on").as_bytes() + b"\n" for n in range(5)
    )
    found = blocks(box, "a.mbox")
    assert not any("09:30:00 2023" in one.text for one in found if isinstance(one, Paragraph))
    assert [one for one in found if isinstance(one, Place)] == [Place(f"Nr {n}", 5) for n in range(5)]
    assert (
        sum(one == Paragraph("From here on") for one in found)
        + sum(one == Paragraph(">From here on") for one in found)
        == 5
    )
    assert [one.title for one in blocks(box, "a.mbox", start=3) if isinstance(one, Place)] == ["Nr 3", "Nr 4"]
    monkeypatch.setattr(mail, "_CHUNK", 97)
    assert blocks(box, "a.mbox") == found


@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_what_is_no_mail_is_refused(blocks, name):
    with pytest.raises(MediaError, match="though its name says so"):
        blocks(b"just words", name)
