import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtTest import QTest

from studio.app import Order
from studio.model import HistoryQuery, JobChanged, JobStatus, Progress
from studio.ui.background import Background
from studio.ui.canvas.pictures import Pictures
from studio.ui.models.history import HistoryModel
from studio.ui.models.jobs import JobListModel
from studio.ui.models.shots import Mark, ShotFilter
from tests.unit.jobs.builders import make_job


def test_the_models_keep_the_rules_of_qt(qtmodeltester, finished):
    finished.show_page("history")
    for model in (finished.desk.shots, finished.desk.filtered, finished.desk.jobs, finished.page("history").model):
        qtmodeltester.check(model)


def test_an_event_changes_the_one_row_it_names(qtbot, opened):
    model = opened.desk.shots
    photo = model.rows[1].shot.front
    with qtbot.waitSignal(model.dataChanged) as signal:
        model.on_job_changed(JobChanged(job_id="a", photo=photo, status=JobStatus.RUNNING))
    assert (signal.args[0].row(), signal.args[1].row()) == (1, 1)
    model.on_progress(Progress(job_id="a", photo=photo, stage="extract", fraction=0.5))
    assert [row.fraction for row in model.rows] == [0, 0.5, 0, 0]


def test_the_filter_shows_what_it_says(finished):
    filtered = finished.desk.filtered
    counts = {}
    for wanted in ShotFilter:
        filtered.show_only(wanted)
        counts[wanted.value] = filtered.rowCount()
    assert counts == {
        "all": 4, "to-do": 0, "running": 0, "done": 2, "review": 1, "failed": 1, "star": 0, "reject": 0,
    }  # fmt: skip


def test_a_star_is_there_after_the_folder_is_opened_again(qtbot, opened, shoot):
    opened.desk.choose(shoot / "second.jpg")
    opened.desk.mark([shoot / "second.jpg"], Mark.STAR)
    with qtbot.waitSignal(opened.desk.folder_changed):
        opened.open(shoot)
    assert [row.shot.front.name for row in opened.desk.shots.rows if row.mark is Mark.STAR] == ["second.jpg"]


def test_many_shots_are_changed_with_one_signal(opened):
    desk, told = opened.desk, []
    photos = [row.shot.front for row in desk.shots.rows]
    desk.shots.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    desk.mark([photos[0], photos[3]], Mark.STAR)
    desk.shots.on_jobs_changed(
        JobChanged(job_id=photo.stem, photo=photo, status=JobStatus.CANCELLED) for photo in photos[:3]
    )
    assert told == [(0, 3), (0, 2)]
    assert [row.mark is Mark.STAR for row in desk.shots.rows] == [True, False, False, True]
    assert [row.job_id for row in desk.shots.rows] == [*(photo.stem for photo in photos[:3]), None]


def test_what_is_told_of_a_job_before_the_queue_was_read_is_shown_once_it_is_listed():
    model, job = JobListModel(), make_job()
    model.on_progress(Progress(job_id=job.id, photo=job.shot.front, stage="cloud", fraction=0.2))
    model.merge([job])
    assert [(row.stage, row.fraction) for row in model.rows] == [("cloud", 0.2)]
    model.on_progress(Progress(job_id=job.id, photo=job.shot.front, stage="compose", fraction=0.8))
    model.expect([make_job()])
    assert model.rows[0].stage == "compose"


def test_many_jobs_are_changed_with_one_signal():
    model, told, jobs = JobListModel(), [], [make_job() for _ in range(4)]
    model.expect(jobs)
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.merge([replace(job, held=job is not jobs[1]) for job in jobs])
    assert told == [(0, 3)]
    assert [row.held for row in model.rows] == [True, False, True, True]


def test_what_is_selected_comes_in_the_order_of_the_folder(opened):
    shots = opened.shoot.browser.list
    opened.desk.filtered.search("d")
    places = [opened.desk.filtered.index(place, 0) for place in (1, 0)]
    shots.clearSelection()
    for index in places:
        shots.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)
    assert [row.shot.front.name for row in shots.chosen] == ["doubtful.jpg", "second.jpg"]


@pytest.fixture
def clock(monkeypatch):
    """The seconds that the queue reads; a test moves them on."""
    made = SimpleNamespace(now_s=0.0)
    monkeypatch.setattr("studio.ui.models.jobs.time.monotonic", lambda: made.now_s)
    return made


