"""Review: verdicts on one result or on several."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.errors import OutputError
from studio.model import JobStatus
from tests.ui.test_actions import enabled
from tests.ui.test_window import words_in

NAMES = ("doubtful-1", "doubtful-2", "doubtful-3")
REVIEW, DONE = JobStatus.NEEDS_REVIEW, JobStatus.DONE
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(qtbot, window, shoot):
    """The page of the review with three results."""
    for old, new in zip(("front", "second", "doubtful"), NAMES, strict=True):
        (shoot / f"{old}.jpg").rename(shoot / f"{new}.jpg")
    (shoot / "broken.jpg").unlink()
    window.open(shoot)
    qtbot.waitUntil(lambda: window.desk.shots.rowCount() == 3, timeout=5000)
    window.desk.start()
    qtbot.waitUntil(lambda: window.desk.jobs.count(JobStatus.NEEDS_REVIEW) == 3, timeout=20_000)
    window.show_page("review")
    made = window.page("review")
    qtbot.waitUntil(lambda: made.list.count() == 3, timeout=5000)
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    made.list.setFocus()
    return made


def click(page, row, modifiers=Qt.KeyboardModifier.NoModifier):
    place = page.list.visualItemRect(page.list.item(row)).center()
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def names(page):
    return [entry.job.shot.front.stem for entry in page.chosen]


def waiting(window):
    return sorted(entry.job.shot.front.stem for entry in window.desk.studio.review.waiting())


def statuses(window):
    return {row.shot.front.stem: row.status for row in window.desk.shots.rows}


def test_a_verdict_concerns_all_results_that_are_selected(qtbot, window, page, shoot):
    click(page, 0)
    assert page.approve_button.text() == "Approve"
    click(page, 2, Qt.KeyboardModifier.ControlModifier)
    assert page.approve_button.text() == "Approve 2 results"
    assert page.reject_button.text() == "Reject 2 results"
    approved = names(page)
    QTest.keyClick(page.list, Qt.Key.Key_A)
    assert page.list.count() == 1
    assert page.approve_button.text() == "Approve"
    qtbot.waitUntil(lambda: len(waiting(window)) == 1, timeout=5000)
    out = shoot.parent / "shoot-finished"
    qtbot.waitUntil(lambda: sorted(path.stem for path in out.glob("*.png")) == sorted(approved), timeout=5000)
    qtbot.waitUntil(lambda: statuses(window) == dict.fromkeys(NAMES, REVIEW) | dict.fromkeys(approved, DONE))


def test_several_results_are_selected_by_key_and_rejected_at_once(qtbot, window, page, shoot):
    click(page, 0)
    QTest.keyClick(page.list, Qt.Key.Key_Down, SHIFT)
    kept = page.list.item(2).text()
    QTest.keyClick(page.list, Qt.Key.Key_X)
    assert [page.list.item(row).text() for row in range(page.list.count())] == [kept]
    assert page.current == page.chosen[0]
    qtbot.waitUntil(lambda: len(waiting(window)) == 1, timeout=5000)
    in_review = lambda: len(list((shoot.parent / "shoot-finished" / "_review").glob("*.png")))  # noqa: E731
    assert in_review() == 3  # until the decision stands
    window.desk.verdicts.let_stand()
    qtbot.waitUntil(lambda: in_review() == 1, timeout=5000)


def test_what_is_selected_stays_so_when_the_list_is_read_anew(qtbot, window, page):
    click(page, 1)
    click(page, 2, SHIFT)
    before = names(page)
    with qtbot.waitSignal(page.list.model().rowsInserted, timeout=5000):
        page.reload()
    qtbot.waitUntil(lambda: page.list.count() == 3 and names(page) == before, timeout=5000)
    qtbot.wait(50)
    assert page.list.hasFocus()  # nothing opened a window of its own meanwhile
    assert page.current.job.shot.front.stem == before[-1]


def test_a_result_that_cannot_be_moved_keeps_none_of_the_others(qtbot, window, page, monkeypatch):
    approve = window.desk.studio.review.approve

    def some(entries):
        if any("doubtful-2" not in entry.job.shot.front.stem for entry in entries):
            raise OutputError("Disk full", "There is no room left.", "Free some space.")
        return approve(entries)

    monkeypatch.setattr(window.desk.studio.review, "approve", some)
    page.list.selectAll()
    page.approve()
    qtbot.waitUntil(lambda: any("2 results stay in review" in words_in(each) for each in window.notices.cards))
    assert "There is no room left." in words_in(window.notices.cards[-1])
    qtbot.waitUntil(lambda: page.list.count() == 2, timeout=5000)
    assert waiting(window) == ["doubtful-1", "doubtful-3"]


def pictures(shoot):
    """What stands in the output folder, by its place in it, with its content."""
    out = shoot.parent / "shoot-finished"
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.*") if path.suffix == ".png"}


@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_X])
def test_the_last_verdict_is_taken_back(qtbot, window, page, shoot, key):
    before = pictures(shoot), window.desk.studio.review.waiting()
    click(page, 0)
    QTest.keyClick(page.list, Qt.Key.Key_Down, SHIFT)
    decided = names(page)
    assert undo_is_offered(window) is False
    QTest.keyClick(page.list, key)
    qtbot.waitUntil(lambda: len(waiting(window)) == 1, timeout=5000)
    assert undo_is_offered(window) is True
    QTest.keyClick(page.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.list.count() == 3 and names(page) == decided, timeout=5000)
    assert pictures(shoot) == before[0]
    for was, now in zip(before[1], window.desk.studio.review.waiting(), strict=True):
        assert (now.job, now.copy) == (was.job, was.copy)
        assert [file.path for file in now.files] == [file.path for file in was.files]
    qtbot.waitUntil(lambda: statuses(window) == dict.fromkeys(NAMES, REVIEW))
    assert undo_is_offered(window) is False
    page.list.selectAll()
    page.approve()
    qtbot.waitUntil(lambda: waiting(window) == [], timeout=5000)
    assert set(pictures(shoot)) == {f"{name}.png" for name in NAMES}


def test_what_is_taken_back_is_selected_though_the_list_was_read_before_all_of_it_was_back(
    qtbot, window, page, monkeypatch
):
    click(page, 0)
    QTest.keyClick(page.list, Qt.Key.Key_Down, SHIFT)
    decided = names(page)
    page.approve()
    qtbot.waitUntil(lambda: len(waiting(window)) == 1 and window.desk.background.is_idle, timeout=5000)
    told = []
    window.desk.verdicts.taken_back.connect(told.append)
    read = window.desk.studio.review.waiting
    with monkeypatch.context() as amid:
        some = lambda: [entry for entry in read() if entry.job.shot.front.stem != decided[1]]  # noqa: E731
        amid.setattr(window.desk.studio.review, "waiting", some)
        page.undo()
        qtbot.waitUntil(lambda: bool(told), timeout=5000)
        qtbot.wait(500)  # the list is read once events rest
    page.reload()
    qtbot.waitUntil(lambda: page.list.count() == 3, timeout=5000)
    assert names(page) == decided


def undo_is_offered(window):
    return "Undo" in enabled(window, "&Edit")


def test_a_verdict_stands_once_its_result_was_touched(qtbot, window, page, shoot):
    click(page, 0)
    (name,) = names(page)
    page.approve()
    result = shoot.parent / "shoot-finished" / f"{name}.png"
    qtbot.waitUntil(lambda: len(waiting(window)) == 2 and result.is_file(), timeout=5000)
    result.write_bytes(b"retouched")
    page.undo()
    qtbot.waitUntil(lambda: any("Result changed" in words_in(each) for each in window.notices.cards), timeout=5000)
    assert result.read_bytes() == b"retouched"
    assert len(waiting(window)) == 2


def test_what_was_rejected_when_the_program_was_killed_goes_at_the_next_start(qtbot, window, desktop, page, shoot):
    page.list.selectAll()
    page.reject()
    qtbot.waitUntil(lambda: waiting(window) == [], timeout=5000)
    window.desk.verdicts._last = None  # as if nothing came of it any more
    assert len(pictures(shoot)) == 3
    desktop.rebuild()
    qtbot.waitUntil(lambda: pictures(shoot) == {}, timeout=5000)
    qtbot.waitUntil(lambda: desktop.state.text("set aside") == "", timeout=5000)


def test_what_was_rejected_goes_when_the_window_is_closed(qtbot, window, page, shoot):
    page.list.selectAll()
    page.reject()
    window.close()
    assert pictures(shoot) == {}
