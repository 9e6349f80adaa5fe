"""Watched folders and pairs in the window."""

import threading
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from studio.app import After, Estimate, Pairing, Role
from studio.ui.parts.pairs_sheet import PairsSheet
from tests.flow.shoot import wait_until


def words_in(widget: QWidget) -> str:
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def titles(window: QWidget) -> list[str]:
    return [card.notice.title for card in window.notices.cards]


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, colour: tuple[int, int, int] = (10, 80, 160)) -> None:
    Image.new("RGB", (80, 100), colour).save(folder / name)


def watched_page(qtbot, window, incoming: Path):
    window.show_page("watch")
    page = window.page("watch")
    page.watch(incoming)
    qtbot.waitUntil(lambda: len(page.cards) == 1, timeout=5000)
    return page, next(iter(page.cards.values()))


def test_a_page_without_folders_says_what_it_is_for(qtbot, window):
    window.show_page("watch")
    page = window.page("watch")
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    assert "No folder is watched" in words_in(page)
    assert words_in(page).count("What arrives in these folders") == 1


def test_what_arrives_in_a_watched_folder_is_finished_and_counted(qtbot, window, incoming):
    page, card = watched_page(qtbot, window, incoming)
    put(incoming, "a.jpg")
    qtbot.waitUntil(lambda: "Done: 1" in card.counts.text(), timeout=20_000)
    assert (incoming.with_name("incoming-finished") / "a.png").is_file()
    assert "a.jpg" in words_in(card)
    put(incoming, "again.jpg")
    qtbot.waitUntil(lambda: "Done before: 1" in card.counts.text(), timeout=20_000)
    assert page.cards


def test_a_folder_is_paused_goes_on_and_is_removed(qtbot, window, incoming):
    page, card = watched_page(qtbot, window, incoming)
    card.pause.click()
    qtbot.waitUntil(lambda: card.standing.text() == "Paused", timeout=5000)
    locks = window.desk.studio.home.workers
    wait_until(lambda: not list(locks.glob("watch-*.lock")))
    card.pause.click()
    qtbot.waitUntil(lambda: card.standing.text() == "Watched", timeout=5000)
    page.remove(card.watched)
    qtbot.waitUntil(lambda: not page.cards, timeout=5000)
    assert incoming.is_dir()


def test_a_folder_that_is_back_is_told_in_place_of_its_absence(qtbot, window, incoming):
    _, card = watched_page(qtbot, window, incoming)
    incoming.rename(incoming.with_name("unplugged"))
    qtbot.waitUntil(lambda: titles(window) == ["Folder not reachable"], timeout=5000)
    window.page("watch").reload()
    qtbot.waitUntil(lambda: card.standing.text() == "Not reachable", timeout=5000)
    incoming.with_name("unplugged").rename(incoming)
    qtbot.waitUntil(lambda: titles(window) == ["Folder is back"], timeout=5000)


def test_the_buttons_of_a_folder_name_it_for_the_screen_reader(qtbot, window, incoming):
    _, card = watched_page(qtbot, window, incoming)
    spoken = [made.accessibleName() for made in card.findChildren(QPushButton)]
    spoken += [choice.control.accessibleName() for choice in (card.recipe, card.after)]
    assert all(name.endswith(f": {incoming}") for name in spoken), spoken


def test_how_a_folder_is_watched_is_changed_in_its_card(qtbot, window, incoming):
    _, card = watched_page(qtbot, window, incoming)
    card.after.set_value(After.MOVE)
    card.after.changed.emit()
    card.recipe.set_value("cutout")
    card.recipe.changed.emit()
    qtbot.waitUntil(lambda: card.back.isVisibleTo(card), timeout=5000)
    (watched,) = window.desk.studio.watching.folders()
    assert (watched.after, watched.recipe.name) == (After.MOVE, "cutout")


def test_frames_of_the_set_are_chosen_in_the_card_and_serve_what_arrives(qtbot, window, incoming, monkeypatch):
    page, card = watched_page(qtbot, window, incoming)
    for name, choose in (("plate.jpg", page.choose_plate), ("bare.jpg", page.choose_bare)):
        put(incoming, name)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, name=name: (str(incoming / name), ""))
        choose(card.watched)
        qtbot.waitUntil(lambda name=name: name in words_in(card), timeout=5000)
    (watched,) = window.desk.studio.watching.folders()
    assert (watched.plate, watched.bare) == (incoming / "plate.jpg", incoming / "bare.jpg")
    card.without.click()
    qtbot.waitUntil(lambda: "No photo of the empty set" in words_in(card), timeout=5000)
    (watched,) = window.desk.studio.watching.folders()
    assert (watched.plate, watched.bare) == (None, None)


