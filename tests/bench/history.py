"""How fluid the history is with 100,000 rows: paging, searching, sorting, scrolling, off a database made here.

QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.bench.history [ROWS]
"""

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from studio.app import Home, Studio
from studio.model import HistoryQuery, JobStatus, Recipe
from studio.ui.first_run import SEEN
from studio.ui.main import Desktop
from studio.ui.models.history import ORDERS, HistoryModel

STATUSES = (JobStatus.DONE, JobStatus.DONE, JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


def main(rows: int) -> None:
    app = QApplication([])
    with tempfile.TemporaryDirectory() as name:
        home = Home(folder=Path(name) / "home")
        Studio(home).close()
        fill(home.database, rows)
        desktop = Desktop(app, Studio(home))
        desktop.state.keep_text(SEEN, "yes")
        desktop.window.resize(1440, 900)
        desktop.window.show()
        measure(app, desktop, rows)
        desktop.window.close()
        desktop.close()


def fill(database: Path, rows: int) -> None:
    """Put so many jobs, each with one file, into the database of a home."""
    recipes = [replace(Recipe(), name=name).to_json() for name in ("invisible", "cutout", "for the shop")]
    start = datetime.now(UTC) - timedelta(days=700)
    with sqlite3.connect(database) as connection:
        for number in range(rows):
            photo = os.fsencode(f"/shoots/{number // 200:04}/look_{number:06}_front.jpg")
            at = (start + timedelta(minutes=10 * number)).isoformat()
            out = os.fsencode(f"/finished/{number // 200:04}/look_{number:06}_front")
            connection.execute(
                "INSERT INTO jobs (id, front, source_hash, recipe, seed, destination, review_destination, intake_key,"
                " status, created_at, finished_at, confidence) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, 0.97)",
                (f"{number:032x}", photo, f"{number:064x}", recipes[number % 3], out, out, f"{number:064x}",
                 STATUSES[number % 5], at, at),
            )  # fmt: skip
            connection.execute(
                "INSERT INTO files (job_id, path, sha256, planned) VALUES (?, ?, '', 0)",
                (f"{number:032x}", out + b".png"),
            )
            models = ("garment", "sdxl-base") if number % 3 == 2 else ("garment",)
            connection.executemany(
                "INSERT INTO models_used SELECT ?, number FROM jobs WHERE id = ?",
                [(model, f"{number:032x}") for model in models],
            )


def measure(app: QApplication, desktop: Desktop, rows: int) -> None:
    """Print what each step takes in the GUI thread."""
    window = desktop.window
    told("the page is shown", [taken(lambda: (window.show_page("history"), app.processEvents()))])
    page = window.page("history")
    wait(app, lambda: page.model.rowCount() == rows)
    bar = page.table.verticalScrollBar()
    places = [round(bar.maximum() * step / 60) for step in range(61)]
    told("a jump to another place", [taken(lambda at=place: (bar.setValue(at), page.grab())) for place in places])
    bar.setValue(bar.maximum() // 2)
    told("a step of the wheel", [taken(lambda: (bar.setValue(bar.value() + 120), page.grab())) for _ in range(60)])
    now = datetime.now(UTC)
    month = HistoryQuery(since=now - timedelta(days=400), until=now - timedelta(days=370))
    searches = {f"search for {words!r}": HistoryQuery(text=words) for words in ("look_0777", "shop", "not there")}
    searches |= {"status": HistoryQuery(status=JobStatus.FAILED), "model": HistoryQuery(model="sdxl-base")}
    searches |= {"a month of last year": month}
    for words, query in searches.items():
        search(app, page.model, words, lambda query=query: page.model.look_for(query))
    page.model.look_for(HistoryQuery())
    for column, order in ORDERS.items():
        search(app, page.model, f"sorted by {order}", lambda column=column: page.model.sort(column))


def search(app: QApplication, model: HistoryModel, words: str, ask: Callable[[], None]) -> None:
    """Print until when the rows are there, and the longest time that the window did not answer meanwhile."""
    there = QSignalSpy(model.found)
    turns = []
    began = time.perf_counter()
    ask()
    while not there.count():
        turns.append(taken(app.processEvents))
        time.sleep(0.001)
    seconds = time.perf_counter() - began
    print(f"{words}: {model.rowCount()} rows after {seconds:.2f} s, the window held up for {max(turns):.0f} ms at most")


def wait(app: QApplication, done: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    while not done():
        app.processEvents()
        time.sleep(0.001)


def taken(step: Callable[[], object]) -> float:
    """Milliseconds of the clock."""
    began = time.perf_counter()
    step()
    return (time.perf_counter() - began) * 1000


def told(what: str, found: list[float]) -> None:
    """One line: the median and the longest."""
    print(f"{what}: median {statistics.median(found):.0f} ms, longest {max(found):.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