def change(model, names, *statuses):
    for name in names:
        for status in statuses:
            model.on_job_changed(JobChanged(job_id=name, photo=Path(f"{name}.jpg"), status=status))


def work(model, clock, names, *, each_s):
    for name in names:
        change(model, [name], JobStatus.RUNNING)
        clock.now_s += each_s
        change(model, [name], JobStatus.DONE)


def test_the_queue_tells_the_time_left_from_its_own_pace(clock):
    model = JobListModel()
    change(model, "abcdef", JobStatus.QUEUED)
    assert model.seconds_left() is None
    work(model, clock, "abc", each_s=2)
    assert model.seconds_left() == 6.0
    assert model.fraction == 0.5


@pytest.mark.parametrize("way", ["started here", "read from the queue", "from a watched folder"])
def test_a_batch_is_not_judged_by_the_one_before_it(clock, way):
    model = JobListModel()
    change(model, "abcd", JobStatus.QUEUED)
    work(model, clock, "abcd", each_s=2)
    clock.now_s += 3600
    jobs = [make_job() for _ in range(4)]
    if way == "from a watched folder":
        change(model, [job.id for job in jobs], JobStatus.QUEUED)
    else:
        (model.expect if way == "started here" else model.merge)(jobs)
    work(model, clock, [jobs[0].id], each_s=5)
    assert model.seconds_left() is None
    work(model, clock, [jobs[1].id], each_s=5)
    assert model.seconds_left() == 10.0


def test_a_pause_tells_nothing_of_the_pace(clock):
    model = JobListModel()
    change(model, "abcdef", JobStatus.QUEUED)
    work(model, clock, "ab", each_s=60)
    model.stop_clock()
    clock.now_s += 3600
    model.stop_clock()
    clock.now_s += 3600
    model.start_clock()
    work(model, clock, "c", each_s=60)
    assert model.seconds_left() == 180.0


def test_what_was_cancelled_tells_nothing_of_the_pace(clock):
    model = JobListModel()
    change(model, "abcdefgh", JobStatus.QUEUED)
    work(model, clock, "abc", each_s=60)
    change(model, "gh", JobStatus.CANCELLED)
    change(model, "f", JobStatus.RUNNING, JobStatus.CANCELLED)
    assert model.seconds_left() == 120.0


def test_the_history_reads_only_the_pages_that_are_looked_at(qtbot, monkeypatch, studio, tmp_path):
    asked: list[list[int]] = []
    monkeypatch.setattr(studio.history, "matching", lambda query: list(range(100_000, 0, -1)))
    monkeypatch.setattr(studio.history, "numbered", lambda numbers: asked.append(numbers) or {})
    model = HistoryModel(studio, Background())
    with qtbot.waitSignal(model.modelReset):
        model.look_for(HistoryQuery())
    assert model.rowCount() == 100_000
    assert model.data(model.index(54_321, 0)) is None
    assert [(page[0], len(page)) for page in asked] == [(45_700, 50)]


def test_a_click_on_a_column_sorts_the_history_and_the_window_remembers_it(qtbot, desktop, finished):
    def names(window):
        model = window.page("history").model
        return [model.entry(row).job.shot.front.stem for row in range(model.rowCount())]

    def click(column):
        header = finished.page("history").table.horizontalHeader()
        x = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() // 2))

    finished.show_page("history")
    arrived = ["second", "front", "doubtful", "broken"]
    qtbot.waitUntil(lambda: names(finished) == arrived, timeout=5000)
    table = finished.page("history").table
    table.selectRow(1)
    click(HistoryModel.STATUS)
    qtbot.waitUntil(lambda: names(finished) == ["doubtful", "second", "front", "broken"], timeout=5000)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [2]
    click(HistoryModel.STATUS)
    qtbot.waitUntil(lambda: names(finished) == ["broken", "second", "front", "doubtful"], timeout=5000)
    click(HistoryModel.STATUS)
    qtbot.waitUntil(lambda: names(finished) == arrived, timeout=5000)
    click(HistoryModel.NAME)
    qtbot.waitUntil(lambda: names(finished) == sorted(arrived), timeout=5000)
    click(HistoryModel.CONFIDENCE)
    qtbot.waitUntil(lambda: names(finished) == ["doubtful", "second", "front", "broken"], timeout=5000)
    desktop.rebuild()
    desktop.window.show_page("history")
    qtbot.waitUntil(lambda: names(desktop.window) == ["doubtful", "second", "front", "broken"], timeout=5000)
    header = desktop.window.page("history").table.horizontalHeader()
    assert header.isSortIndicatorShown()
    assert header.sortIndicatorSection() == HistoryModel.CONFIDENCE


