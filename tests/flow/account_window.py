"""The window in a process of its own: signs in, buys credits, waits until they are shown; a picture of each step."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from studio.app import Home, Studio
from studio.sync.connection import Surroundings
from studio.ui.main import Desktop
from tests.fakes.account import Memory

PATIENCE_S = 90


def main(folder: Path, language: str) -> None:
    app = QApplication([])
    surroundings = Surroundings(credentials=Memory())
    desktop = Desktop(app, Studio(Home(folder=folder), engine="tests.fakes.pictures", surroundings=surroundings))
    desktop.state.keep_text("language", language)
    desktop.rebuild()
    desktop.window.resize(1280, 860)
    desktop.window.show()
    desktop.window.show_page("account")
    page = desktop.window.page("account")

    def wait(done: Callable[[], object], what: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while not done():
            app.processEvents()
            time.sleep(0.01)
            if time.monotonic() > until:
                raise SystemExit(f"{what} did not happen: {[label.text() for label in page.findChildren(QLabel)]}")

    def offers() -> list[QPushButton]:
        return [made for made in page.findChildren(QPushButton) if "9.00" in made.text() or "٩" in made.text()]

    def take(name: str) -> None:
        app.processEvents()
        desktop.window.grab().save(str(folder / f"{language}-{name}.png"))

    wait(lambda: page.background.is_idle, "the first look")
    take("1-nobody")
    page.sign_in()
    wait(lambda: page.url, "the code")
    take("2-waiting")
    wait(lambda: page.known is not None and page.known.is_signed_in and offers(), "the sign-in")
    offers()[0].click()
    wait(lambda: page.known.purchase is not None, "the purchase")
    take("3-buying")
    wait(lambda: page.known.balance and page.known.balance.available == 10, "the credits")
    started = time.monotonic()
    wait(lambda: time.monotonic() > started + 0.5, "a breath")
    take("4-paid")
    print(f"{page.known.balance.available} credits", flush=True)  # noqa: T201
    desktop.window.close()
    desktop.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
