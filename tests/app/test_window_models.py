"""Models got by the real window from a hub that breaks off, lies, and comes back; and a disk that is full."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.config import Config
from app.models.offers import offers
from app.window.backend import ServiceBackend
from tests.app.models.hub import Hub, running, sha256
from ui.main_window import MainWindow
from ui.settings.getting import ModelGetter
from ui.settings.models_page import ModelsPage

WEIGHTS = "yamnet.onnx"
CHUNK = 10 * 1024 * 1024
"""What huggingface_hub writes at a time."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub for processes that are started from here, which has one small model."""
    with running() as state:
        monkeypatch.setenv("HF_ENDPOINT", state.address)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        state.repository = "audiomagic/yamnet-onnx"
        state.files = {WEIGHTS: bytes(range(250)) * 100_000, "yamnet_class_map.csv": b"index,mid,name\n"}
        yield state


@dataclass
class Opened:
    """The page of models of a window, with yamnet selected."""

    qtbot: QtBot
    window: MainWindow
    page: ModelsPage
    getter: ModelGetter

    def until(self, button: str, there: str = "") -> None:
        """Wait until the list says how much of the model is there, and the button what it would do."""
        self.qtbot.waitUntil(lambda: self._told() == (there, button), timeout=60_000)

    def get(self) -> tuple[str, str]:
        """Press the button; return how it ended and what was said of it."""
        with self.qtbot.waitSignal(self.getter.ended, timeout=120_000) as ended:
            self.page.get_button.click()
        id_, how, message = ended.args or ()
        assert id_ == "yamnet"
        assert message in self.page.news.text()
        return how, message

    def _told(self) -> tuple[str, str]:
        item, button = self.page.tree.currentItem(), self.page.get_button
        there = item.text(1) if item else ""
        return there if there.endswith(" there") else "", button.text() if button.isEnabled() else ""


@pytest.fixture
def opened(qtbot: QtBot, home: Path, hub: Hub) -> Iterator[Opened]:
    backend = ServiceBackend(Config(library=str(home / "library")))
    window = MainWindow(backend)
    qtbot.addWidget(window)
    window.show()
    window.actions_.models.trigger()
    settings = window.around.settings
    assert settings.dialog is not None
    page = settings.dialog.models
    qtbot.waitUntil(lambda: page.tree.topLevelItemCount() > 0, timeout=60_000)
    page._select("yamnet")
    yield Opened(qtbot, window, page, settings.getter)
    window.close()
    backend._client().close()


def test_a_download_goes_on_where_it_was_stopped_cut_or_refused(
    opened: Opened, hub: Hub, qtbot: QtBot, home: Path
) -> None:
    hub.drop_after, hub.holds = [CHUNK + 1_000_000], threading.Event()
    opened.until("Get it (16 MB)")
    opened.page.get_button.click()
    qtbot.waitUntil(lambda: opened.getter.done_bytes >= CHUNK, timeout=60_000)
    assert opened.page.bar.isVisible()
    with qtbot.waitSignal(opened.getter.ended, timeout=60_000) as ended:
        opened.page.stop_button.click()
    assert ended.args == ["yamnet", "stopped", "Stopped. What is there is kept; it goes on from here."]
    hub.holds.set()
    hub.holds = None
    opened.until("Go on (6 MB more)", "10 MB there")

    hub.drop_after, hub.goes_with_a_drop = [CHUNK + 1_000_000], True
    how, message = opened.get()
    assert how == "failed"
    assert message.startswith(f"{WEIGHTS} could not be fetched: the connection failed or broke")
    assert message.endswith("Try again; it goes on where it stopped.")
    opened.until("Go on (0 kB more)", "21 MB there")

    how, message = opened.get()  # nobody answers at all
    assert (how, "the connection failed or broke" in message) == ("failed", True)
    opened.until("Go on (0 kB more)", "21 MB there")

    hub.gone = False
    assert opened.get() == ("done", "")
    assert opened.page.news.text().startswith("yamnet is there.")
    starts = [asked for asked in hub.ranges(WEIGHTS) if asked]
    assert f"bytes={CHUNK}-" in starts
    assert starts[-1] == f"bytes={2 * CHUNK}-"
    assert (home / "models" / "yamnet" / WEIGHTS).read_bytes() == hub.files[WEIGHTS]
    (offer,) = [one for one in offers(Config()) if one.id == "yamnet"]
    assert (offer.state, offer.begun) == ("ready", 0)


def test_other_bytes_than_announced_are_refused_and_the_right_ones_taken_later(
    opened: Opened, hub: Hub
) -> None:
    hub.served[WEIGHTS] = bytes(len(hub.files[WEIGHTS]))
    how, message = opened.get()
    assert how == "failed"
    assert "has a wrong size or hash; it was removed. Try again later" in message
    opened.until("Get it (16 MB)")
    hub.served.clear()
    assert opened.get()[0] == "done"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_said_also_where_the_settings_are_closed(
    opened: Opened, hub: Hub, home: Path, qtbot: QtBot
) -> None:
    folder = home / "models" / ".incoming" / "yamnet"
    folder.mkdir(parents=True)
    full = folder / f"{WEIGHTS}.{sha256(hub.files[WEIGHTS])[:12]}.part"
    full.symlink_to("/dev/full")
    dialog = opened.window.around.settings.dialog
    assert dialog is not None
    opened.until("Get it (16 MB)")
    opened.page.get_button.click()
    dialog.close()
    first_page = opened.window.view.first_run
    qtbot.waitUntil(lambda: "is full. Make room and try again." in first_page.news.text(), timeout=120_000)
    full.unlink()
    opened.until("Get it (16 MB)")
    assert opened.get()[0] == "done"
