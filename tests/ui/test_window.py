import threading
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QDate, QEvent, QMimeData, QObject, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage, QPainter, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QWidget,
)

from studio.errors import OutputError, StoreError
from studio.jobs import db
from studio.model import Failure, JobChanged, JobStatus, Notice, Progress
from studio.ui import theme
from studio.ui.canvas.scene import Compare
from studio.ui.dialogs import AboutSheet
from studio.ui.guide import GuideSheet
from studio.ui.parts.account_rule import RuleSheet
from studio.ui.parts.controls import ElidedLabel
from studio.ui.parts.export_sheet import ExportSheet


def words_in(widget: QWidget) -> str:
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_an_empty_window_says_what_to_do(window):
    assert "Drop a folder of photographs here" in words_in(window.shoot.browser)
    assert "Nothing in the queue" in words_in(window.shoot.queue)
    assert not window.shoot.start_bar.start.isEnabled()
    assert "Beside each shoot" in words_in(window.shoot.inspector)


def test_a_folder_without_photographs_says_so(qtbot, window, tmp_path):
    (tmp_path / "empty").mkdir()
    window.open(tmp_path / "empty")
    qtbot.waitUntil(lambda: "This folder holds no photographs" in words_in(window.shoot.browser), timeout=5000)


def test_a_new_window_and_the_guide_have_room_on_the_screen(window):
    screen = window.screen().availableGeometry()
    window._restore()
    assert window.height() < screen.height() < 900
    assert GuideSheet(window).width() < screen.width() < 1080


def test_on_a_low_screen_start_and_the_buttons_of_every_sheet_are_in_sight(qtbot, desktop, shoot, monkeypatch):
    low = QRect(0, 0, 911, 512)  # 1366 x 768 at 150 %
    monkeypatch.setattr(QScreen, "availableGeometry", lambda screen: low)
    desktop.rebuild()
    window = desktop.window
    window.desk.open_folder(shoot)
    qtbot.waitUntil(lambda: window.desk.folder == shoot, timeout=5000)
    window.resize(window.minimumSize())
    window.show_pairs()
    window.show_about()
    window.show_shortcuts()
    sheets = [sheet for sheet in window.findChildren(QDialog) if sheet.isVisible()]
    assert len(sheets) == 3
    for part in (window, *sheets, ExportSheet(window.desk, [], window)):
        assert low.contains(QRect(QPoint(), part.size())), part
    for part in (window._buttons["settings"], window.shoot.start_bar, window.shoot.side):
        assert window.rect().contains(QRect(part.mapTo(window, QPoint()), part.size())), part


def test_a_dropped_folder_is_opened(qtbot, window, shoot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(shoot))])
    where, how = QPointF(300, 300), Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(where, how, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 4, timeout=5000)
    assert window.desk.current == shoot / "broken.jpg"
    assert "4 shots" in words_in(window.shoot.browser)


