"""The guide in the Help menu: every page is there."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QUrl
from PySide6.QtTest import QTest

from studio.ui.guide import GuideSheet, contents


def test_f1_shows_the_guide_and_every_page_of_it_can_be_read(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(GuideSheet)
    assert sheet.isVisible()
    titles = [title for title, _ in contents()]
    assert titles[0] == "Your first shoot"
    for place, title in enumerate(titles):
        sheet.pages.setCurrentRow(place)
        assert len(sheet.page.toPlainText()) > 200, title
    sheet.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChild(GuideSheet) is None


def test_a_link_of_the_guide_is_followed_in_the_list_of_its_pages(window):
    sheet = GuideSheet(window)
    sheet.page.setSource(sheet.page.source().resolved(QUrl("review.md")))
    assert sheet.pages.currentItem().text() == "Review"
    sheet.close()
