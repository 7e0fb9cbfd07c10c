"""The pages of how hard Crossfind may work, and of what few people need."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from ui.language import mark, tr
from ui.settings.backend import About
from ui.settings.fields import Fields
from ui.settings.page import Page

DEVICES = (
    ("auto", mark("The best there is")),
    ("cpu", mark("Processor")),
    ("cuda", mark("Graphics card (CUDA)")),
    ("mps", "Apple"),
)


class RunningPage(Page):
    """How hard a run may work, and where models run."""

    def __init__(self, fields: Fields) -> None:
        super().__init__(tr("Running"))
        self.heading(tr("While it reads your files"))
        self.note(tr("These count from the next run on."))
        self.row(fields.number("effort", 1, 100, " %"), text=tr("&Share of the time"))
        self.add(fields.check("on_power", tr("Wait while the computer is on battery")))
        self.add(fields.check("when_idle", tr("Wait while other programs are busy")))
        self.row(
            fields.number("workers", 0, 256, least_means=tr("as many as fit")), text=tr("&Readers at once")
        )
        self.heading(tr("Larger files are left out"))
        self.row(
            fields.number("max_megapixels", 1, 100_000, tr(" megapixels")), text=tr("&Pictures and films")
        )
        self.row(fields.number("max_text_mb", 1, 100_000, " MB"), text=tr("&Texts"))
        self.heading(tr("What takes longer, or more memory, is left out"))
        self.row(fields.number("time_limit", 1, 24 * 3600, " s"), text=tr("T&ime for a part"))
        self.row(fields.number("memory_limit", 100, 1 << 20, " MB"), text=tr("&Memory for a file"))
        self.note(tr("What was left out is tried again, from the next run on, where its limit was raised."))
        self.heading(tr("Where models run"))
        device = fields.choice("device", DEVICES, editable=True)
        device.setMinimumWidth(220)
        self.row(device, text=tr("&Device"))
        self.note(tr("With several graphics cards: cuda:0, cuda:1 …"))


class AdvancedPage(Page):
    """The resident search process, and where Crossfind keeps its own files."""

    def __init__(self, fields: Fields) -> None:
        super().__init__(tr("Advanced"))
        self._about = About("")
        self.heading(tr("Search process"))
        self.note(
            tr("Models stay loaded between queries in a process of its own, so that every query is quick.")
        )
        self.add(fields.check("service", tr("The command line uses it, too")))
        idle = fields.number("service_idle_s", 1, 7 * 24 * 3600, " s")
        self.row(idle, text=tr("&Leaves when idle for"))
        self.row(
            fields.number("page_memory_mb", 16, 1 << 16, " MB"), text=tr("&Memory for pages of documents")
        )
        self.note(tr("This counts from when the process starts next."))
        self.heading(tr("Crossfind's own files"))
        self.settings_file = self.note()
        self.logs = self.note()
        self.open_logs = QPushButton(tr("Open the folder of the logs"))
        self.row(self.open_logs)
        self.open_logs.clicked.connect(self._open_logs)

    def show_about(self, about: About) -> None:
        """Say where the files are."""
        self._about = about
        self.settings_file.setText(tr("Settings: {settings_file}", settings_file=about.settings_file))
        self.logs.setText(tr("Logs: {log_folder}", log_folder=about.log_folder))
        self.open_logs.setEnabled(about.log_folder is not None)

    def _open_logs(self) -> None:
        if (folder := self._about.log_folder) is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