def test_a_folder_that_was_copied_is_opened_and_words_are_pasted_where_one_writes(qtbot, window, shoot):
    window.activateWindow()
    search, clipboard = window.shoot.search, QApplication.clipboard()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(shoot))])
    clipboard.setMimeData(data)
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.desk.folder == shoot, timeout=5000)
    clipboard.setText("front")
    search.setFocus()
    QTest.keyClick(search, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert search.text() == "front"


def test_start_finishes_the_shoot_and_says_what_became_of_each(finished, shoot):
    found = {row.shot.front.stem: row.status for row in finished.desk.shots.rows}
    assert found == {
        "front": JobStatus.DONE,
        "second": JobStatus.DONE,
        "doubtful": JobStatus.NEEDS_REVIEW,
        "broken": JobStatus.FAILED,
    }
    assert (shoot.parent / "shoot-finished" / "front.png").is_file()
    assert (shoot.parent / "shoot-finished" / "_review" / "doubtful.png").is_file()
    assert finished.shoot.start_bar.words.text() == "2 done · 1 to review · 1 failed"


def test_the_foot_says_what_failed_and_what_is_still_to_do(qtbot, opened, shoot):
    opened.desk.start([shoot / "front.jpg", shoot / "broken.jpg"])
    words = opened.shoot.start_bar.words
    qtbot.waitUntil(lambda: words.text() == "1 done · 1 failed · 2 to do", timeout=10_000)


def test_a_failure_is_a_notice_with_title_sentence_and_next_step(finished, shoot):
    cards = finished.notices.cards
    assert len(cards) == 1
    shown = words_in(cards[0])
    assert "Damaged photograph" in shown
    assert str(shoot / "broken.jpg") in shown
    assert "Copy it from the camera again." in shown


def is_told(opened, title):
    return any(title in words_in(card) for card in opened.notices.cards)


def test_several_failures_are_one_notice_that_shows_them(qtbot, opened, shoot):
    for name in ("front", "second"):
        (shoot / f"{name}.jpg").rename(shoot / f"{name}-broken.jpg")
    opened.desk.reload()
    qtbot.waitUntil(lambda: opened.desk.shots.row_of(shoot / "front-broken.jpg") is not None, timeout=5000)
    opened.desk.start()
    qtbot.waitUntil(lambda: is_told(opened, "3 photos failed"), timeout=20_000)
    (card,) = opened.notices.cards
    opened.show_page("history")
    next(button for button in card.findChildren(QAbstractButton) if button.text() == "Show").click()
    assert opened.page_name == "shoot"
    assert opened.desk.filtered.rowCount() == 3


def test_a_first_failure_before_the_queue_was_read_is_told_with_the_others(qtbot, opened, studio, monkeypatch):
    monkeypatch.setattr(opened.desk.background, "ask_anew", lambda *reading: None)
    opened.desk.set_paused(True)
    opened.desk.start()
    qtbot.waitUntil(lambda: not opened.desk.is_taking_in, timeout=5000)
    error = Failure(title="Damaged photograph", message="It ends early.", hint="Copy it again.")
    for job in studio.queue.jobs():
        failed = JobChanged(job_id=job.id, photo=job.shot.front, status=JobStatus.FAILED, error=error)
        opened.desk.bridge.happened.emit(failed)
        qtbot.wait(20)
    qtbot.waitUntil(lambda: is_told(opened, "4 photos failed"), timeout=5000)
    assert len(opened.notices.cards) == 1


def test_no_notice_is_lost_and_news_go_by_themselves(qtbot, window, monkeypatch):
    monkeypatch.setattr("studio.ui.parts.notices.NEWS_MS", 1)
    for place in range(5):
        window.desk.say(Notice(title=f"Trouble {place}", message="Something is wrong."))
    shown = lambda: [card.notice.title for card in window.notices.cards if card.isVisible()]  # noqa: E731
    qtbot.waitUntil(lambda: shown() == ["Trouble 2", "Trouble 3", "Trouble 4"], timeout=2000)
    window.notices.cards[-1].close_notice()
    qtbot.waitUntil(lambda: shown() == ["Trouble 1", "Trouble 2", "Trouble 3"], timeout=2000)
    window.desk.say(Notice(title="Going on", message="All is well.", is_news=True))
    qtbot.waitUntil(lambda: "Going on" in shown(), timeout=2000)
    qtbot.waitUntil(lambda: shown() == ["Trouble 1", "Trouble 2", "Trouble 3"], timeout=2000)


def test_the_report_is_said_in_plain_words(qtbot, finished, shoot):
    finished.desk.choose(shoot / "front.jpg")
    finished.shoot.side.setCurrentIndex(1)
    panel = finished.shoot.result
    qtbot.waitUntil(lambda: "0 of 2,113,000 garment pixels changed" in words_in(panel), timeout=2000)
    assert "1.2 % of the picture was made up" in words_in(panel)


def test_stepping_through_shots_reads_the_database_beside_the_window(qtbot, finished, shoot, monkeypatch):
    panel, read, waited = finished.shoot.result, db.Database.reading, []

    def reading(database: db.Database):
        if threading.current_thread() is threading.main_thread():
            waited.append(database)
        return read(database)

    monkeypatch.setattr(db.Database, "reading", reading)
    for name in ("front", "second"):
        finished.desk.choose(shoot / f"{name}.jpg")
        assert panel.entry is None, "the result of the shot before could be opened for this one"
        qtbot.waitUntil(lambda: panel.entry is not None, timeout=5000)
        assert panel.entry.job.shot.front == shoot / f"{name}.jpg"
    panel.again.click()
    qtbot.waitUntil(lambda: finished.desk.is_busy, timeout=5000)
    assert not waited


def test_a_history_that_cannot_be_read_is_said_and_no_other_shots_result_stays(qtbot, finished, shoot, monkeypatch):
    def fail(_job_id: str) -> None:
        raise StoreError("History locked", "It cannot be read.")

    finished.desk.choose(shoot / "front.jpg")
    qtbot.waitUntil(lambda: finished.shoot.result.entry is not None, timeout=5000)
    monkeypatch.setattr(finished.desk.studio.history, "entry", fail)
    finished.desk.choose(shoot / "second.jpg")
    qtbot.waitUntil(lambda: "History locked" in [card.notice.title for card in finished.notices.cards], timeout=5000)
    assert "front.jpg" not in words_in(finished.shoot.result)


def test_a_long_name_is_shortened_above_the_result_and_whole_in_its_tip(qtbot, opened, shoot):
    name = f"{'a_very_long_name_' * 6}front.jpg"
    (shoot / "front.jpg").rename(shoot / name)
    opened.desk.start([shoot / name])
    qtbot.waitUntil(lambda: bool(opened.desk.studio.history.newest()), timeout=10_000)
    panel, form = opened.shoot.result, opened.shoot.inspector.form
    opened.desk.reload()
    qtbot.waitUntil(lambda: "very" in form.names.text(), timeout=5000)
    qtbot.wait(50)
    assert form.width() <= form.parentWidget().parentWidget().width()
    panel.show_entry(opened.desk.studio.history.newest()[0])
    opened.shoot.side.setCurrentIndex(1)
    heading = next(shown for shown in panel.findChildren(QLabel) if name in shown.toolTip())
    qtbot.waitUntil(lambda: heading.fontMetrics().horizontalAdvance(heading.text()) <= heading.width(), timeout=2000)


def test_the_result_arrives_on_the_canvas(qtbot, finished, shoot):
    finished.desk.choose(shoot / "front.jpg")
    canvas = finished.shoot.viewer.canvas
    qtbot.waitUntil(lambda: canvas.scene.after is not None, timeout=5000)
    finished.shoot.viewer.change(compare=Compare.SPLIT)
    picture = canvas.grab().toImage()
    assert picture.pixelColor(picture.width() // 2 + 40, picture.height() // 2) != picture.pixelColor(5, 5)


def look_at(qtbot, window, photo):
    window.desk.choose(photo)
    qtbot.waitUntil(lambda: window.shoot.viewer.canvas.scene.after is not None, timeout=5000)
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)


def test_a_result_seen_before_is_there_at_once_and_one_made_anew_is_read_anew(qtbot, finished, shoot):
    desk, canvas = finished.desk, finished.shoot.viewer.canvas
    row = desk.shots.row_of(shoot / "front.jpg")
    corner = lambda: canvas.scene.after.levels[0][5, 5].tolist()  # noqa: E731
    look_at(qtbot, finished, shoot / "front.jpg")
    look_at(qtbot, finished, shoot / "second.jpg")
    desk.choose(shoot / "front.jpg")
    assert canvas.scene.after is not None
    Image.new("RGB", (240, 320), (250, 0, 0)).save(row.files[0])
    event = JobChanged(job_id=row.job_id, photo=row.shot.front, status=row.status, files=row.files)
    desk.bridge.happened.emit(event)
    qtbot.waitUntil(lambda: canvas.scene.after is not None and corner() == [250, 0, 0], timeout=5000)
    look_at(qtbot, finished, shoot / "second.jpg")
    Image.new("RGB", (240, 320), (0, 250, 0)).save(row.files[0])
    with qtbot.waitSignal(desk.folder_changed):
        desk.reload()
    look_at(qtbot, finished, shoot / "front.jpg")
    assert corner() == [0, 250, 0]


def test_done_photos_are_skipped_and_the_window_says_so(qtbot, finished, shoot):
    finished.desk.start([shoot / "front.jpg"])
    qtbot.waitUntil(lambda: any("Already finished" in words_in(card) for card in finished.notices.cards), timeout=5000)


def test_approving_moves_the_result_and_rejecting_removes_it(qtbot, finished, shoot):
    finished.show_page("review")
    page = finished.page("review")
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)
    page.approve()
    assert page.list.count() == 0
    assert "Nothing to review" in words_in(page)
    row = lambda: finished.desk.shots.row_of(shoot / "doubtful.jpg")  # noqa: E731
    qtbot.waitUntil(lambda: row().status is JobStatus.DONE, timeout=5000)
    assert (shoot.parent / "shoot-finished" / "doubtful.png").is_file()


