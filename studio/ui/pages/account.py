"""The page of the account: signing in, credits, licence, results on several computers, the service's renderings."""

import threading
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.errors import Cancelled, StudioError
from studio.model import (
    ACCOUNT,
    CONNECTION,
    Account,
    Balance,
    CloudRule,
    HistoryEntry,
    JobStatus,
    Licence,
    LicenceState,
    Notice,
    Package,
    Progress,
)
from studio.ui import theme
from studio.ui.background import Background
from studio.ui.desk import Desk, notice_of
from studio.ui.i18n import percent, tr
from studio.ui.parts import account_cards as cards
from studio.ui.parts.account_rule import RuleSheet, rule_words
from studio.ui.parts.controls import button, empty_state, label, row
from studio.ui.sentences import isolated

IN_REVIEW = -1
LOOK_AGAIN_MS = 400


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the page shows, read at once in a thread. waiting: how many jobs wait in the queue of this computer."""

    account: Account
    cloud_jobs: list[Any]
    synced_shoots: list[Path]
    fetches_into: Path | None
    rule: CloudRule
    waiting: int


class AccountPage(QWidget):
    """What is known is shown at once; what is asked for comes in a thread of the page's own."""

    prompted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        # Waiting for a browser takes minutes: it must not hold up pictures.
        self.background = Background(self)
        self._stop = threading.Event()
        self._packages: list[Package] = []
        self._payments: list[Any] = []
        self._facts: Facts | None = None
        # The computers with a licence, each with whether it is this one; asked for again when the licence has changed.
        self._seats: list[tuple[Any, bool]] = []
        self._seats_for: Licence | None = None
        # Payments are asked for again when the balance has become another one.
        self._paid_for: Balance | None = None
        self.url = ""
        self._shown: tuple[QWidget, ...] = ()
        # What the parts that are shown were made of: they are made anew when it is something else, or a press would
        # miss its button while a rendering goes on.
        self._made_of: object = None
        self._states: dict[str, QLabel] = {}
        # Once for all of a batch.
        self._soon = QTimer(self, singleShot=True, interval=LOOK_AGAIN_MS)
        self._soon.timeout.connect(self.look)
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(28, 20, 28, 24)
        self._inner.setSpacing(theme.GAP)
        inside = QWidget()
        inside.setLayout(self._inner)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.prompted.connect(self._on_prompt)
        desk.closed.connect(self._on_closed)
        desk.bridge.account_changed.connect(self.look)
        desk.bridge.job_changed.connect(self._look_soon)
        desk.bridge.progressed.connect(self._on_progress)
        desk.folder_changed.connect(self.look)
        self.look()

    @property
    def known(self) -> Account | None:
        """What is known of the account; None before it was read."""
        return self._facts.account if self._facts else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    @Slot()
    def look(self) -> None:
        """Show what is known, without asking anybody."""
        self.background.ask_anew("look", self._read, self._show)

    @Slot()
    def _look_soon(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _read(self) -> Facts:
        desk = self._desk.studio.account
        account = desk.snapshot()
        return Facts(
            account=account,
            cloud_jobs=desk.cloud.jobs.under_way(),
            synced_shoots=desk.synced_shoots(),
            fetches_into=desk.fetches_into,
            rule=desk.cloud.rule(),
            waiting=len(self._waiting_entries()) if account.is_signed_in else 0,
        )

    # --- verbs

    def sign_in(self, *, with_vault: bool = False) -> None:
        """Sign in through the browser."""
        desk = self._desk.studio.account
        if with_vault and not self._ask_new_passphrase():
            return
        self._stop.clear()

        def show(prompt: Any) -> None:
            self.prompted.emit(prompt)
            webbrowser.open(prompt.url)

        def work() -> Account | None:
            try:
                return desk.sign_in(show, is_stopped=self._stop.is_set, with_vault=with_vault)
            except Cancelled:
                return None

        self._fill(self._waiting("", ""))
        self.background.ask("sign-in", work, self._signed_in)

    def refresh(self) -> None:
        """Ask the service how everything stands; opens the vault, where there is one."""
        if self._desk.studio.account.connection.needs_passphrase:
            typed = self._ask_passphrase(tr("Passphrase of the account"))
            if not typed:
                return
            self._desk.studio.account.connection.passphrase = lambda: typed

        def work() -> Facts:
            self._desk.studio.account.refresh()
            return self._read()

        self.background.ask("refresh", work, self._refreshed)

    def sign_out(self) -> None:
        """Sign this computer out; everything on it stays."""
        self._change("sign-out", self._desk.studio.account.sign_out)

    def buy(self, package_id: str) -> None:
        """Open the payment page for a package."""
        self._ask("buy", lambda: webbrowser.open(self._desk.studio.account.buy(package_id).checkout_url or ""))

    def show_invoice(self, transaction_id: str) -> None:
        """Open the invoice of a purchase."""
        self._ask("invoice", lambda: webbrowser.open(self._desk.studio.account.invoice(transaction_id)))

    def pay(self) -> None:
        """Open the payment page of the purchase that waits once more."""
        if self.known and self.known.purchase:
            webbrowser.open(self.known.purchase.checkout_url or "")

    def renew(self) -> None:
        """Get the licence anew."""
        self._ask("renew", self._desk.studio.account.renew_licence)

    def free_seat(self, seat_id: str) -> None:
        """Take the licence from a computer that is not used any more, for this one where it has none."""
        desk = self._desk.studio.account

        def work() -> None:
            desk.free_seat(seat_id)
            if desk.licence().state is not LicenceState.VALID:
                desk.renew_licence()

        self.background.ask("free", work, self._freed)

    def toggle_sync(self) -> None:
        """Send the results of the open shoot, or stop that."""
        folder, desk = self._desk.folder, self._desk.studio.account
        if folder:
            self._change("sync", lambda: desk.sync_shoot(folder, folder not in desk.synced_shoots()))

    def choose_folder(self) -> None:
        """Choose where results of other computers are fetched to."""
        name = QFileDialog.getExistingDirectory(self, tr("Folder for results of other computers"))
        if name:
            self._change("into", lambda: self._desk.studio.account.fetch_into(Path(name)))

    def fetch_nothing(self) -> None:
        """Fetch no results of other computers any more; what came stays."""
        self._change("into", lambda: self._desk.studio.account.fetch_into(None))

    def pause(self) -> None:
        """Send and fetch no files for now, or go on."""
        paused = not (self.known and self.known.is_sync_paused)
        self._change("pause", lambda: self._desk.studio.account.pause_sync(paused))

    def dismiss(self) -> None:
        """Forget what was refused."""
        numbers = [item.number for item in self.known.refused] if self.known else []
        self._change("dismiss", lambda: self._desk.studio.account.dismiss(numbers))

    def send_waiting(self) -> None:
        """Let the service render what waits, after its price was said."""
        desk = self._desk.studio.account

        def work() -> tuple[list[HistoryEntry], int, int]:
            waiting = self._waiting_entries()
            entries = desk.cloud.renderable(waiting)
            price = desk.cloud.price(entries or waiting)  # of those that all stay here the first says why
            return entries, len(waiting) - len(entries), price

        self.background.ask("price", work, self._ask_to_send)

    def _ask_to_send(self, found: object) -> None:
        if isinstance(found, StudioError):
            self._desk.say(notice_of(found))
            return
        entries, stay, price = cast("tuple[list[HistoryEntry], int, int]", found)
        question = tr("{n} photos are rendered by the service.", len(entries)) + " "
        question += tr("This costs {n} credits when they are done.", price)
        if stay:
            question += " " + tr("{n} others can only be rendered on this computer.", stay)
        asked = QMessageBox.question(self, tr("Render in the cloud"), question)
        if asked == QMessageBox.StandardButton.Yes:
            self._change("send", lambda: self._desk.studio.account.cloud.send(entries))

    def choose_rule(self) -> None:
        """Let the service render by itself from now on, after its price was said, or end that."""
        if self._facts is None:
            return
        sheet = RuleSheet(self._facts.rule, self._facts.account, self)
        sheet.exec()
        sheet.deleteLater()
        if sheet.answer is not None:
            self.background.ask("rule", partial(self._desk.studio.set_cloud_rule, *sheet.answer), self._done)

    def render_here(self, job_id: str) -> None:
        """Take a job back from the service."""

        def work() -> list[Any]:
            self._desk.studio.account.cloud.render_here(job_id, self._desk.bridge.happened.emit)
            return [self._desk.studio.history.entry(job_id).job]

        self.background.ask(("here", job_id), work, self._came_back)

    def look_at(self, job_id: str) -> None:
        """Open a small copy of a doubtful result in the browser."""
        self._ask(("look", job_id), lambda: webbrowser.open(self._desk.studio.account.cloud.preview(job_id)))

    def decide(self, job_id: str, approved: bool) -> None:
        """Take a doubtful result of the service, or turn it down."""
        tell = self._desk.bridge.happened.emit
        self._ask(("decide", job_id), partial(self._desk.studio.account.cloud.decide, job_id, tell, approved=approved))

    # --- showing

    def _change(self, key: str, work: Callable[[], object]) -> None:
        """Do what this computer does by itself."""
        self.background.ask(key, work, self._done)

    def _ask(self, key: object, work: Callable[[], object]) -> None:
        """Do what the service answers."""
        self.background.ask(cast("str", key), work, self._answered)

    def _answered(self, answer: object) -> None:
        if not isinstance(answer, StudioError):
            self._desk.settle(ACCOUNT, CONNECTION)
        self._done(answer)

    def _done(self, answer: object) -> None:
        if isinstance(answer, StudioError):
            self._desk.say(notice_of(answer))
        self._desk.look_after_account()
        self.look()

    def _freed(self, answer: object) -> None:
        self._seats_for = None
        self._answered(answer)

    def _refreshed(self, answer: object) -> None:
        self._seats_for = None
        self._desk.look_after_account()
        if not isinstance(answer, StudioError):
            self._desk.settle(ACCOUNT, CONNECTION)
        self._show(answer)

    def _came_back(self, answer: object) -> None:
        if isinstance(answer, list):
            self._desk.service.take(cast("list[Any]", answer))
        self._done(cast("object", answer))

    def _signed_in(self, answer: object) -> None:
        self._done(answer)
        if isinstance(answer, Account):
            self._desk.settle(CONNECTION)
            message = tr("{email} is signed in on this computer.", email=isolated(answer.email))
            self._desk.say(Notice(title=tr("Signed in"), message=message, is_news=True, about=ACCOUNT))
            self.raise_()

    @Slot(object)
    def _on_prompt(self, prompt: Any) -> None:
        self.url = prompt.url
        self._fill(self._waiting(prompt.code, prompt.url))

    def _show(self, found: object) -> None:
        if isinstance(found, StudioError):
            self._desk.say(notice_of(found))
            return
        if "sign-in" in self.background.keys:
            return
        facts = self._facts = cast("Facts", found)
        known = facts.account
        made_of = self._made_of_what(facts)
        if made_of != self._made_of:
            self._fill(*(self._page(facts) if known.is_signed_in else self._signed_out(facts)))
            self._made_of = made_of
        for cloud in facts.cloud_jobs:
            self._show_state(cloud.job.id, _state_words(cloud))
        if not known.is_signed_in:
            self._seats, self._seats_for = [], None
        elif known.licence != self._seats_for:
            self._seats_for = known.licence
            self.background.ask("seats", self._read_seats, self._on_seats)
        if known.is_signed_in and not self._packages:
            self.background.ask("packages", self._desk.studio.account.packages, self._on_packages)
        if known.is_signed_in and known.balance != self._paid_for:
            self._paid_for = known.balance
            self.background.ask("payments", self._desk.studio.account.transactions, self._on_payments)

    def _made_of_what(self, facts: Facts) -> object:
        """Everything that the parts of the page depend on; how far a rendering is they show without being made anew."""
        jobs = [(cloud.job.id, cloud.progress == IN_REVIEW) for cloud in facts.cloud_jobs]
        others = (list(self._packages), list(self._payments), list(self._seats), self._desk.folder)
        return replace(facts, cloud_jobs=jobs), others

    @Slot(Progress)
    def _on_progress(self, event: Progress) -> None:
        self._show_state(event.job_id, percent(event.fraction))

    def _show_state(self, job_id: str, words: str) -> None:
        if state := self._states.get(job_id):
            state.setText(words)

    def _read_seats(self) -> list[tuple[Any, bool]]:
        desk = self._desk.studio.account
        return [(seat, desk.keeper.is_here(seat.installation)) for seat in desk.seats()]

    def _on_seats(self, found: object) -> None:
        if isinstance(found, list):
            self._seats = cast("list[tuple[Any, bool]]", found)
            self.look()

    def _on_packages(self, found: object) -> None:
        if isinstance(found, list):
            self._packages = cast("list[Package]", found)
            self.look()

    def _on_payments(self, found: object) -> None:
        if isinstance(found, list):
            self._payments = cast("list[Any]", found)
            self.look()

    def _page(self, facts: Facts) -> list[QWidget]:
        known = facts.account
        title = row(
            label(tr("Account"), "title"),
            label(f"\u2068{known.email}\u2069", "chip"),
            None,
            button(tr("Look again"), self.refresh, icon="retry"),
            button(tr("Sign out"), self.sign_out),
        )
        shoot = self._desk.folder
        made: list[QWidget] = [title]
        if known.refused:
            made.append(cards.refused_card(known.refused, self.dismiss))
        made.append(cards.credits_card(known, self._packages, self.buy, self.pay))
        if self._payments:
            made.append(cards.payments_card(self._payments, self.show_invoice))
        made.append(cards.licence_card(known, self.renew, self._seats, self.free_seat))
        is_synced = shoot in facts.synced_shoots
        verbs = {"toggle": self.toggle_sync, "choose": self.choose_folder, "pause": self.pause}
        verbs |= {"fetch_nothing": self.fetch_nothing}
        made.append(cards.sync_card(known, shoot, is_synced, facts.fetches_into, **verbs))
        rows, rule = self._cloud_rows(facts), rule_words(facts.rule)
        made.append(cards.cloud_card(rows, facts.waiting, self.send_waiting, rule, self.choose_rule))
        return made

    def _cloud_rows(self, facts: Facts) -> list[QWidget]:
        self._states.clear()
        return [self._cloud_row(cloud) for cloud in facts.cloud_jobs]

    def _cloud_row(self, cloud: Any) -> QWidget:
        job_id, name = cloud.job.id, cloud.job.shot.front.name
        if cloud.progress == IN_REVIEW and self.known and self.known.is_signed_in:
            look = button(tr("Look at it"), partial(self.look_at, job_id), about=name)
            take = button(tr("Take it"), partial(self.decide, job_id, True), about=name)
            turn = button(tr("Turn it down"), partial(self.decide, job_id, False), about=name)
            words = label(tr("Doubtful: taking it spends the credit"), "muted")
            return cards.named_row(name, words, look, take, turn)
        state = self._states[job_id] = label(_state_words(cloud), "muted")
        return cards.named_row(name, state, button(tr("Render here"), partial(self.render_here, job_id), about=name))

    def _waiting_entries(self) -> list[HistoryEntry]:
        queued = [job for job in self._desk.studio.queue.jobs() if job.status is JobStatus.QUEUED]
        return [HistoryEntry(job=job) for job in queued]

    def _signed_out(self, facts: Facts) -> list[QWidget]:
        """What is shown to nobody; jobs of a sign-in that the service ended can still be taken back."""
        rows = self._cloud_rows(facts)
        return [self._nobody(), *([cards.left_card(rows)] if rows else [])]

    def _nobody(self) -> QWidget:
        words = tr("Everything on this computer works without an account, unmetered, for ever.") + " "
        words += tr("An account adds cloud rendering, more watched folders, and results on several computers.")
        enter = button(tr("Sign in"), self.sign_in, kind="primary")
        vault = button(tr("Sign in with a passphrase…"), partial(self.sign_in, with_vault=True), kind="link")
        return empty_state("account", tr("No account needed"), words, enter, vault)

    def _waiting(self, code: str, url: str) -> QWidget:
        self._states.clear()  # their rows go
        if not code:
            return empty_state("account", tr("Opening the browser…"), "", button(tr("Cancel"), self._stop.set))
        words = tr("Approve the sign-in in the browser if it shows this code: {code}", code=f"\u2068{code}\u2069")
        again = button(tr("Open the browser again"), partial(webbrowser.open, url))
        # For another browser, or where the system opens none.
        copy = button(tr("Copy the address"), partial(QGuiApplication.clipboard().setText, url))
        cancel = button(tr("Cancel"), self._stop.set)
        return empty_state("account", tr("Waiting for the browser"), words, again, copy, cancel)

    def _fill(self, *parts: QWidget) -> None:
        focus = self.focusWidget()
        place = next((place for place, each in enumerate(_buttons(self._shown)) if each is focus), None)
        self._shown, self._made_of = parts, None
        while item := self._inner.takeAt(0):
            if widget := item.widget():
                widget.hide()  # at once: it is deleted only when the event loop comes to it
                widget.deleteLater()
        for part in parts:
            self._inner.addWidget(part, 1 if len(parts) == 1 else 0)
        if len(parts) > 1:
            self._inner.addStretch(1)
        if place is not None and (made := _buttons(parts)):
            made[min(place, len(made) - 1)].setFocus()  # the keys stay where they were

    def _ask_new_passphrase(self) -> bool:
        """Let a person choose the vault's passphrase, twice the same."""
        typed = [self._ask_passphrase(title) for title in (tr("Choose a passphrase"), tr("The passphrase once more"))]
        if "" in typed:
            return False
        if typed[0] != typed[1]:
            words = tr("The passphrase was typed in two ways. Sign in again, and type the same one twice.")
            self._desk.say(Notice(title=tr("Not the same"), message=words))
            return False
        self._desk.studio.account.connection.passphrase = lambda: typed[0]
        return True

    def _ask_passphrase(self, title: str) -> str:
        words = tr("It opens the encrypted file that keeps the account's secrets on this computer.")
        text, sure = QInputDialog.getText(self, title, words, QLineEdit.EchoMode.Password)
        return text if sure else ""

    @Slot()
    def _on_closed(self) -> None:
        self._stop.set()
        self._soon.stop()
        self.background.close()


def _state_words(cloud: Any) -> str:
    """How far a rendering is."""
    return percent(max(cloud.progress, 0) / 100) if cloud.remote_id else tr("on its way")


def _buttons(parts: Sequence[QWidget]) -> list[QPushButton]:
    return [made for part in parts for made in part.findChildren(QPushButton)]
