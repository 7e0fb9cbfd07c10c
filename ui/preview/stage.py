"""Where a hit is seen: its picture, page or film, drawn in jobs."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QImage, QPalette, QPixmap
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from search.errors import MediaError
from search.pieces import Inside
from search.records import Box, Hit, Locator, Page, Region, TimeSpan
from search.spots import picture_in, spot_of
from search.units import unit_of
from ui.backend import Backend
from ui.jobs import Jobs
from ui.language import mark, tr
from ui.preview.film import Film
from ui.preview.frame_view import FrameView
from ui.preview.marks import marks
from ui.preview.page_bar import PageBar
from ui.preview.picture_view import PictureView
from ui.preview.sources import Drawn, MomentSource, Source, source_of
from ui.preview.text_view import TextView
from ui.remedies import told
from ui.thumbnails import Thumbnails
from ui.wording import file_name, page_number

CHANNEL = "preview"
AWAY = mark("Its drive is not connected.")
GONE = mark("The file is not there any more. Update its folder.")


class Stage(QWidget):
    """Shows one hit: its thumbnail at once, the full picture when it is decoded, a film when it is opened.

    Emits `remark(str)` and `page_turned(Hit)`.
    """

    remark = Signal(str)
    page_turned = Signal(object)

    def __init__(
        self, backend: Backend, jobs: Jobs, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._thumbnails = backend, jobs, thumbnails
        self._hit: Hit | None = None
        self._source: Source | None = None
        self._words: tuple[str, ...] = ()
        self._inside = Inside()
        self._found_words: tuple[Box, ...] = ()
        self._full = False
        self.picture, self.frames = PictureView(), FrameView()
        self.film, self.pages, self.text = Film(), PageBar(), TextView()
        self.views = QStackedWidget()
        self.views.addWidget(self.picture)
        self.views.addWidget(self.frames)
        self.views.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.views, 1)
        column.addWidget(self.pages)
        column.addWidget(self.film)
        self._connect()

    def show_hit(self, hit: Hit | None, words: Sequence[str] = ()) -> None:
        """Show a hit with these words of the query pointed out, or that nothing is selected."""
        self._hit, self._words, self._full = hit, tuple(words), False
        self._inside, self._found_words, self._source = Inside(), (), None
        self._jobs.cancel(CHANNEL)
        self.picture.draw_region(False)
        self.picture.fit()
        self.frames.clear()
        self.views.setCurrentWidget(self.picture)
        is_film = hit is not None and hit.content.kind in ("video", "audio")
        self.film.setVisible(is_film)
        self.film.show_hit(hit if is_film else None)
        self.pages.setVisible(hit is not None and (hit.content.pages or 1) > 1)
        if hit is None:
            self.picture.show_marks(())
            self.picture.show_message(tr("Select a result to see it here"))
            return
        self.picture.setAccessibleName(tr("Preview of {name}", name=file_name(hit)))
        self.picture.show_marks(marks(hit, ()))
        self.pages.show_page(
            page_number(hit.locator), hit.content.pages or 1, unit_of(hit.content.media_type)
        )
        self._show_thumbnail(hit)
        if _is_read(hit):
            self._read(hit)
        elif hit.file.present:
            self._draw(source_of(self._backend, hit, None, self._words))
        else:
            self.remark.emit(tr(AWAY))

    def show_inside(self, found: Inside) -> None:
        """Show what is in it."""
        self._inside = found
        self.film.show_inside(found)
        self._mark()
        self._show_strip()

    def go_to(self, locator: Locator) -> None:
        """Show a place of the file: its page, its second, its box."""
        if self._hit is None:
            return
        spot = spot_of(locator)
        if isinstance(spot, TimeSpan) and self.film.is_open:
            self.film.seek(spot.start_s)
        elif isinstance(spot, Page) and _picture(locator) != _picture(self._hit.locator):
            self.turn_to(spot.number, locator)
        if isinstance(locator, Region):
            self._point_at(locator)

    def turn_to(self, page: int, locator: Locator | None = None) -> None:
        """Show another page of the document."""
        if self._hit is None:
            return
        self._hit = replace(self._hit, locator=locator or Page(page))
        self._full, self._found_words, self._inside = False, (), Inside()
        self.pages.show_page(page, self._hit.content.pages or 1, unit_of(self._hit.content.media_type))
        self.picture.show_marks(marks(self._hit, ()))
        if _is_read(self._hit):
            self._read(self._hit)
        else:
            self.views.setCurrentWidget(self.picture)
            self._draw(source_of(self._backend, self._hit, page, self._words))
        self.page_turned.emit(self._hit)

    @property
    def hit(self) -> Hit | None:
        """What is shown, at the page that is shown."""
        return self._hit

    def retint(self, palette: QPalette) -> None:
        """Follow a change of palette."""
        self.film.transport.retint(palette)
        self.pages.retint(palette)

    def _connect(self) -> None:
        self._thumbnails.loaded.connect(self._thumbnail_arrived)
        self.picture.part_wanted.connect(self._draw_part)
        self.pages.page_wanted.connect(self.turn_to)
        self.film.frame_came.connect(self._show_frame)
        self.film.moment_wanted.connect(self._show_moment)
        self.film.remark.connect(self.remark)
        self.film.unable.connect(self._cannot_play)

    def _read(self, hit: Hit) -> None:
        """Show the words that the library keeps of a document; its drive need not be there."""
        path, page, words = Path(hit.file.path), page_number(hit.locator), self._words

        def show(text: str) -> None:
            self.text.show_text(text, words, hit.text or "")
            self.views.setCurrentWidget(self.text)

        self._jobs.submit(CHANNEL, lambda: self._backend.document_text(path, page), show, self._not_shown)

    def _draw(self, source: Source | None) -> None:
        self._source = source
        if source is None:
            self._jobs.cancel(CHANNEL)
            self._show_whole(Drawn(QImage(), QSize()))
        else:
            self._jobs.submit(CHANNEL, lambda: _drawn(source), self._show_whole, self._not_shown)

    @Slot(tuple, QSize)
    def _draw_part(self, part: Box, within: QSize) -> None:
        source = self._source
        if source is not None and self._full and not self._jobs.busy(CHANNEL):
            self._jobs.submit(
                CHANNEL,
                lambda: source.part(part, within),
                lambda image: self.picture.show_part(part, QPixmap.fromImage(image)),
                self._not_shown,
            )

    def _show_whole(self, drawn: Drawn) -> None:
        if self._hit is None:
            return
        if not drawn.image.isNull():
            self._full = True
            self._found_words = drawn.words
            self.picture.show_pixmap(QPixmap.fromImage(drawn.image), size=drawn.size)
            if drawn.pages:
                self.pages.show_page(page_number(self._hit.locator), drawn.pages)
                self.pages.setVisible(drawn.pages > 1)
            self._mark()
        elif self._hit.thumbnail is not None:
            if not self.film.is_open:
                self.remark.emit(tr("Shown from its thumbnail."))
        elif not self.film.is_open:
            self.picture.show_message(tr("There is no preview of this file"))

    def _not_shown(self, error: BaseException) -> None:
        self.remark.emit(told(error, tr("The preview failed.")))
        if self.picture.pixmap.isNull():
            self.picture.show_message(tr("There is no preview of this file"))

    def _mark(self) -> None:
        if self._hit is not None:
            self.picture.show_marks(marks(self._hit, self._inside.pieces, self._found_words))

    def _point_at(self, region: Region) -> None:
        """Frame a place that was asked for, whatever else is framed."""
        if self._hit is not None:
            self.picture.show_marks(marks(replace(self._hit, locator=region), self._inside.pieces))

    def _show_thumbnail(self, hit: Hit) -> None:
        pixmap = self._thumbnails.get(hit.thumbnail) if hit.thumbnail else None
        if pixmap is None or pixmap.isNull():
            self.picture.show_message(tr("Press play to listen") if hit.content.kind == "audio" else "")
        else:
            self.picture.show_pixmap(pixmap, enlarge=True)

    @Slot(object)
    def _thumbnail_arrived(self, path: Path) -> None:
        if self._hit is not None and self._hit.thumbnail == path and not self._full:
            self._show_thumbnail(self._hit)
        elif path == self._inside.storyboard:
            self._show_strip()

    def _show_frame(self, frame: object) -> None:
        self.frames.show_frame(frame)
        if self.views.currentWidget() is not self.frames and frame.isValid():  # type: ignore[attr-defined]
            self.views.setCurrentWidget(self.frames)

    @Slot(float)
    def _show_moment(self, second: float) -> None:
        """Draw a still picture where the film cannot be played."""
        hit = self._hit
        if hit is not None and hit.file.present and hit.content.kind == "video":
            self._draw(MomentSource(self._backend, Path(hit.file.path), TimeSpan(second, second)))

    @Slot(str)
    def _cannot_play(self, why: str) -> None:
        self.remark.emit(why)
        self.views.setCurrentWidget(self.picture)
        if self.picture.pixmap.isNull():
            self.picture.show_message(tr("It cannot be played here"))
        self._show_strip()

    def _show_strip(self) -> None:
        """Show the film at a glance along its timeline, and large where it is all there is to see."""
        storyboard = self._inside.storyboard
        pixmap = self._thumbnails.get(storyboard) if storyboard is not None and self.film.is_open else None
        if pixmap is None or pixmap.isNull():
            return
        self.film.lanes.show_strip(pixmap)
        if self.film.is_broken and not self._full:
            self.picture.show_marks(())
            self.picture.show_pixmap(pixmap, enlarge=True)


def _is_read(hit: Hit) -> bool:
    """Whether the words of a hit's place are shown: of a document that is no PDF, but for its pictures."""
    return hit.content.kind == "document" and picture_in(hit.locator) is None


def _picture(locator: Locator) -> tuple[int, int | None]:
    """Which page a place is on, and in which picture there."""
    return page_number(locator), picture_in(locator)


def _drawn(source: Source) -> Drawn:
    """Draw it, or say that it was deleted or moved since. Raises `CrossfindError`."""
    try:
        return source.whole()
    except MediaError as error:
        if source.path.exists():
            raise
        raise MediaError(tr(GONE)) from error