def test_the_rail_says_how_many_results_wait_also_those_of_other_shoots(qtbot, finished, tmp_path):
    review = finished._buttons["review"]
    qtbot.waitUntil(lambda: review.text() == "Review 1", timeout=5000)
    (tmp_path / "another").mkdir()
    finished.desk.open_folder(tmp_path / "another")
    qtbot.waitUntil(lambda: finished.desk.background.is_idle, timeout=5000)
    assert review.text() == "Review 1"
    finished.show_page("review")
    page = finished.page("review")
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)
    page.approve()
    qtbot.waitUntil(lambda: review.text() == "Review", timeout=5000)


def test_a_verdict_that_cannot_be_recorded_leaves_the_result_in_review(qtbot, monkeypatch, finished):
    def refuse(entries):
        raise OutputError("Disk full", "There is no room left.", "Free some space.")

    finished.show_page("review")
    page = finished.page("review")
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)
    monkeypatch.setattr(finished.desk.studio.review, "approve", refuse)
    page.approve()
    qtbot.waitUntil(lambda: any("Disk full" in words_in(card) for card in finished.notices.cards), timeout=5000)
    qtbot.waitUntil(lambda: page.list.count() == 1, timeout=5000)


def test_the_history_is_narrowed_to_a_model_and_to_two_days(qtbot, finished):
    finished.show_page("history")
    page = finished.page("history")
    fields = page.fields
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=5000)
    qtbot.waitUntil(lambda: fields.model.count() == 2, timeout=5000)
    fields.model.setCurrentIndex(1)
    fields.model.activated.emit(1)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=5000)  # no network took part in the one that failed
    assert not fields.first.isVisible()
    fields.period.setCurrentIndex(fields.period.count() - 1)
    fields.period.activated.emit(fields.period.currentIndex())
    assert fields.first.isVisible()
    fields.last.setDate(fields.first.date())
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=5000)
    fields.last.setDate(QDate.currentDate())
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=5000)


