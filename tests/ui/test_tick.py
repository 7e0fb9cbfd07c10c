from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.settings.looks import dark_palette, light_palette
from ui.tick import Tick


def contrast(tick: Tick) -> int:
    """How far the box stands out from the window, in steps of grey."""
    picture = tick.grab().toImage()
    window = tick.palette().color(QPalette.ColorRole.Window).lightness()
    across = (
        picture.pixelColor(x, picture.height() // 2).lightness() for x in range(min(20, picture.width()))
    )
    return max(abs(light - window) for light in across)


def test_the_box_can_be_seen_on_any_ground(qtbot: QtBot) -> None:
    for palette in (dark_palette(), light_palette()):
        ground = QWidget()
        ground.setPalette(palette)
        tick = Tick("", ground)
        tick.setPalette(palette)
        qtbot.addWidget(ground)
        ground.show()
        tick.resize(tick.sizeHint())
        assert contrast(tick) > 40