def test_a_folder_whose_results_cannot_go_elsewhere_is_watched_as_before(
    qtbot, window, incoming, tmp_path, monkeypatch
):
    page, card = watched_page(qtbot, window, incoming)
    (watched,) = window.desk.studio.watching.folders()
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "file" / "out"))
    page.choose_out(card.watched)
    qtbot.waitUntil(lambda: any("not writable" in words_in(each) for each in window.notices.cards), timeout=5000)
    assert window.desk.studio.watching.folders() == [watched]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    page.choose_out(card.watched)
    qtbot.waitUntil(
        lambda: [each.out for each in window.desk.studio.watching.folders()] == [tmp_path / "out"], timeout=5000
    )


def test_a_folder_on_a_disk_that_does_not_answer_holds_no_window(qtbot, window, incoming, monkeypatch):
    go_on, keep = threading.Event(), window.desk.studio.watching.keep
    monkeypatch.setattr(window.desk.studio.watching, "keep", lambda watched: (go_on.wait(5), keep(watched))[1])
    window.show_page("watch")
    window.page("watch").watch(incoming)
    assert not window.desk.studio.watching.folders()
    go_on.set()
    qtbot.waitUntil(lambda: len(window.page("watch").cards) == 1, timeout=5000)


def test_a_second_folder_without_a_licence_is_told_in_a_notice(qtbot, window, incoming, tmp_path):
    page, _ = watched_page(qtbot, window, incoming)
    second = tmp_path / "second"
    second.mkdir()
    page.watch(second)
    qtbot.waitUntil(lambda: any("licence" in words_in(card) for card in window.notices.cards), timeout=10_000)

    def standing():
        return {card.watched.folder: card.standing.text() for card in page.cards.values()}

    qtbot.waitUntil(lambda: standing() == {incoming: "Watched", second: "Not watched"}, timeout=10_000)


def test_the_order_in_which_garments_were_photographed_is_chosen(qtbot, opened, shoot):
    sheet = PairsSheet(opened.desk, shoot, opened)
    sheet.open()
    qtbot.waitUntil(lambda: sheet.table.rowCount() == 4, timeout=10_000)
    assert not sheet.turn.isVisibleTo(sheet)
    sheet.how.set_value(Pairing.ORDER)
    sheet.look()
    qtbot.waitUntil(lambda: [role.value for role in sheet.roles] == ["front", "inside"] * 2, timeout=10_000)
    sheet.turn.set_value("front,back")
    sheet.look()
    qtbot.waitUntil(lambda: [role.value for role in sheet.roles] == ["front", "back"] * 2, timeout=10_000)
    assert sheet.turn.isVisibleTo(sheet)


def test_pairs_are_shown_corrected_and_hold_for_the_shoot(qtbot, opened, shoot):
    sheet = PairsSheet(opened.desk, shoot, opened)
    sheet.open()
    qtbot.waitUntil(lambda: sheet.table.rowCount() == 4, timeout=10_000)
    assert "4 garments" in sheet.words.text()
    place = next(row for row in range(4) if sheet.table.item(row, 0).text() == "second.jpg")
    sheet.roles[place].set_value(Role.INSIDE)
    sheet.table.item(place, 2).setText("front")
    sheet.level.set_value("light")
    sheet.keep()
    qtbot.waitUntil(lambda: opened.desk.shots.rowCount() == 3, timeout=5000)
    assert opened.desk.shots.row_of(shoot / "front.jpg").shot.inside == shoot / "second.jpg"
    assert opened.desk.level == "light"


def test_before_start_the_foot_says_how_much_room_it_takes_and_no_time_that_nobody_measured(qtbot, opened):
    words = opened.shoot.start_bar.words
    qtbot.waitUntil(lambda: words.text().endswith("MB"), timeout=10_000)
    assert words.text().startswith("4 shots ready · ")
    assert "about" not in words.text()


def test_the_time_is_told_where_photos_of_this_recipe_were_finished_here(qtbot, monkeypatch, opened):
    ahead = Estimate(photos=4, bytes=3_000_000, seconds=90, free_bytes=10**12, is_measured=True)
    monkeypatch.setattr(opened.desk.studio.shoots, "estimate", lambda plan, at_once: ahead)
    opened.desk.recipe_changed.emit()
    words = opened.shoot.start_bar.words
    qtbot.waitUntil(lambda: words.text() == "4 shots ready · about 2 min · 3.0 MB", timeout=10_000)
