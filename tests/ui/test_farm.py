"""The render farm from the window, with a real Redis: sending what waits, taking it back, and what is said else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.app import Studio
from studio.farm.place import keep_place
from studio.farm.storage import Storage
from studio.model import Entitlement, JobStatus, Licence, LicenceState
from tests.cloud.servers import Redis, running_redis
from tests.ui.conftest import NAMES
from tests.ui.test_window import words_in


@pytest.fixture
def broker() -> Iterator[Redis]:
    with running_redis() as server:
        yield server


@pytest.fixture
def studio(studio: Studio, broker: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A studio that knows a farm and may use it."""
    Storage(tmp_path / "store").set_up()
    keep_place(studio.home, broker.url, tmp_path / "store")
    holds = Licence(state=LicenceState.VALID, plan="enterprise", entitlements=frozenset({Entitlement.FARM}))
    monkeypatch.setattr(Studio, "licence", lambda self: holds)
    return studio


def on_farm(studio: Studio) -> int:
    return len(studio.farm.under_way())


def waiting(window) -> int:
    return sum(row.status is JobStatus.QUEUED for row in window.desk.jobs.rows)


def fill_queue(qtbot, window):
    window.desk.set_paused(True)
    window.desk.start()
    qtbot.waitUntil(lambda: waiting(window) == len(NAMES), timeout=10_000)


def test_what_waits_is_sent_to_the_farm_and_taken_back(qtbot, opened, studio):
    panel = opened.shoot.queue
    assert panel.farm.isVisibleTo(panel)
    fill_queue(qtbot, opened)
    panel.farm.click()
    qtbot.waitUntil(lambda: on_farm(studio) == len(NAMES), timeout=20_000)
    qtbot.waitUntil(lambda: waiting(opened) == 0, timeout=10_000)
    qtbot.waitUntil(lambda: not panel.farm.isEnabled(), timeout=1000)
    told = f"The farm does {len(NAMES)} photos now."
    qtbot.waitUntil(lambda: any(told in words_in(card) for card in opened.notices.cards), timeout=5000)
    panel.from_farm.click()
    qtbot.waitUntil(lambda: waiting(opened) == len(NAMES), timeout=20_000)
    assert on_farm(studio) == 0


def test_taking_back_what_is_not_there_takes_back_nothing_that_is_sent_later(qtbot, opened, studio):
    panel = opened.shoot.queue
    fill_queue(qtbot, opened)
    panel.from_farm.click()
    qtbot.wait(300)
    panel.farm.click()
    qtbot.waitUntil(lambda: on_farm(studio) == len(NAMES), timeout=20_000)
    qtbot.wait(1000)
    assert on_farm(studio) == len(NAMES)


def test_only_the_selected_lines_are_sent(qtbot, opened, studio):
    panel = opened.shoot.queue
    fill_queue(qtbot, opened)
    panel.list.setCurrentIndex(panel.list.model().index(0, 0))
    panel.farm.click()
    qtbot.waitUntil(lambda: waiting(opened) == len(NAMES) - 1, timeout=20_000)
    assert on_farm(studio) == 1


def test_a_farm_that_does_not_answer_is_said_and_the_photos_stay(qtbot, opened, broker, studio):
    fill_queue(qtbot, opened)
    broker.stop()
    opened.shoot.queue.farm.click()
    qtbot.waitUntil(lambda: bool(opened.notices.cards), timeout=60_000)
    assert "broker does not answer" in words_in(opened.notices.cards[-1])
    assert waiting(opened) == len(NAMES)


def test_without_a_farm_there_are_no_buttons(monkeypatch, request):
    monkeypatch.setattr(Studio, "knows_farm", False)
    window = request.getfixturevalue("window")
    panel = window.shoot.queue
    assert not panel.farm.isVisibleTo(panel)
    assert not panel.from_farm.isVisibleTo(panel)
