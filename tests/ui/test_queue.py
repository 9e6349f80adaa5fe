import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication

from studio.model import JobChanged, JobStatus
from studio.ui import desk
from studio.ui.parts import tray
from tests.ui.test_window import words_in


def test_cancelling_stops_what_runs(qtbot, opened, shoot):
    (shoot / "front.jpg").rename(shoot / "slow.jpg")
    opened.desk.reload()
    qtbot.waitUntil(lambda: opened.desk.shots.row_of(shoot / "slow.jpg") is not None, timeout=5000)
    opened.desk.start([shoot / "slow.jpg"])
    row = lambda: opened.desk.shots.row_of(shoot / "slow.jpg")  # noqa: E731
    qtbot.waitUntil(lambda: row().status is JobStatus.RUNNING, timeout=10_000)
    opened.shoot.start_bar.stop.click()
    qtbot.waitUntil(lambda: row().status is JobStatus.CANCELLED, timeout=5000)
    assert not list(shoot.parent.glob("shoot-finished/**/*.png"))


def test_a_paused_queue_says_that_nothing_is_worked_on(qtbot, opened, shoot):
    (shoot / "front.jpg").rename(shoot / "slow.jpg")
    opened.desk.reload()
    qtbot.waitUntil(lambda: opened.desk.shots.row_of(shoot / "slow.jpg") is not None, timeout=5000)
    opened.desk.start([shoot / "slow.jpg"])
    jobs, row = opened.desk.jobs, lambda: opened.desk.shots.row_of(shoot / "slow.jpg")
    qtbot.waitUntil(lambda: row().status is JobStatus.RUNNING and row().fraction > 0, timeout=10_000)
    opened.shoot.queue.pause.click()
    qtbot.waitUntil(lambda: jobs.count(JobStatus.RUNNING) == 0 and row().status is JobStatus.QUEUED, timeout=5000)
    assert row().fraction == 0
    assert [line.fraction for line in jobs.rows] == [0]


def test_a_photo_deleted_while_it_waits_fails_with_a_sentence(qtbot, opened, shoot):
    opened.desk.set_paused(True)
    opened.desk.start([shoot / "front.jpg"])
    qtbot.waitUntil(lambda: opened.desk.jobs.rowCount() == 1, timeout=5000)
    (shoot / "front.jpg").unlink()
    opened.desk.set_paused(False)
    qtbot.waitUntil(lambda: bool(opened.notices.cards), timeout=10_000)
    assert "Photo gone" in words_in(opened.notices.cards[0])


def test_the_queue_keeps_what_runs_in_sight_until_a_person_scrolls(qtbot, opened, shoot):
    panel, jobs = opened.shoot.queue, opened.desk.jobs
    opened.resize(960, 620)
    many = [
        JobChanged(job_id=f"{place:03}", photo=shoot / f"{place}.jpg", status=JobStatus.QUEUED) for place in range(60)
    ]
    for event in (*many, replace(many[50], status=JobStatus.RUNNING)):
        jobs.on_job_changed(event)
    seen = lambda place: panel.list.viewport().rect().intersects(panel.list.visualRect(jobs.index(place)))  # noqa: E731
    qtbot.waitUntil(lambda: seen(50), timeout=2000)
    panel.list.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    jobs.on_job_changed(replace(many[51], status=JobStatus.RUNNING))
    assert seen(0)
    assert not seen(50)


def test_nothing_counts_while_the_queue_is_paused(qtbot, opened):
    opened.desk.set_paused(True)
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.desk.jobs.rowCount() == 4, timeout=5000)
    qtbot.waitUntil(lambda: opened.desk.background.is_idle, timeout=5000)
    ticks = (opened.shoot.queue._tick, opened.shoot.start_bar._tick)
    assert not any(tick.isActive() for tick in ticks)
    opened.desk.set_paused(False)
    qtbot.waitUntil(lambda: all(tick.isActive() for tick in ticks), timeout=1000)


def test_the_queue_can_be_put_in_another_order(qtbot, opened, shoot):
    opened.desk.set_paused(True)
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.desk.jobs.rowCount() == 4, timeout=5000)
    names = [row.photo.stem for row in opened.desk.jobs.rows]
    opened.shoot.queue.list.setCurrentIndex(opened.desk.jobs.index(3))
    opened.shoot.queue.first.click()
    qtbot.waitUntil(lambda: opened.desk.jobs.rows[0].photo.stem == names[3], timeout=5000)
    assert [row.photo.stem for row in opened.desk.jobs.rows] == [names[3], *names[:3]]


def test_a_job_that_is_held_waits_until_it_is_let_go(qtbot, opened, shoot):
    opened.desk.set_paused(True)
    opened.desk.start([shoot / "front.jpg", shoot / "second.jpg"])
    jobs, panel = opened.desk.jobs, opened.shoot.queue
    qtbot.waitUntil(lambda: jobs.rowCount() == 2, timeout=5000)
    panel.list.setCurrentIndex(jobs.index(0))
    panel.hold.click()
    qtbot.waitUntil(lambda: jobs.rows[0].held, timeout=5000)
    assert "On hold" in jobs.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert panel.hold.accessibleName() == "Let go on"
    opened.desk.set_paused(False)
    out = shoot.parent / "shoot-finished"
    qtbot.waitUntil(lambda: (out / "second.png").is_file(), timeout=10_000)
    qtbot.waitUntil(lambda: not opened.desk.is_busy, timeout=5000)
    assert not (out / "front.png").exists()
    held = next(place for place, row in enumerate(jobs.rows) if row.held)
    panel.list.setCurrentIndex(jobs.index(held))
    panel.hold.click()
    qtbot.waitUntil(lambda: (out / "front.png").is_file(), timeout=10_000)


