"""Whole runs over real files into a real library."""

import os
import shutil
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexers.base import Limits
from indexers.channel import Channel
from indexers.flow import Work
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import IndexOptions, index
from indexers.workers import Worker
from search.errors import LibraryBusyError, LibraryError
from search.records import Failed, Indexed, Moved, Page, Removed, Skipped, Unchanged, Whole
from search.store import Library, Words, people


def kinds(outcomes: list[Any]) -> dict[str, int]:
    return dict(Counter(type(outcome).__name__ for outcome in outcomes))


def test_pictures_and_pdfs_are_found_again(folder, save_picture, save_pdf, run_index, library):
    cat = save_picture(folder / "cat.png", 1)
    save_picture(folder / "sub" / "dog.jpg", 2)
    pdf = save_pdf(folder / "report.pdf", "quarterly revenue", "a second page")
    outcomes = run_index(folder)
    assert kinds(outcomes) == {"Indexed": 3}
    assert {o.path: o.segments for o in outcomes}[str(pdf)] == 6  # two pages in text, scene and phash
    (word,) = library.find_words("text", Words("revenue"), 5)
    assert word.segment.locator == Page(1)
    digest = library.known_files(str(folder))[str(cat)].digest
    vector = library.vectors("phash", [f"{digest}:phash:0"])[0]
    best = library.nearest("phash", vector, 1)[0]
    assert best.segment.digest == digest
    assert best.segment.locator == Whole()
    assert library.thumbnail(digest, Whole()) is not None
    assert library.contents([digest])[digest].width == 96


def test_a_second_run_touches_nothing(folder, save_picture, save_pdf, run_index):
    for number in range(5):
        save_picture(folder / f"{number}.png", number)
    save_pdf(folder / "a.pdf", "words")
    run_index(folder)
    encoded = run_index.scene.encoded
    assert kinds(run_index(folder)) == {"Unchanged": 6}
    assert run_index.scene.encoded == encoded