def test_the_history_finds_any_part_of_a_recipe_s_name(finished):
    finished.desk.set_recipe(replace(finished.desk.recipe, name="for the shop"))
    finished.desk.studio.work.submit(finished.desk.studio.work.plan(_order(finished)))
    assert len(finished.desk.studio.history.matching(HistoryQuery(text="shop"))) == 4


def _order(window):
    desk = window.desk
    return Order(paths=(desk.folder,), out=desk.out / "again", recipe=desk.recipe, again=True)


def test_a_folder_of_the_tree_shows_what_lies_in_it_and_below(qtbot, opened, shoot):
    for name, folder in (("front", "looks/first"), ("second", "looks")):
        (shoot / folder).mkdir(parents=True, exist_ok=True)
        (shoot / f"{name}.jpg").rename(shoot / folder / f"{name}.jpg")
    with qtbot.waitSignal(opened.desk.folder_changed):
        opened.desk.reload()
    tree = opened.shoot.browser.folders
    assert tree.isVisible()
    model = tree.model()
    top = model.index(0, 0)
    assert (top.data(), model.index(0, 0, top).data()) == ("shoot  4", "looks  2")
    tree.setCurrentIndex(model.index(0, 0, top))
    assert opened.desk.filtered.rowCount() == 2
    tree.setCurrentIndex(model.index(0, 0, model.index(0, 0, top)))
    assert opened.desk.filtered.rowCount() == 1
    tree.setCurrentIndex(top)
    assert opened.desk.filtered.rowCount() == 4


def test_another_shoot_in_the_tree_is_opened_by_a_click(qtbot, opened, shoot, tmp_path):
    other = tmp_path / "tuesday"
    other.mkdir()
    (shoot / "front.jpg").rename(other / "front.jpg")
    opened.open(other)
    qtbot.waitUntil(lambda: opened.desk.folder == other, timeout=5000)
    tree = opened.shoot.browser.folders
    tree.clicked.emit(tree.model().index(1, 0))
    qtbot.waitUntil(lambda: opened.desk.folder == shoot, timeout=5000)
    assert opened.desk.filtered.rowCount() == 3


def test_what_changed_while_it_was_read_is_read_again(qtbot):
    background, told, may_end = Background(), [], threading.Event()
    facts = ["old"]

    def read():
        seen = list(facts)
        may_end.wait(5)
        return seen

    background.ask_anew("facts", read, told.append)
    qtbot.wait(50)
    facts[:] = ["new"]
    background.ask_anew("facts", read, told.append)
    may_end.set()
    qtbot.waitUntil(lambda: background.is_idle, timeout=5000)
    background.close()
    assert told == [["old"], ["new"]]


def test_a_picture_that_changes_while_it_is_read_is_read_once_more(qtbot, studio, tmp_path, monkeypatch):
    path, read, may_end = tmp_path / "result.png", studio.pictures.whole, threading.Event()

    def slow(path):
        found = read(path)
        may_end.wait(5)
        return found

    monkeypatch.setattr(studio.pictures, "whole", slow)
    background = Background()
    pictures = Pictures(studio, background)
    for red in (10, 250):
        Image.new("RGB", (24, 32), (red, 0, 0)).save(path)
        pictures.forget(path)
        pictures.get(path)
        qtbot.wait(50)
    may_end.set()
    qtbot.waitUntil(lambda: background.is_idle, timeout=5000)
    background.close()
    assert pictures.get(path).levels[0][5, 5].tolist() == [250, 0, 0]


def test_a_flood_of_events_is_counted_once(qtbot):
    model, counted, jobs = JobListModel(), [], [make_job() for _ in range(30)]
    model.merge(jobs)
    model.counted.connect(lambda: counted.append(model.going))
    for job in jobs:
        model.on_job_changed(JobChanged(job_id=job.id, photo=job.shot.front, status=JobStatus.CANCELLED))
    qtbot.waitUntil(lambda: bool(counted), timeout=1000)
    assert counted == [0]