def test_the_history_finds_a_photo_by_name(qtbot, finished):
    finished.show_page("history")
    page = finished.page("history")
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=5000)
    page.fields.search.setText("seco")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=2000)
    page.table.selectRow(0)
    qtbot.waitUntil(lambda: "second.jpg" in words_in(page.panel), timeout=2000)


def test_a_search_without_a_hit_leaves_no_report_to_act_on(qtbot, finished):
    finished.show_page("history")
    page = finished.page("history")
    assert "Choose a result" in words_in(page.panel)
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=5000)
    page.table.selectRow(0)
    assert page.panel.entry
    page.fields.search.setText("nothing is called so")
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=2000)
    assert page.panel.entry is None
    assert "Process again" not in [each.text() for each in page.panel.findChildren(QAbstractButton) if each.isVisible()]
    page.fields.search.clear()
    qtbot.waitUntil(lambda: page.panel.entry is not None, timeout=2000)


def test_a_sheet_that_was_closed_is_gone(qtbot, desktop, opened):
    desktop.welcome()
    for _ in range(2):
        opened.show_shortcuts()
        opened.show_about()
        opened.show_pairs()
        assert opened.findChild(AboutSheet).focusWidget().text() == "Close"
        for sheet in opened.findChildren(QDialog):
            sheet.accept()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert opened.findChildren(QDialog) == []


def test_the_sheet_of_the_cloud_s_rule_is_gone_once_it_was_answered(qtbot, window, monkeypatch):
    monkeypatch.setattr(RuleSheet, "exec", RuleSheet.reject)
    window.show_page("account")
    page = window.page("account")
    qtbot.waitUntil(lambda: page.known is not None, timeout=5000)
    page.choose_rule()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert page.findChildren(RuleSheet) == []


def test_a_preset_is_kept_and_shared_as_a_file(opened, tmp_path):
    inspector = opened.shoot.inspector
    inspector.form.field("compose.background").set_value("transparent")
    inspector.form.field("compose.background").changed.emit()
    inspector.save_preset("for the shop")
    inspector.export_preset(tmp_path / "shared.json")
    inspector.import_preset(tmp_path / "shared.json")
    assert {"for the shop", "shared"} <= set(opened.desk.studio.recipes.all())
    assert opened.desk.recipe.compose.background == "transparent"