class TestWhatTheLastRunKept:
    """Nothing that was not changed is asked of the tables again."""

    @pytest.fixture
    def asked(self, monkeypatch):
        """How often the marks were read."""
        asked, read = [], Library.marked
        monkeypatch.setattr(Library, "marked", lambda *given: (asked.append(1), read(*given))[1])
        return asked

    def test_is_enough_when_nothing_changed(self, folder, save_picture, run_index, asked):
        save_picture(folder / "a.png", 1)
        (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
        first = run_index(folder)
        asked.clear()
        again = run_index(folder)
        assert not asked
        assert kinds(first) == {"Indexed": 1, "Failed": 1}
        assert kinds(again) == {"Unchanged": 1, "Failed": 1}
        assert [o for o in again if isinstance(o, Failed)] == [o for o in first if isinstance(o, Failed)]
        assert kinds(run_index(folder, retry=True)) == {"Unchanged": 1, "Failed": 1}
        assert asked

    def test_holds_within_the_same_limits(self, folder, save_picture, run_index, asked):
        save_picture(folder / "a.png", 1)
        limits = Limits(seconds=90)
        run_index(folder, limits=limits)
        asked.clear()
        run_index(folder, limits=limits)
        assert not asked
        run_index(folder)
        assert asked

    def test_serves_one_folder_of_several(self, folder, save_picture, run_index, asked):
        for name in ("a/1.png", "b/2.png", "b/3.png"):
            save_picture(folder / name, int(name[2]))
        run_index(folder)
        asked.clear()
        assert kinds(run_index(folder / "b")) == {"Unchanged": 2}
        assert not asked

    def test_does_not_hide_what_is_new(self, folder, save_picture, run_index):
        save_picture(folder / "a.png", 1)
        run_index(folder)
        save_picture(folder / "b.png", 2)
        assert kinds(run_index(folder)) == {"Unchanged": 1, "Indexed": 1}
        assert kinds(run_index(folder)) == {"Unchanged": 2}

    def test_is_not_believed_once_the_library_changed(self, folder, save_picture, run_index, library):
        path = save_picture(folder / "a.png", 1)
        run_index(folder)
        with library.writer() as writer:
            writer.drop_space("scene")
        encoded = run_index.scene.encoded
        run_index(folder)
        assert run_index.scene.encoded == encoded + 1
        with library.writer() as writer:
            writer.forget(str(path))
        assert kinds(run_index(folder)) == {"Indexed": 1}

    @pytest.mark.parametrize("left", [b"", b"nonsense", None])
    def test_can_be_lost(self, folder, save_picture, run_index, library, left):
        save_picture(folder / "a.png", 1)
        run_index(folder)
        kept = library.folder / "settled.arrow"
        kept.unlink() if left is None else kept.write_bytes(left)
        assert kinds(run_index(folder)) == {"Unchanged": 1}
        assert kept.stat().st_size > 100


def test_a_changed_file_is_indexed_again(folder, save_picture, run_index, library):
    path = save_picture(folder / "a.png", 1)
    run_index(folder)
    before = library.known_files(str(folder))[str(path)].digest
    save_picture(path, 2)
    assert kinds(run_index(folder)) == {"Indexed": 1}
    assert library.known_files(str(folder))[str(path)].digest != before


def test_a_touched_file_is_unchanged(folder, save_picture, run_index, library):
    path = save_picture(folder / "a.png", 1)
    run_index(folder)
    os.utime(path, ns=(1, 1_000_000_000))
    assert run_index(folder) == [Unchanged(str(path))]
    assert library.known_files(str(folder))[str(path)].mtime_ns == 1_000_000_000
    assert run_index.scene.encoded == 1


class TestWithoutEncoding:
    """Everything hangs on the digest: these encode nothing new."""

    @pytest.fixture(autouse=True)
    def indexed(self, folder, save_picture, save_pdf, run_index):
        save_picture(folder / "a" / "one.png", 1)
        save_picture(folder / "a" / "two.png", 2)
        save_pdf(folder / "a" / "three.pdf", "three")
        run_index(folder)
        self.encoded = run_index.scene.encoded
        yield
        assert run_index.scene.encoded == self.encoded

    def test_a_moved_file(self, folder, run_index, library):
        (folder / "a" / "one.png").rename(folder / "elsewhere.png")
        outcomes = run_index(folder)
        assert Moved(str(folder / "elsewhere.png"), str(folder / "a" / "one.png")) in outcomes
        assert kinds(outcomes) == {"Moved": 1, "Unchanged": 2}
        assert str(folder / "a" / "one.png") not in library.known_files(str(folder))

    def test_a_renamed_folder(self, folder, run_index, library):
        (folder / "a").rename(folder / "b")
        assert kinds(run_index(folder)) == {"Moved": 3}
        assert all("/b/" in Path(path).as_posix() for path in library.known_files(str(folder)))

    def test_a_renamed_root(self, folder, run_index, library):
        other = folder.with_name("renamed")
        folder.rename(other)
        assert kinds(run_index(other)) == {"Moved": 3}
        assert len(library.known_files(str(other))) == 3
        assert not library.known_files(str(folder))

    def test_a_copy(self, folder, run_index):
        shutil.copy2(folder / "a" / "one.png", folder / "copy.png")
        shutil.copy2(folder / "a" / "three.pdf", folder / "copy.pdf")
        outcomes = run_index(folder)
        assert Indexed(str(folder / "copy.png"), 2) in outcomes
        assert Indexed(str(folder / "copy.pdf"), 3) in outcomes

    def test_a_drive_mounted_elsewhere(self, folder, run_index, library):
        shutil.copytree(folder, folder.with_name("mount"))
        shutil.rmtree(folder)
        folder.mkdir()  # the empty mount point stays
        assert kinds(run_index(folder.with_name("mount"))) == {"Moved": 3}
        assert not library.known_files(str(folder))

    def test_a_copy_of_a_file_on_a_drive_that_is_away_is_no_move(self, folder, run_index, library):
        shutil.copy2(folder / "a" / "one.png", folder.with_name("copy.png"))
        shutil.rmtree(folder)
        assert kinds(run_index(folder.with_name("copy.png"))) == {"Indexed": 1}
        assert len(library.known_files(str(folder))) == 3

    def test_a_file_moved_between_two_roots(self, folder, run_index, tmp_path):
        other = tmp_path / "other"
        other.mkdir()
        (folder / "a" / "two.png").rename(other / "two.png")
        outcomes = run_index(folder, other)
        assert Moved(str(other / "two.png"), str(folder / "a" / "two.png")) in outcomes
        assert "Removed" not in kinds(outcomes)


def test_the_same_bytes_at_two_paths_cost_one_encoding(folder, save_picture, run_index):
    save_picture(folder / "a.png", 1)
    for number in range(20):
        shutil.copy2(folder / "a.png", folder / f"copy{number}.png")
    assert kinds(run_index(folder)) == {"Indexed": 21}
    assert run_index.scene.encoded == 1


class TestPresence:
    def test_deleted_files_are_removed(self, folder, save_picture, run_index, library):
        gone = save_picture(folder / "a.png", 1)
        save_picture(folder / "b.png", 2)
        run_index(folder)
        gone.unlink()
        assert Removed(str(gone)) in run_index(folder)
        assert list(library.known_files(str(folder))) == [str(folder / "b.png")]

    @pytest.mark.parametrize("mount_point_stays", [True, False])
    def test_a_vanished_root_is_offline_and_comes_back(
        self, folder, save_picture, run_index, library, mount_point_stays
    ):
        path = save_picture(folder / "a.png", 1)
        run_index(folder)
        folder.rename(folder.with_name("away"))
        if mount_point_stays:
            folder.mkdir()
        (outcome,) = run_index(folder)
        assert isinstance(outcome, Skipped)
        assert "offline" in outcome.reason
        assert not library.known_files(str(folder))[str(path)].present
        if mount_point_stays:
            folder.rmdir()
        folder.with_name("away").rename(folder)
        assert run_index(folder) == [Unchanged(str(path))]
        assert library.known_files(str(folder))[str(path)].present

    def test_a_file_given_directly_that_was_deleted_is_removed(self, folder, save_picture, run_index):
        path = save_picture(folder / "a.png", 1)
        assert kinds(run_index(path)) == {"Indexed": 1}
        path.unlink()
        assert run_index(path) == [Removed(str(path))]

    def test_an_empty_root_without_files_is_nothing_to_tell(self, folder, run_index):
        assert run_index(folder) == []
        assert run_index(folder) == []

    def test_a_path_that_never_was(self, folder, run_index, library):
        assert run_index(folder / "nothing") == [
            Failed(str(folder / "nothing"), "There is no such file or folder.")
        ]
        assert library.roots == ()

    def test_files_in_a_folder_that_cannot_be_listed_are_kept(
        self, folder, save_picture, run_index, library, monkeypatch
    ):
        path = save_picture(folder / "locked" / "a.png", 1)
        save_picture(folder / "b.png", 2)
        run_index(folder)
        scandir = os.scandir

        def refuse(folder):
            if Path(folder) == path.parent:
                raise PermissionError(13, "Permission denied")
            return scandir(folder)

        monkeypatch.setattr(os, "scandir", refuse)
        assert run_index(folder) == [
            Unchanged(str(folder / "b.png")),
            Failed(str(path.parent), "The folder cannot be listed: Permission denied."),
        ]
        assert str(path) in library.known_files(str(folder))


class TestRoots:
    def test_a_folder_inside_a_root_is_a_part_of_it(self, folder, save_picture, run_index, library):
        save_picture(folder / "a.png", 1)
        inner = save_picture(folder / "sub" / "b.png", 2)
        run_index(folder)
        assert run_index(folder / "sub") == [Unchanged(str(inner))]
        assert [root.path for root in library.roots] == [str(folder)]
        inner.unlink()
        assert run_index(folder / "sub") == [Removed(str(inner))]
        assert list(library.known_files(str(folder))) == [str(folder / "a.png")]

    def test_a_root_inside_a_new_root_keeps_its_files(self, folder, save_picture, run_index):
        save_picture(folder / "a.png", 1)
        save_picture(folder / "sub" / "b.png", 2)
        run_index(folder / "sub")
        assert kinds(run_index(folder)) == {"Indexed": 1, "Unchanged": 1}
        assert kinds(run_index(folder, folder / "sub", folder)) == {"Unchanged": 2}
        assert run_index.scene.encoded == 2

    def test_patterns_are_remembered(self, folder, save_picture, run_index):
        save_picture(folder / "a.png", 1)
        save_picture(folder / "raw" / "b.png", 2)
        assert kinds(run_index(folder, exclude=("raw/",))) == {"Indexed": 1}
        assert kinds(run_index(folder)) == {"Unchanged": 1}

    def test_a_file_that_is_now_excluded_is_removed(self, folder, save_picture, run_index):
        save_picture(folder / "a.png", 1)
        run_index(folder)
        assert kinds(run_index(folder, exclude=("*.png",))) == {"Removed": 1}

    def test_the_library_itself_is_not_indexed(self, tmp_path, folder, save_picture, run_index):
        save_picture(folder / "a.png", 1)
        assert kinds(run_index(tmp_path)) == {"Indexed": 1}
        assert kinds(run_index(tmp_path)) == {"Unchanged": 1}

    def test_only_some_indexers(self, folder, save_picture, save_pdf, run_index):
        save_picture(folder / "a.png", 1)
        save_pdf(folder / "b.pdf", "words")
        assert [o.path for o in run_index(folder, only=frozenset(("pictures",)))] == [str(folder / "a.png")]
        assert kinds(run_index(folder, only=frozenset(("pdf",)))) == {"Indexed": 1, "Unchanged": 1}


class TestTrouble:
    def test_each_bad_file_costs_only_itself_and_is_remembered(self, folder, save_picture, run_index):
        save_picture(folder / "good.png", 1)
        (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
        (folder / "page.jpg").write_text("<!DOCTYPE html><html><body>404</body></html>")
        (folder / "empty.jpg").touch()
        first = run_index(folder)
        assert kinds(first) == {"Failed": 1, "Indexed": 1, "Skipped": 2}
        reasons = {Path(o.path).name: o.reason for o in first if not isinstance(o, Indexed)}
        assert reasons["page.jpg"] == "The file is a web page (HTML), not a picture (JPEG) as its name says."
        assert reasons["empty.jpg"] == "The file is empty."
        again = run_index(folder)
        assert kinds(again) == {"Failed": 1, "Skipped": 2, "Unchanged": 1}
        assert {Path(o.path).name: o.reason for o in again if not isinstance(o, Unchanged)} == reasons

    def test_a_mislabelled_picture_works(self, folder, save_picture, run_index, library):
        path = save_picture(folder / "really a jpeg.png", 1, format="JPEG")
        assert run_index(folder) == [Indexed(str(path), 2)]
        digest = library.known_files(str(folder))[str(path)].digest
        assert library.contents([digest])[digest].media_type == "image/jpeg"

    def test_a_password_given_later_is_tried(self, folder, save_pdf, run_index):
        import pymupdf

        save_pdf(folder / "a.pdf", "secret", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="open")
        (first,) = run_index(folder)
        assert isinstance(first, Skipped)
        assert "--password" in first.reason
        (second,) = run_index(folder, passwords=("wrong",))
        assert isinstance(second, Skipped)
        assert kinds(run_index(folder, passwords=("wrong", "open"))) == {"Indexed": 1}
        assert kinds(run_index(folder)) == {"Unchanged": 1}

    def test_a_limit_that_is_raised_lets_a_picture_in(self, folder, save_picture, run_index):
        save_picture(folder / "a.png", 1, (1000, 1000))
        (first,) = run_index(folder, limits=Limits(megapixels=0.5))
        assert isinstance(first, Skipped)
        assert "--max-megapixels" in first.reason
        assert kinds(run_index(folder, limits=Limits(megapixels=0.5))) == {"Skipped": 1}
        assert kinds(run_index(folder, limits=Limits(megapixels=0.4))) == {"Skipped": 1}
        assert kinds(run_index(folder)) == {"Indexed": 1}

    def test_an_unreadable_file_is_tried_again(self, folder, save_picture, run_index, monkeypatch):
        path = save_picture(folder / "a.png", 1)

        def refuse(*_):
            raise PermissionError(13, "Permission denied")

        with monkeypatch.context() as patch:
            patch.setattr("indexers.digest.open", refuse, raising=False)
            assert run_index(folder) == [Failed(str(path), "The file cannot be read: Permission denied.")]
        assert kinds(run_index(folder)) == {"Indexed": 1}

    def test_a_file_that_changes_while_it_is_read_is_tried_again(
        self, folder, save_picture, run_index, monkeypatch
    ):
        path = save_picture(folder / "a.png", 1)
        put = Channel.put

        def change_then_put(channel, item, weight=1):
            if isinstance(item, Work):  # the digest is taken, a worker is next
                save_picture(path, 2, (120, 80))
            put(channel, item, weight)

        with monkeypatch.context() as patch:
            patch.setattr(Channel, "put", change_then_put)
            (outcome,) = run_index(folder)
        assert outcome == Failed(str(path), "The file changed while it was being indexed; run again.")
        assert kinds(run_index(folder)) == {"Indexed": 1}

    def test_a_file_that_vanishes_meanwhile(self, folder, save_picture, run_index, monkeypatch, library):
        path = save_picture(folder / "a.png", 1)
        put = Channel.put

        def remove_then_put(channel, item, weight=1):
            if isinstance(item, Work):
                path.unlink(missing_ok=True)
            put(channel, item, weight)

        monkeypatch.setattr(Channel, "put", remove_then_put)
        assert run_index(folder) == [Failed(str(path), "The file vanished while it was being indexed.")]
        assert not library.known_files(str(folder))

    def test_a_file_that_fails_again_on_retry(self, folder, run_index):
        (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
        run_index(folder)
        assert kinds(run_index(folder, retry=True)) == {"Failed": 1}

    def test_what_nobody_reads_is_mentioned_once(self, folder, run_index):
        for name in ("a.mp4", "b.mov", "c.xyz"):
            (folder / name).write_bytes(b"\0" * 10)
        told = run_index(folder, modules=("indexers.pictures",))
        assert told == [Skipped(str(folder), "2 videos were left out: not indexed yet.")]

    def test_a_file_of_another_kind_given_directly(self, folder, run_index):
        path = folder / "drawing.svg"
        path.write_text("<svg/>")
        assert run_index(path) == [
            Skipped(str(path), "The file is an XML or SVG file; files of this kind are not indexed.")
        ]


class TestModels:
    def test_a_new_model_embeds_only_its_space(
        self, folder, save_picture, save_pdf, run_index, library, colours
    ):
        save_picture(folder / "a.png", 1)
        save_pdf(folder / "b.pdf", "words")
        run_index(folder)
        old, new = run_index.scene, colours("2")
        run_index.scene = new
        assert library.spaces()["scene"] == old.fingerprint
        assert kinds(run_index(folder)) == {"Indexed": 2}
        assert new.encoded == 2
        assert library.spaces()["scene"] == new.fingerprint
        assert kinds(run_index(folder)) == {"Unchanged": 2}

    def test_the_old_vectors_serve_until_the_new_ones_are_complete(
        self, folder, save_picture, run_index, library, colours
    ):
        for number in range(4):
            save_picture(folder / str(number) / "a.png", number)
        run_index(folder)
        old, run_index.scene = run_index.scene, colours("2")
        run_index(folder / "0", folder / "1")
        assert library.spaces()["scene"] == old.fingerprint
        assert len(library.sample("scene", 10)) == 4
        run_index(folder)
        assert library.spaces()["scene"] == run_index.scene.fingerprint

    def test_a_space_that_comes_later_is_filled(self, folder, save_picture, run_index, scene):
        save_picture(folder / "a.png", 1)
        assert run_index(folder, spaces=[PerceptualSpace()]) == [Indexed(str(folder / "a.png"), 1)]
        assert run_index(folder, spaces=[PerceptualSpace(), scene]) == [Indexed(str(folder / "a.png"), 1)]

    def test_a_model_that_fails_is_told_once_and_the_rest_goes_on(
        self, folder, save_picture, run_index, colours, library
    ):
        for number in range(20):
            save_picture(folder / f"{number}.png", number)
        run_index.scene = colours(fails=True)
        assert kinds(run_index(folder)) == {"Indexed": 20}
        assert [(m.space, m.remedy) for m in run_index.missing] == [("scene", "Get it again.")]
        assert len(library.sample("phash", 100)) == 20
        run_index.scene = colours()
        assert kinds(run_index(folder)) == {"Indexed": 20}
        assert run_index.scene.encoded == 20

    def test_one_piece_that_cannot_be_encoded_costs_only_its_file(
        self, folder, save_picture, run_index, colours
    ):
        class Picky(colours):
            def encode(self, items):
                if any(item.mean() > 250 for item in items):
                    raise RuntimeError("too bright")
                return super().encode(items)

        for number in range(9):
            save_picture(folder / f"{number}.png", number)
        from PIL import Image

        Image.new("RGB", (50, 50), "white").save(folder / "white.png")
        run_index.scene = Picky()
        outcomes = run_index(folder)
        assert kinds(outcomes) == {"Failed": 1, "Indexed": 9}
        assert next(o for o in outcomes if isinstance(o, Failed)).path.endswith("white.png")


@pytest.mark.parametrize(
    "name",
    ["quote'\".png", "emoji 🐝.png", "日本語 写真.png", "trailing .png", "a" * 180 + ".png", "%s {0}.png"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="not all of these names are possible there")
def test_odd_names(folder, save_picture, run_index, library, name):
    path = save_picture(folder / name, 1)
    assert run_index(folder) == [Indexed(str(path), 2)]
    assert run_index(folder) == [Unchanged(str(path))]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("name", [b"new\nline.png", b"latin1 \xe9\xff.png"])
def test_names_that_are_no_text(folder, save_picture, run_index, name):
    plain = save_picture(folder / "a.png", 1)
    odd = plain.rename(folder / os.fsdecode(name))
    assert run_index(folder) == [Indexed(str(odd), 2)]
    assert run_index(folder) == [Unchanged(str(odd))]
    odd.rename(plain)
    assert run_index(folder) == [Moved(str(plain), str(odd))]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_pdf_whose_name_is_no_text(folder, save_pdf, run_index):
    odd = save_pdf(folder / "a.pdf", "words").rename(folder / os.fsdecode(b"\xe9.pdf"))
    assert run_index(folder) == [Indexed(str(odd), 3)]


TOY = """
from indexers.base import Part, Piece
from search.records import Whole

class Toy:
    name, spaces, cost = "toy", frozenset(("toy",)), 5
    media_types = frozenset(("image/png",))

    def extract(self, job):
        return Part(None, [Piece("toy", Whole(), payload="a toy")])

INDEXER = Toy()
"""


def test_a_new_modality_is_one_module_and_the_cheap_ones_come_first(
    folder, save_picture, run_index, library, colours, tmp_path, monkeypatch
):
    (tmp_path / "toy_modality.py").write_text(TOY)
    monkeypatch.syspath_prepend(tmp_path)
    for number in range(3):
        save_picture(folder / f"{number}.png", number)
    order = []

    class Noted(colours):
        def __init__(self, name):
            super().__init__()
            self.name = name

        def encode(self, items):
            order.extend([self.name] * len(items))
            return super().encode(items)

    modules = (*IndexOptions().modules, "toy_modality")
    outcomes = run_index(folder, spaces=[Noted("toy"), Noted("scene")], modules=modules)
    assert outcomes == [Indexed(str(folder / f"{number}.png"), 2) for number in range(3)]
    assert order == ["scene"] * 3 + ["toy"] * 3
    of_words = {"text", "layout", "links", "subtitles", "facts", "regions"}
    assert set(library.spaces()) == of_words | {"scene", "toy"}
    assert kinds(run_index(folder, spaces=[Noted("toy"), Noted("scene")], modules=modules)) == {
        "Unchanged": 3
    }


LATER = """
import time
from pathlib import Path
from indexers.base import Part, Piece
from search.errors import MediaError
from search.records import Whole

class Later:
    media_types = frozenset(("image/png",))

    def __init__(self, name, cost, after):
        self.name, self.spaces, self.cost, self.after = name, frozenset((name,)), cost, after

    def extract(self, job):
        begun = Path(job.path).parent.parent
        if self.after and len(list(begun.glob(self.after + "-*"))) < 3:
            raise MediaError("It began too soon.")
        time.sleep(0.2)
        (begun / f"{self.name}-{Path(job.path).stem}").touch()
        return Part(None, [Piece(self.name, Whole(), payload="a toy")])

INDEXER = Later("KIND", COST, "AFTER")
"""


def test_the_dear_modalities_follow_one_another(
    folder, save_picture, run_index, colours, tmp_path, monkeypatch
):
    """One is read to its end before the next begins, so that not the models of both are needed."""
    for kind, cost, after in (("third", "7", "second"), ("second", "6", "first"), ("first", "6", "")):
        text = LATER.replace("KIND", kind).replace("COST", cost).replace("AFTER", after)
        (tmp_path / f"modality_{kind}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    for number in range(3):
        save_picture(folder / f"{number}.png", number)

    class Named(colours):
        def __init__(self, name):
            super().__init__()
            self.name = name

    names = ("first", "second", "third")
    modules = (*IndexOptions().modules, *(f"modality_{name}" for name in names))
    outcomes = run_index(folder, spaces=[Named(name) for name in names], modules=modules, workers=2)
    assert outcomes == [Indexed(str(folder / f"{number}.png"), 3) for number in range(3)]


WHO = """
import os, time
from pathlib import Path
from indexers.base import Part, Piece
from search.records import Whole

class Who:
    name, spaces, cost = "who", frozenset(("who",)), 6
    media_types = frozenset(("image/png",))

    def extract(self, job):
        time.sleep(0.3)
        (Path(job.path).parent.parent / f"by-{os.getpid()}").touch()
        return Part(None, [Piece("who", Whole(), payload="a toy")])

INDEXER = Who()
"""


@pytest.mark.parametrize(("pictures", "processes"), [(1, 1), (4, 2)])
def test_a_process_is_started_only_for_what_the_others_cannot_take(
    pictures, processes, folder, save_picture, run_index, colours, tmp_path, monkeypatch
):
    """Each takes a second to start; a single film would else wait for one anew with every modality."""
    (tmp_path / "modality_who.py").write_text(WHO)
    monkeypatch.syspath_prepend(tmp_path)
    for number in range(pictures):
        save_picture(folder / f"{number}.png", number)

    class Who(colours):
        name = "who"

    started = []
    monkeypatch.setattr(Worker, "_ready", _noting(Worker._ready, started))
    run_index(folder, spaces=[Who()], modules=("indexers.pictures", "modality_who"), workers=2)
    assert len(set(started)) == processes
    assert len(list(tmp_path.glob("by-*"))) == processes


def _noting(ready, started):
    def noting(worker):
        process, pipe = ready(worker)
        started.append(process.pid)
        return process, pipe

    return noting


def test_a_library_that_cannot_be_written_ends_the_run(folder, save_picture, run_index, monkeypatch):
    save_picture(folder / "a.png", 1)

    def refuse(*_):
        raise LibraryError("The disk is full.", "Make room.")

    with monkeypatch.context() as patch:
        patch.setattr("search.store.Writer.write", refuse)
        with pytest.raises(LibraryError, match="disk is full"):
            run_index(folder)
    assert kinds(run_index(folder)) == {"Indexed": 1}


def test_progress_ends_complete(folder, save_picture, run_index):
    for number in range(10):
        save_picture(folder / f"{number}.png", number)
    run_index(folder)
    last = run_index.progress[-1]
    assert (last.done, last.total) == (10, 10)


def test_cancel_is_prompt_and_keeps_what_is_complete(folder, save_picture, library, colours):
    class Slow(colours):
        def encode(self, items):
            time.sleep(0.2 * len(items))
            return super().encode(items)

    for number in range(150):
        save_picture(folder / f"{number:03}.png", number)
    cancelled = threading.Event()
    events = index([folder], library, [PerceptualSpace(), Slow()], IndexOptions(workers=1), cancelled)
    outcomes = []
    for event in events:
        outcomes.append(event)
        if isinstance(event, Indexed) and not cancelled.is_set():
            cancelled.set()
            since = time.monotonic()
    assert time.monotonic() - since < 10  # generous: one batch of at most four seconds may be under way
    done = [event.path for event in outcomes if isinstance(event, Indexed)]
    assert 0 < len(done) < 150
    assert set(done) <= set(library.known_files(str(folder)))
    rest = list(index([folder], library, [PerceptualSpace(), colours()], IndexOptions(), threading.Event()))
    assert sum(isinstance(event, Unchanged) for event in rest) == len(done)
    assert len(library.known_files(str(folder))) == 150


def test_a_run_that_is_not_read_to_its_end_stops(folder, save_picture, library, scene):
    for number in range(5):
        save_picture(folder / f"{number}.png", number)
    events = index([folder], library, [scene], IndexOptions(workers=1), threading.Event())
    next(events)
    events.close()
    with library.writer():  # the lock is free again
        pass


def test_a_second_writer_is_told(folder, save_picture, library, run_index):
    save_picture(folder / "a.png")
    with library.writer(), pytest.raises(LibraryBusyError):
        run_index(folder)


def test_people_can_be_edited_while_a_run_writes(folder, save_picture, library, scene):
    for number in range(12):
        save_picture(folder / f"{number}.png", number)
    events = index([folder], library, [scene], IndexOptions(workers=1), threading.Event())
    next(events)
    with Library.open(library.folder).writer(people.TABLES, 60) as other:
        other.write_people(people.PeopleBatch(names={1: "Ada"}))
    outcomes = [event for event in events if isinstance(event, Indexed)]
    assert len(outcomes) == 12
    assert people.names(library) == {1: "Ada"}
    assert len(library.known_files(str(folder))) == 12


def test_vectors_are_the_same_alone_and_among_many(
    folder, save_picture, run_index, library, tmp_path, colours
):
    for number in range(40):
        save_picture(folder / f"{number}.png", number)
    run_index(folder)
    alone = Library.create(tmp_path / "alone")
    run_index.library, run_index.scene = alone, colours()
    run_index(folder / "17.png")
    digest = alone.known_files(str(folder / "17.png"))[str(folder / "17.png")].digest
    for space in ("scene", "phash"):
        ids = [f"{digest}:{space}:0"]
        np.testing.assert_array_equal(library.vectors(space, ids), alone.vectors(space, ids))
    alone.close()


def test_a_long_pdf_goes_in_parts(folder, save_pdf, run_index, library):
    path = save_pdf(folder / "long.pdf", *(f"page number {n}" for n in range(1, 41)))
    (outcome,) = run_index(folder)
    assert outcome == Indexed(str(path), 120)
    (found,) = library.find_words("text", Words("number 33", "phrase"), 3)
    assert found.segment.locator == Page(33)
    digest = library.known_files(str(folder))[str(path)].digest
    assert [segment.locator for segment in library.segments("scene", digest)] == [
        Page(n) for n in range(1, 41)
    ]
