"""What goes wrong while the window is open: each time a sentence with a next step, and nothing is lost."""

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton

from studio.errors import Cancelled, StoreError
from studio.jobs import child
from studio.jobs.runner import recover
from studio.jobs.store import Store
from studio.model import JobStatus
from tests.ui.test_window import words_in


def notices(window):
    return " | ".join(words_in(card) for card in window.notices.cards)


def all_over(window):
    return window.desk.jobs.rowCount() > 0 and not window.desk.is_busy and not window.desk.is_taking_in


@pytest.mark.slow
def test_a_photo_that_ends_the_worker_is_set_aside_and_the_others_are_done(qtbot, opened, shoot):
    (shoot / "broken.jpg").rename(shoot / "deadly.jpg")
    opened.desk.reload()
    qtbot.waitUntil(lambda: opened.desk.shots.row_of(shoot / "deadly.jpg") is not None, timeout=5000)
    opened.desk.start()
    qtbot.waitUntil(lambda: "crashed on this photo" in notices(opened), timeout=60_000)
    assert "try a smaller copy" in notices(opened)
    qtbot.waitUntil(lambda: all_over(opened), timeout=60_000)
    out = shoot.parent / "shoot-finished"
    assert {path.name for path in out.glob("*.png")} == {"front.png", "second.png"}
    assert opened.desk.shots.row_of(shoot / "deadly.jpg").status is JobStatus.FAILED


def test_a_worker_that_cannot_start_pauses_the_queue_and_every_photo_waits(qtbot, monkeypatch, opened, shoot):
    dying = [sys.executable, "-c", "raise SystemExit(7)"]
    monkeypatch.setattr(child, "child_command", lambda *words: dying)
    opened.desk.start()
    qtbot.waitUntil(lambda: "Worker not usable" in notices(opened), timeout=60_000)
    assert "modamoda doctor" in notices(opened)
    qtbot.waitUntil(lambda: opened.desk.service.is_paused, timeout=5000)
    qtbot.waitUntil(lambda: opened.shoot.queue.pause.isChecked(), timeout=5000)
    assert "Paused; 4 photos wait." in words_in(opened.shoot.start_bar)
    assert len(opened.desk.studio.queue.jobs()) == 4
    monkeypatch.undo()
    opened.shoot.queue.pause.click()
    qtbot.waitUntil(lambda: all_over(opened), timeout=60_000)
    assert (shoot.parent / "shoot-finished" / "front.png").is_file()


@pytest.mark.parametrize("worker", ["is dead", "does not hear"])
def test_jobs_that_a_full_disk_kept_from_being_put_back_are_free_again(qtbot, monkeypatch, opened, shoot, worker):
    def full(*_, **__):
        raise StoreError("Disk full", "There is no room left.")

    (shoot / "front.jpg").rename(shoot / "slow.jpg")
    opened.desk.reload()
    qtbot.waitUntil(lambda: opened.desk.shots.row_of(shoot / "slow.jpg") is not None, timeout=5000)
    opened.desk.start([shoot / "slow.jpg"])
    studio = opened.desk.studio
    qtbot.waitUntil(lambda: [job.status for job in studio.queue.jobs()] == [JobStatus.RUNNING], timeout=20_000)
    with monkeypatch.context() as disk:
        for name in ("workers", "abandon"):
            disk.setattr(Store, name, full)
        # Either way the worker cannot put its job back itself.
        running = opened.desk.service._runner._child
        if worker == "is dead":
            running._process.kill()
        else:
            disk.setattr(running, "say", lambda message: None)
        qtbot.waitUntil(lambda: "Disk full" in notices(opened), timeout=5000)
        qtbot.waitUntil(lambda: bool(opened.desk.service._waiting), timeout=5000)
    recover(studio._store, studio.home)  # as the next worker does that is started
    assert [job.status for job in studio.queue.jobs()] == [JobStatus.QUEUED]