def test_the_presets_of_the_program_cannot_be_deleted(opened):
    inspector = opened.shoot.inspector
    inspector.preset.setCurrentIndex(inspector.preset.findData("human"))
    inspector.forget_preset()
    assert "Built-in preset" in words_in(opened.notices.cards[-1])


def test_a_second_window_on_the_same_home_shows_the_same_history(qtbot, finished, studio):
    from studio.app import Studio

    with Studio(studio.home, engine="tests.fakes.pictures") as other:
        assert len(other.history.newest()) == 4


def test_every_page_can_be_shown(qtbot, finished):
    for name, _ in finished.page_titles:
        finished.show_page(name)
        assert finished.page_name == name
        assert finished.page(name).isVisible()
    qtbot.waitUntil(lambda: finished.desk.background.is_idle, timeout=10_000)
    qtbot.waitUntil(lambda: "Processor" in words_in(finished.page("system")), timeout=2000)


def test_a_window_at_rest_paints_nothing(qtbot, opened):
    class Painted(QObject):
        times = 0

        def eventFilter(self, watched, event):
            self.times += watched is opened and event.type() is QEvent.Type.UpdateRequest
            return False

    painted = Painted()
    for height, width in ((900, 282), (760, 282), (620, 282), (760, 340), (760, 420)):
        opened.resize(1440, height)
        opened.shoot.columns.setSizes([width, 1118 - width, 320])
        qtbot.wait(150)
        painted.times = 0
        QCoreApplication.instance().installEventFilter(painted)
        qtbot.wait(150)
        QCoreApplication.instance().removeEventFilter(painted)
        assert painted.times <= 2, (height, width)  # a cursor may blink


def test_the_cards_of_the_models_are_whole_in_a_narrow_window(qtbot, window):
    window.resize(960, 620)
    window.show_page("models")
    page = window.page("models")
    qtbot.waitUntil(lambda: bool(page.cards) and all(card.isVisible() for card in page.cards.values()), timeout=5000)
    qtbot.wait(50)
    assert page.findChild(QScrollArea).horizontalScrollBar().maximum() == 0
    window.resize(1440, 900)
    qtbot.wait(50)
    shown = [each for card in page.cards.values() for each in card.findChildren(ElidedLabel)]
    assert all("…" not in each.text() for each in shown)


def test_the_mode_of_the_recipe_is_whole_in_the_narrowest_window(qtbot, opened):
    opened.resize(960, 620)
    opened.shoot.columns.setSizes([960, 960, 1])
    qtbot.wait(50)
    assert sum(opened.shoot.columns.sizes()) + opened._rail.width() + 2 <= 960
    for box in opened.shoot.side.findChildren(QComboBox):
        if box.currentText() == "Invisible mannequin":
            assert room_for_words(box) >= box.fontMetrics().horizontalAdvance("Invisible mannequin")


def test_settings_are_found_by_a_word(window):
    window.show_page("settings")
    page = window.page("settings")
    page.search.setText("memory")
    assert "Megapixels at once" in words_in(page)
    assert "Language" not in words_in(page)


def test_a_setting_of_yes_or_no_is_a_box_to_tick(window):
    window.show_page("settings")
    box = window.page("settings").entries["cloud_without_gpu"].findChild(QCheckBox)
    box.click()
    assert window.desk.studio.settings.cloud_without_gpu == 1


def test_the_choices_of_the_settings_are_whole(window):
    window.show_page("settings")
    box = window.page("settings").theme.findChild(QComboBox)
    assert room_for_words(box) >= box.fontMetrics().horizontalAdvance("As the system")


def room_for_words(box: QComboBox) -> int:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(kind, option, part, box).width()


def test_the_language_and_the_theme_change_without_a_restart(qtbot, desktop, shoot):
    desktop.window.open(shoot)
    qtbot.waitUntil(lambda: desktop.window.desk.shots.rowCount() == 4, timeout=5000)
    desktop.state.keep_text("language", "ar")
    desktop.state.keep_text("theme", "light")
    desktop.rebuild()
    qtbot.waitUntil(lambda: desktop.window.desk.shots.rowCount() == 4, timeout=5000)
    assert desktop.window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert desktop.window.shoot.viewer.canvas.layoutDirection() is Qt.LayoutDirection.LeftToRight
    assert "ابدأ ٤ لقطات" in desktop.window.shoot.start_bar.start.text()
    assert desktop.window.page_titles[0] == ("shoot", "الجلسة")
    texts = [action.text() for menu in desktop.window.menuBar().actions() for action in menu.menu().actions()]
    assert any(text.endswith("\t\u2068Ctrl++\u2069") for text in texts)


