"""The account page over the real service in this process: sign in, see credits, buy, sync a shoot, sign out."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel, QMessageBox, QPushButton, QWidget
from shiboken6 import isValid
from sqlalchemy import update

from cloud.tables import Job
from studio.jobs import db
from studio.sync import loop
from studio.sync.credentials import _locked
from studio.ui.main import Desktop
from tests.cloud.building import House, Stripe
from tests.cloud.conftest import *  # noqa: F403 -- the service's fixtures are found by their names here
from tests.contract.computer import SERVICE, Computer, deliver_all, remote_jobs, render
from tests.fakes.account import ELSEWHERE, Faults


@pytest.fixture
def shop(open_house: Callable[..., House], sqlite_url: str, stripe_standin: Stripe) -> House:
    return open_house(database_url=sqlite_url, public_url=SERVICE, stripe_api_base=stripe_standin.url)


@pytest.fixture
def computer(shop: House, tmp_path: Path) -> Computer:
    return Computer(shop, tmp_path / "computer", shop.person(credits=3))


@pytest.fixture
def page(qtbot, computer: Computer, monkeypatch) -> Iterator[QWidget]:
    """The account page of a window; what it opens in the browser is approved or paid there at once."""
    import webbrowser

    monkeypatch.setattr(webbrowser, "open", computer.opened.append)
    app = QApplication.instance()
    made = Desktop(app, computer.studio)
    made.state.keep_text("language", os.environ.get("MODAMODA_TEST_LANGUAGE", "en"))
    made.rebuild()
    made.window.show_page("account")
    with qtbot.waitExposed(made.window):
        made.window.show()
    page = made.window.page("account")
    page.desktop = made
    qtbot.waitUntil(lambda: page.background.is_idle, timeout=5000)
    yield page
    made.window.close()
    made.close()
    made.setParent(None)
    made.window.deleteLater()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def texts(page: QWidget) -> str:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return " ".join(label.text() for label in page.findChildren(QLabel))


def titles(page: QWidget) -> list[str]:
    return [card.notice.title for card in page.desktop.window.notices.cards]


def press(page: QWidget, words: str) -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    next(made for made in page.findChildren(QPushButton) if made.text() == words).click()


def sign_in(qtbot, page: QWidget, computer: Computer, plan: str = "free") -> None:
    computer.plan(plan)
    page.prompted.connect(computer.approve)
    press(page, "Sign in")
    qtbot.waitUntil(lambda: page.known is not None and page.known.is_signed_in, timeout=10_000)
    qtbot.waitUntil(lambda: page.background.is_idle and "Buy" in buttons(page), timeout=10_000)


def buttons(page: QWidget) -> str:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return " ".join(made.text() for made in page.findChildren(QPushButton))


def test_without_an_account_the_page_says_that_none_is_needed(page: QWidget) -> None:
    assert "No account needed" in texts(page)
    assert "Sign in" in buttons(page)


def test_signing_in_shows_the_credits_and_signing_out_keeps_the_rest(qtbot, page: QWidget, computer: Computer) -> None:
    sign_in(qtbot, page, computer)
    assert computer.opened[0].startswith(f"{SERVICE}/device?code=")
    assert "3 credits" in texts(page)
    assert computer.person.email in texts(page)
    press(page, "Sign out")
    qtbot.waitUntil(lambda: "No account needed" in texts(page), timeout=10_000)


def test_the_address_to_approve_at_can_be_copied_where_no_browser_opens(qtbot, page: QWidget) -> None:
    press(page, "Sign in")
    qtbot.waitUntil(lambda: page.url != "", timeout=10_000)
    press(page, "Copy the address")
    assert QGuiApplication.clipboard().text() == page.url
    press(page, "Cancel")
    qtbot.waitUntil(lambda: page.background.is_idle, timeout=10_000)
    assert "No account needed" in texts(page)


def test_jobs_of_a_sign_in_that_the_service_ended_can_be_rendered_here(
    qtbot, page: QWidget, computer: Computer
) -> None:
    sign_in(qtbot, page, computer)
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    computer.account.connection.forget()
    page.look()
    qtbot.waitUntil(lambda: "still with the service" in texts(page), timeout=5000)
    press(page, "Render here")
    qtbot.waitUntil(lambda: not computer.account.cloud.jobs.under_way(), timeout=5000)


def test_the_page_reads_the_database_beside_the_window(qtbot, page: QWidget, computer: Computer, monkeypatch) -> None:
    sign_in(qtbot, page, computer)
    computer.photo()
    computer.order()
    read, waited, asked, no = db.Database.reading, [], [], QMessageBox.StandardButton.No

    def reading(database: db.Database):
        if threading.current_thread() is threading.main_thread():
            waited.append(database)
        return read(database)

    monkeypatch.setattr(db.Database, "reading", reading)
    monkeypatch.setattr(QMessageBox, "question", lambda *about: asked.append(about[-1]) or no)
    page.look()
    qtbot.waitUntil(lambda: "1 photo waits in this computer's queue." in texts(page), timeout=5000)
    press(page, "Render in the cloud…")
    qtbot.waitUntil(lambda: bool(asked), timeout=5000)
    assert "1 photo is rendered by the service. This costs 1 credit" in asked[0]
    assert not waited


def test_bought_credits_appear_without_touching_anything(
    qtbot, page: QWidget, computer: Computer, stripe_standin: Stripe
) -> None:
    sign_in(qtbot, page, computer)
    press(page, next(text.text() for text in page.findChildren(QPushButton) if text.text().startswith("Buy 10")))
    qtbot.waitUntil(lambda: "wait for their payment" in texts(page), timeout=10_000)
    stripe_standin.standin.pay(computer.opened[-1].rsplit("/", 1)[-1])
    deliver_all(computer.house, stripe_standin)
    qtbot.waitUntil(lambda: "13 credits" in texts(page), timeout=10_000)
    assert "wait for their payment" not in texts(page)


def test_a_shoot_is_synced_where_the_plan_holds_it(qtbot, page: QWidget, computer: Computer) -> None:
    computer.photo()
    page.desktop.window.desk.open_folder(computer.shoot)
    sign_in(qtbot, page, computer, "pro")
    qtbot.waitUntil(lambda: "Sync results" in buttons(page), timeout=5000)
    assert "any number of watched folders" in texts(page)
    press(page, "Sync results")
    qtbot.waitUntil(lambda: "This shoot is synced." in texts(page), timeout=5000)
    assert computer.account.synced_shoots() == [computer.shoot]
    assert datetime.now(UTC) < computer.account.licence().until


def test_a_folder_for_results_is_given_up_on_purpose_alone(
    qtbot, page: QWidget, computer: Computer, monkeypatch, tmp_path: Path
) -> None:
    sign_in(qtbot, page, computer, "pro")
    chosen = [str(tmp_path), ""]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *about: chosen.pop(0))
    press(page, "Folder…")
    qtbot.waitUntil(lambda: "Stop fetching" in buttons(page), timeout=5000)
    press(page, "Folder…")
    qtbot.waitUntil(lambda: page.background.is_idle, timeout=5000)
    assert computer.account.fetches_into == tmp_path
    press(page, "Stop fetching")
    qtbot.waitUntil(lambda: "Nothing is fetched." in texts(page), timeout=5000)


def test_two_passphrases_that_differ_are_told(page: QWidget, monkeypatch) -> None:
    typed = [("one", True), ("another", True)]
    monkeypatch.setattr(QInputDialog, "getText", lambda *about: typed.pop(0))
    page.sign_in(with_vault=True)
    assert "typed in two ways" in texts(page.desktop.window.notices.cards[-1])
    assert "sign-in" not in page.background.keys


def test_the_keys_stay_at_a_button_that_was_pressed(qtbot, page: QWidget, computer: Computer) -> None:
    sign_in(qtbot, page, computer)
    page.desktop.window.activateWindow()
    next(made for made in page.findChildren(QPushButton) if made.text() == "Pause").setFocus()
    press(page, "Pause")
    qtbot.waitUntil(lambda: "Go on" in buttons(page), timeout=5000)
    assert page.focusWidget().text() == "Go on"


def test_a_rendering_is_followed_to_its_end_with_the_balance_without_touching_anything(
    qtbot, page: QWidget, computer: Computer, monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(loop, "SOON_S", 0.05)
    sign_in(qtbot, page, computer)
    computer.photo()
    computer.account.cloud.send(computer.order())
    page.desktop.window.desk.look_after_account()
    qtbot.waitUntil(lambda: "1 reserved for a rendering under way" in texts(page), timeout=5000)
    qtbot.waitUntil(lambda: "Render here" in buttons(page), timeout=5000)
    here = next(made for made in page.findChildren(QPushButton) if made.text() == "Render here")
    assert here.accessibleName() == "Render here: blouse.jpg"
    remote_id = remote_jobs(computer.house)[0].id
    with computer.house.services.database.write() as session:
        session.execute(update(Job).where(Job.id == remote_id).values(progress=40))
    qtbot.waitUntil(lambda: "40 %" in texts(page), timeout=5000)
    assert isValid(here), "a press would have missed the button"
    render(computer.house.services, str(remote_id), tmp_path)
    qtbot.waitUntil(lambda: "Nothing is rendered by the service" in texts(page), timeout=5000)
    qtbot.waitUntil(lambda: "2 credits" in texts(page) and "reserved" not in texts(page), timeout=5000)


def test_a_press_that_met_no_network_is_told_until_one_meets_it_again(qtbot, page: QWidget, computer: Computer) -> None:
    sign_in(qtbot, page, computer)
    away = "Account service not reached"

    def pressed(words: str) -> list[str]:
        press(page, words)
        qtbot.waitUntil(lambda: page.background.is_idle, timeout=5000)
        return titles(page)

    computer.faults = Faults(kind="lost-request", every=True)
    assert pressed("Look again") == ["Signed in", away]
    assert pressed("Pause") == ["Signed in", away], "for a pause nobody is asked"
    computer.faults = None
    assert pressed("Look again") == ["Signed in"]


def test_a_keyring_that_was_locked_is_told_until_it_can_be_used_again(
    qtbot, page: QWidget, computer: Computer, monkeypatch
) -> None:
    def refuse() -> None:
        raise _locked("Keyring locked", "Locked.", "Unlock it.")

    desk = page.desktop.window.desk
    sign_in(qtbot, page, computer)
    assert titles(page) == ["Signed in"]
    with monkeypatch.context() as locked:
        locked.setattr(computer.memory, "load", refuse)
        desk.look_after_account()
        qtbot.waitUntil(lambda: titles(page) == ["Keyring locked"], timeout=5000)
        press(page, "Look again")
        qtbot.waitUntil(lambda: page.background.is_idle, timeout=5000)
        assert titles(page) == ["Keyring locked"]
    desk.look_after_account()
    qtbot.waitUntil(lambda: titles(page) == ["Account works again"], timeout=5000)


def test_the_licence_of_a_computer_that_is_gone_is_taken_over(
    qtbot, page: QWidget, computer: Computer, tmp_path: Path
) -> None:
    for name in ("first", "second"):  # as many as the plan holds
        gone = Computer(computer.house, tmp_path / name, computer.person)
        gone.account.keeper._machine = lambda name=name: replace(ELSEWHERE, system=name, name=name)
        gone.sign_in()
        gone.studio.close()
    sign_in(qtbot, page, computer)
    assert "No licence in force" in texts(page)
    qtbot.waitUntil(lambda: "Free" in buttons(page).split(), timeout=5000)
    press(page, "Free")
    qtbot.waitUntil(lambda: "Plan free" in texts(page), timeout=5000)
    qtbot.waitUntil(lambda: buttons(page).split().count("Free") == 1, timeout=5000)
    here = computer.account.keeper.is_here
    computer.account.free_seat(next(seat.id for seat in computer.account.seats() if not here(seat.installation)))
    press(page, "Look again")
    qtbot.waitUntil(lambda: "Free" not in buttons(page).split(), timeout=5000)