@pytest.fixture
def small_disk(tmp_path):
    """A disk with room for one small picture, under the name of the results."""
    out = tmp_path / "shoot-finished"
    out.mkdir()
    if not Path("/proc/mounts").exists() or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", out], check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    yield out
    subprocess.run(["umount", out], check=True)


def test_a_full_disk_is_said_and_with_room_the_photo_is_done_from_the_queue(qtbot, small_disk, opened, shoot):
    opened.desk.start([shoot / "front.jpg"])
    qtbot.waitUntil(lambda: "Disk full" in notices(opened), timeout=60_000)
    assert "no room left" in notices(opened)
    qtbot.waitUntil(lambda: all_over(opened), timeout=10_000)
    subprocess.run(["mount", "-o", "remount,size=3m", small_disk], check=True)
    panel = opened.shoot.queue
    panel.list.setCurrentIndex(opened.desk.jobs.index(0))
    panel.retry.click()
    qtbot.waitUntil(lambda: (small_disk / "front.png").is_file(), timeout=60_000)


def test_a_folder_that_disappears_is_said_and_the_window_stays(qtbot, opened, shoot):
    shutil.rmtree(shoot)
    opened.desk.reload()
    qtbot.waitUntil(lambda: bool(opened.notices.cards), timeout=10_000)
    assert str(shoot) in notices(opened)
    opened.desk.start()
    qtbot.waitUntil(lambda: not opened.desk.is_taking_in, timeout=10_000)
    assert not opened.desk.studio.queue.jobs()
    assert opened.desk.folder == shoot


def test_a_photo_that_cannot_be_read_is_said_where_it_would_stand(qtbot, opened, shoot):
    (shoot / "broken.jpg").write_bytes(b"no photograph")
    viewer = opened.shoot.viewer
    viewer.pictures.forget(shoot / "broken.jpg")
    opened.desk.choose(shoot / "front.jpg")
    opened.desk.choose(shoot / "broken.jpg")
    qtbot.waitUntil(lambda: "Not a photograph" in words_in(viewer), timeout=5000)
    opened.desk.choose(shoot / "front.jpg")
    qtbot.waitUntil(viewer.canvas.isVisible, timeout=5000)


def test_a_download_is_paused_and_goes_on_and_the_pictures_do_not_wait_for_it(qtbot, monkeypatch, opened, shoot):
    came, may_end = [0], threading.Event()

    def fetch(model_id, arrived, is_stopped):
        while came[0] < 10 or not may_end.is_set():
            if is_stopped():
                raise Cancelled
            came[0] = min(10, came[0] + 1)
            arrived(came[0], 10)
            may_end.wait(0.02)

    studio = opened.desk.studio
    monkeypatch.setattr(studio.models, "fetch", fetch)
    opened.show_page("models")
    page = opened.page("models")
    qtbot.waitUntil(lambda: "yunet" in page.cards and page.cards["yunet"].isVisibleTo(page), timeout=10_000)
    ids = [model_id for model_id, card in page.cards.items() if card.fetch.isVisibleTo(page)][:2]
    for model_id in ids:
        page.cards[model_id].fetch.click()
    qtbot.waitUntil(lambda: page.cards[ids[0]].bar.value() == 1000, timeout=5000)
    assert page.cards[ids[0]].fetch.text() == "Pause"
    opened.desk.thumbnails.forget(shoot / "front.jpg")
    opened.desk.thumbnails.get(shoot / "front.jpg")
    qtbot.waitUntil(lambda: opened.desk.thumbnails.get(shoot / "front.jpg") is not None, timeout=5000)
    page.cards[ids[0]].fetch.click()
    qtbot.waitUntil(lambda: page.cards[ids[0]].fetch.text() == "Download", timeout=5000)
    page.cards[ids[0]].fetch.click()
    may_end.set()
    qtbot.waitUntil(lambda: not page.is_fetching, timeout=5000)
    assert not opened.notices.cards


