from pathlib import Path

import pytest

from indexers.captions import Caption, beside, language_of, parse, plain, read

SRT = """1
00:00:01,500 --> 00:00:03,000
<i>Hello</i> there,
{\\an8}Ada &amp; Grace.

2
00:01:02,000 --> 00:01:04,250
Second

not a caption

3
1:02:03,5 --> 1:02:04,0

"""
VTT = "\ufeffWEBVTT\n\nNOTE 00:00 is none\n\n00:07.000 --> 00:09.500 align:start\n<v Bob>Well\n\n"
VTT += "00:05.000 --> 00:06.000\nFirst"


def test_subrip_is_read():
    assert parse(SRT) == [
        Caption(1.5, 3.0, "Hello there, Ada & Grace."),
        Caption(62.0, 64.25, "Second"),
    ]


def test_webvtt_is_read_in_the_order_of_time():
    assert parse(VTT) == [Caption(5.0, 6.0, "First"), Caption(7.0, 9.5, "Well")]


@pytest.mark.parametrize("text", ["", "WEBVTT", "1\n2\n3", "00:00:01,000 --> \nx", "\0\0\0"])
def test_what_holds_no_captions_gives_none(text):
    assert parse(text) == []


def test_an_end_before_the_beginning_is_mended():
    assert parse("00:00:05,000 --> 00:00:01,000\nx") == [Caption(5.0, 5.0, "x")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_several_encodings_are_read(tmp_path, encoding):
    file = tmp_path / "a.srt"
    file.write_bytes("1\r\n00:00:01,000 --> 00:00:02,000\r\nGrüße – für «Zoë»\r\n".encode(encoding))
    assert [caption.text for caption in read(file)] == ["Grüße – für «Zoë»"]


def test_a_file_that_is_gone_holds_nothing(tmp_path):
    assert read(tmp_path / "none.srt") == []
    assert beside(str(tmp_path / "none" / "film.mp4")) == []


def test_captions_belong_to_the_film_of_their_name(tmp_path):
    for name in ("film.srt", "film.en.vtt", "film.de-forced.SRT", "film2.srt", "film.txt", "film.a.b.srt"):
        (tmp_path / name).touch()
    film = str(tmp_path / "film.mp4")
    found = beside(film)
    assert [path.name for path in found] == ["film.de-forced.SRT", "film.en.vtt", "film.srt"]
    assert [language_of(path, film) for path in found] == ["de", "en", None]
    assert language_of(Path("film.forced.srt"), film) is None


def test_marks_of_style_are_no_words():
    assert plain("{\\b1}a\\Nb\\h<font color=red>c</font>\n d") == "a b c d"