def test_a_running_job_that_is_held_stops_and_goes_back_to_the_queue(qtbot, opened, shoot):
    (shoot / "front.jpg").rename(shoot / "slow.jpg")
    opened.desk.reload()
    qtbot.waitUntil(lambda: opened.desk.shots.row_of(shoot / "slow.jpg") is not None, timeout=5000)
    opened.desk.start([shoot / "slow.jpg"])
    qtbot.waitUntil(lambda: opened.desk.jobs.count(JobStatus.RUNNING) == 1, timeout=10_000)
    opened.shoot.queue.list.setCurrentIndex(opened.desk.jobs.index(0))
    opened.shoot.queue.hold.click()
    qtbot.waitUntil(lambda: opened.desk.jobs.count(JobStatus.QUEUED) == 1, timeout=5000)
    qtbot.waitUntil(lambda: opened.desk.jobs.rows[0].held, timeout=5000)
    assert not opened.desk.is_busy


def test_a_paused_queue_says_how_the_shoot_stands_when_nothing_waits(qtbot, opened):
    opened.desk.set_paused(True)
    assert opened.shoot.start_bar.words.text().startswith("Paused · 4 shots ready")
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.shoot.start_bar.words.text() == "Paused; 4 photos wait.", timeout=5000)


def test_what_an_earlier_session_left_is_finished(qtbot, opened, shoot):
    opened.desk.set_paused(True)
    opened.desk.start([shoot / "front.jpg"])
    qtbot.waitUntil(lambda: opened.desk.jobs.rowCount() == 1, timeout=5000)
    assert [job.status for job in opened.desk.studio.queue.jobs()] == [JobStatus.QUEUED]
    opened.desk.set_paused(False)
    opened.desk.resume()
    qtbot.waitUntil(lambda: (shoot.parent / "shoot-finished" / "front.png").is_file(), timeout=10_000)


@pytest.fixture
def read_slowly(opened, monkeypatch):
    """After the first photo of an order, the others are read only once this is set."""
    go_on, take_in = threading.Event(), opened.desk.studio.work.take_in

    def slowly(plan):
        for outcome in take_in(plan):
            yield outcome
            go_on.wait(10)

    monkeypatch.setattr(opened.desk.studio.work, "take_in", slowly)
    monkeypatch.setattr(desk, "HAND_OVER_S", 0)
    yield go_on
    go_on.set()


def test_the_first_photo_is_finished_while_others_are_still_read(qtbot, opened, read_slowly):
    opened.desk.start()
    ended = JobStatus.DONE, JobStatus.NEEDS_REVIEW, JobStatus.FAILED
    qtbot.waitUntil(lambda: sum(row.status in ended for row in opened.desk.shots.rows) == 1, timeout=10_000)
    assert opened.desk.is_taking_in
    with qtbot.waitSignal(opened.desk.finished, timeout=20_000):
        read_slowly.set()
    assert all(row.status in ended for row in opened.desk.shots.rows)


def test_what_was_not_read_when_the_window_closed_is_queued_by_the_next(qtbot, opened, read_slowly):
    opened.desk.set_paused(True)
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.desk.jobs.rowCount() == 1, timeout=5000)
    opened.desk._is_closing = True
    read_slowly.set()
    qtbot.waitUntil(lambda: not opened.desk.is_taking_in, timeout=5000)
    assert len(opened.desk.studio.queue.jobs()) < 4
    assert len(opened.desk.studio.queue.left_over()) == 4


def test_an_order_that_is_still_read_survives_another_language(qtbot, desktop, opened, read_slowly):
    opened.desk.set_paused(True)
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.desk.jobs.rowCount() == 1, timeout=5000)
    opened.desk.closing.connect(read_slowly.set)
    desktop.rebuild()
    qtbot.waitUntil(lambda: desktop.window.desk.jobs.rowCount() == 4, timeout=5000)


def test_the_keys_that_the_tips_of_the_queue_promise_work(qtbot, opened):
    opened.desk.set_paused(True)
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.desk.jobs.rowCount() == 4, timeout=5000)
    queue = opened.shoot.queue.list
    names = [row.photo.stem for row in opened.desk.jobs.rows]
    queue.setFocus()
    queue.setCurrentIndex(opened.desk.jobs.index(1))
    QTest.keyClick(queue, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: opened.desk.jobs.rows[0].photo.stem == names[1], timeout=5000)
    queue.setCurrentIndex(opened.desk.jobs.index(0))
    QTest.keyClick(queue, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(opened.desk.studio.queue.jobs()) == 3, timeout=5000)


class FakeIcon(QObject):
    def __init__(self, *args):
        super().__init__()
        self.said = []

    def show(self):
        pass

    def showMessage(self, title, message):
        self.said.append(message)

    @staticmethod
    def isSystemTrayAvailable():
        return True


def test_the_end_of_each_batch_is_told_by_the_system_for_itself(window, shoot, monkeypatch):
    def end(names, status):
        for name in names:
            jobs.on_job_changed(JobChanged(job_id=name, photo=shoot / f"{name}.jpg", status=status))
        window.desk.finished.emit()

    monkeypatch.setattr(tray, "QSystemTrayIcon", FakeIcon)
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    told, jobs = tray.Tray(window, window.desk), window.desk.jobs
    window.desk.finished.connect(told.tell)
    end("abc", JobStatus.DONE)
    end("", JobStatus.DONE)
    end("de", JobStatus.FAILED)
    jobs.clear_ended()
    end("f", JobStatus.NEEDS_REVIEW)
    assert told._icon.said == [
        "3 done, 0 to review, 0 failed",
        "0 done, 0 to review, 2 failed",
        "0 done, 1 to review, 0 failed",
    ]
