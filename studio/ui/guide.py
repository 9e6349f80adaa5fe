"""The guide in a window of its own: the pages of `docs/`, which ship with the program."""

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QTextBrowser, QVBoxLayout, QWidget

from studio.settings import resources
from studio.ui.i18n import tr
from studio.ui.parts.controls import button, on_screen, row

_LINE_OF_CONTENTS = re.compile(r"^\d+\. \[(.+)\]\((.+)\)$", re.MULTILINE)
_MARGIN_PX = 24
_PICTURE_PX = 620


class GuideSheet(QDialog):
    """The pages on the side, the one that is read beside them; it may stay open beside the work."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Guide"))
        self.resize(on_screen(self, 1080, 740))
        titles, self._files = zip(*contents(), strict=True)
        self.pages = QListWidget()
        self.pages.setAccessibleName(tr("Pages of the guide"))
        self.pages.setFixedWidth(320)
        self.page = GuidePage()
        self.pages.currentRowChanged.connect(self._on_row)
        self.page.sourceChanged.connect(self._on_source)
        middle = QHBoxLayout()
        middle.addWidget(self.pages)
        middle.addWidget(self.page, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(middle, 1)
        layout.addWidget(row(None, button(tr("Close"), self.close, kind="primary")))
        # The lines are as high as the theme wants them only once it dressed the list.
        self.pages.ensurePolished()
        self.pages.addItems(titles)
        self.pages.setCurrentRow(0)

    @Slot(int)
    def _on_row(self, place: int) -> None:
        if place >= 0:
            self.page.setSource(QUrl.fromLocalFile(str(_folder() / self._files[place])))

    @Slot(QUrl)
    def _on_source(self, source: QUrl) -> None:
        """Follow a link in the list of pages too."""
        path = Path(source.toLocalFile())
        named = [place for place, file in enumerate(self._files) if _folder() / file == path]
        blocked = self.pages.blockSignals(True)
        self.pages.setCurrentRow(named[0] if named else -1)
        self.pages.blockSignals(blocked)


class GuidePage(QTextBrowser):
    """One page. The guide is written in English: it reads from left to right in every language."""

    def __init__(self) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setOpenExternalLinks(True)
        self.document().setDocumentMargin(_MARGIN_PX)

    def loadResource(self, type: int, name: QUrl | str) -> object:
        """Pictures as wide as the page."""
        found = super().loadResource(type, name)
        if type == QTextDocument.ResourceType.ImageResource.value and found:
            picture = QImage.fromData(found)
            return picture.scaledToWidth(_PICTURE_PX, Qt.TransformationMode.SmoothTransformation)
        return found


def contents() -> list[tuple[str, str]]:
    """The pages of the guide in their order: title, and file below `docs/`."""
    return _LINE_OF_CONTENTS.findall((_folder() / "index.md").read_text(encoding="utf-8"))


def _folder() -> Path:
    return resources().parent / "docs"