def test_what_verifying_finds_is_said(qtbot, monkeypatch, opened):
    studio = opened.desk.studio
    ready = [replace(info, state="ready", here_bytes=10, needs_acceptance=False) for info in studio.models.all()]
    monkeypatch.setattr(studio.models, "all", lambda: ready)
    monkeypatch.setattr(
        studio.models, "verify", lambda model_id: ["model.onnx is damaged"] if model_id == "yunet" else []
    )
    opened.show_page("models")
    page = opened.page("models")
    qtbot.waitUntil(lambda: "yunet" in page.cards, timeout=10_000)
    page.verify("yunet")
    qtbot.waitUntil(lambda: "model.onnx is damaged" in notices(opened), timeout=5000)
    assert "Download it again." in notices(opened)
    page.verify("blazepose")
    qtbot.waitUntil(lambda: "Every file of blazepose is right." in notices(opened), timeout=5000)


def test_a_model_is_deleted_only_when_that_is_sure_and_keeps_the_keys(qtbot, monkeypatch, opened):
    studio, removed = opened.desk.studio, []
    ready = [replace(info, state="ready", here_bytes=10, needs_acceptance=False) for info in studio.models.all()]
    monkeypatch.setattr(studio.models, "all", lambda: ready)
    monkeypatch.setattr(studio.models, "remove", lambda model_id: removed.append(model_id) or 10)
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *about: answers.pop(0))
    opened.show_page("models")
    page = opened.page("models")
    qtbot.waitUntil(lambda: "yunet" in page.cards, timeout=10_000)
    page.remove("yunet")
    assert not removed
    before = page.cards["yunet"]
    before.take_keys()
    page.remove("yunet")
    qtbot.waitUntil(lambda: page.cards["yunet"] is not before, timeout=5000)
    assert removed == ["yunet"]
    assert page.cards["yunet"].isAncestorOf(opened.focusWidget())


def test_what_a_broken_off_download_left_is_removed_but_not_while_it_goes_on(qtbot, monkeypatch, opened):
    studio = opened.desk.studio
    part = studio.home.models / "yunet" / "yunet.onnx.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(1000))
    monkeypatch.setattr(QMessageBox, "question", lambda *about: QMessageBox.StandardButton.Yes)
    opened.show_page("models")
    page = opened.page("models")
    qtbot.waitUntil(lambda: "yunet" in page.cards and page.cards["yunet"].isVisibleTo(page), timeout=10_000)
    card = page.cards["yunet"]
    assert [each.isEnabled() for each in card.findChildren(QPushButton) if each.text() == "Remove"] == [True]
    card.show_fetching(True)
    assert not card.remove.isEnabled()
    card.show_fetching(False)
    card.remove.click()
    qtbot.waitUntil(lambda: page.cards["yunet"] is not card, timeout=5000)
    assert not part.exists()
    assert "Remove" not in words_in(page.cards["yunet"])


def test_a_model_whose_files_are_read_shows_it(qtbot, monkeypatch, opened):
    studio, go_on = opened.desk.studio, threading.Event()
    ready = [replace(info, state="ready", here_bytes=10, needs_acceptance=False) for info in studio.models.all()]
    monkeypatch.setattr(studio.models, "all", lambda: ready)
    monkeypatch.setattr(studio.models, "verify", lambda model_id: go_on.wait(5) and [])
    opened.show_page("models")
    page = opened.page("models")
    qtbot.waitUntil(lambda: "yunet" in page.cards, timeout=10_000)
    page.verify("yunet")
    assert not page.cards["yunet"].bar.isHidden()
    page.reload()
    qtbot.waitUntil(lambda: opened.desk.background.is_idle, timeout=5000)
    assert not page.cards["yunet"].bar.isHidden()
    go_on.set()
    qtbot.waitUntil(lambda: page.cards["yunet"].bar.isHidden(), timeout=5000)