@pytest.mark.parametrize(
    ("direction", "filled"), [(Qt.LayoutDirection.LeftToRight, "left"), (Qt.LayoutDirection.RightToLeft, "right")]
)
def test_the_bar_of_a_card_is_filled_from_the_side_where_reading_begins(opened, shoot, direction, filled):
    shots, cards = opened.desk.shots, opened.shoot.browser.list
    photo = shoot / "front.jpg"
    shots.on_job_changed(JobChanged(job_id="a", photo=photo, status=JobStatus.RUNNING))
    shots.on_progress(Progress(job_id="a", photo=photo, stage="extract", fraction=0.5))
    delegate, option = cards.itemDelegate(), QStyleOptionViewItem()
    option.rect, option.direction = QRect(0, 0, delegate.side, delegate.side + 40), direction
    drawn = QImage(option.rect.size(), QImage.Format.Format_RGB32)
    painter = QPainter(drawn)
    delegate.paint(painter, option, opened.desk.filtered.mapFromSource(shots.find(photo)))
    painter.end()
    accent = QColor(theme.current().accent)
    ends = {"left": drawn.pixelColor(12, delegate.side - 3), "right": drawn.pixelColor(115, delegate.side - 3)}
    assert [side for side, colour in ends.items() if colour == accent] == [filled]


def test_the_first_run_asks_once(qtbot, desktop):
    from studio.ui.first_run import FirstRun

    desktop.welcome()
    sheet = desktop.window.findChild(FirstRun)
    assert "starter engine" in words_in(sheet)
    sheet.accept()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desktop.welcome()
    assert desktop.window.findChildren(FirstRun) == []


def test_the_sample_shoot_opens_as_a_copy(qtbot, window):
    window.open_samples()
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 10, timeout=5000)
    assert Path("resources") not in window.desk.out.parents
    assert window.desk.studio.home.folder in window.desk.folder.parents


def test_what_has_no_room_in_the_bar_gives_way_and_nothing_is_cut(qtbot, opened, shoot):
    opened.desk.choose(shoot / "front.jpg")
    bar = opened.shoot.viewer.bar
    for width in (1440, 1200, 1000, 960):
        opened.resize(width, 700)
        qtbot.wait(50)
        for part in bar.findChildren(QAbstractButton):
            assert not part.isVisible() or part.width() >= part.minimumWidth(), (width, part.accessibleName())
            assert not part.isVisible() or bar.rect().contains(part.mapTo(bar, part.rect().center()))


def test_a_photos_name_is_read_before_tools_have_room(qtbot, opened, shoot):
    (shoot / "front.jpg").rename(shoot / "2026-autumn-a-very-long-name-for-the-client.jpg")
    opened.desk.reload()
    qtbot.waitUntil(lambda: "2026-autumn" in opened.desk.shots.rows[0].shot.front.name, timeout=5000)
    opened.desk.choose(opened.desk.shots.rows[0].shot.front)
    opened.resize(1280, 800)
    qtbot.wait(50)
    name = next(shown for shown in opened.shoot.viewer.bar.findChildren(QLabel) if "2026-" in shown.text())
    assert name.width() >= 110


@pytest.mark.parametrize("size", [(1280, 800), (960, 620)])
@pytest.mark.parametrize("editor", ["editor", "pose_editor"])
def test_the_bar_of_an_editor_is_whole_in_every_window(qtbot, opened, shoot, size, editor):
    opened.desk.choose(shoot / "front.jpg")
    opened.resize(*size)
    made = getattr(opened.shoot, editor)
    made.open()
    qtbot.waitUntil(lambda: made.bar.width() >= made.bar.minimumSizeHint().width(), timeout=1000)
    for part in made.bar.findChildren(QAbstractButton):
        assert part.width() >= part.minimumSizeHint().width(), part.accessibleName()
    made.close()
    assert opened.shoot.side.isVisible()
    qtbot.waitUntil(lambda: opened.shoot.side.width() == opened.shoot.columns.sizes()[2], timeout=1000)
