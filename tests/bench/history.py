"""How fluid the history is with 100,000 rows: counting, paging, searching, scrolling, off a database made here.

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

from PySide6.QtWidgets import QApplication

from studio.app import Home, Studio
from studio.model import HistoryQuery, JobStatus, Recipe
from studio.ui.first_run import SEEN
from studio.ui.main import Desktop

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


def measure(app: QApplication, desktop: Desktop, rows: int) -> None:
    """Print what each step takes in the GUI thread."""
    window = desktop.window
    told("the page is shown", [taken(lambda: (window.show_page("history"), app.processEvents()))])
    page = window.page("history")
    assert page.model.rowCount() == rows
    bar = page.table.verticalScrollBar()
    places = [round(bar.maximum() * step / 60) for step in range(61)]
    told("a jump to another place", [taken(lambda at=place: (bar.setValue(at), page.grab())) for place in places])
    bar.setValue(bar.maximum() // 2)
    told("a step of the wheel", [taken(lambda: (bar.setValue(bar.value() + 120), page.grab())) for _ in range(60)])
    for words in ("look_0777", "shop", "nothing is called that"):
        page.search.setText(words)
        told(f"search for {words!r}", [taken(page.look)])
        print(f"    {page.model.rowCount()} found")
    told("status and month", [taken(lambda: page.model.look_for(HistoryQuery(status=JobStatus.FAILED)))])


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
