"""Whether a Celery worker still turns: its loop touches a file, and a probe looks how old that is."""

import time
from pathlib import Path
from typing import Any

TOUCH_S = 10.0


def seconds_since_alive(file: Path) -> float | None:
    """How long ago a worker of this machine touched `file`; None = there was none."""
    try:
        return max(time.time() - file.stat().st_mtime, 0.0)
    except FileNotFoundError:
        return None


def watch(app: Any, file: Path) -> None:
    """Let every worker of a Celery app touch `file` from its own loop: a loop that hangs stops touching."""
    from celery import bootsteps

    class Alive(bootsteps.StartStopStep):
        requires = ("celery.worker.components:Timer",)

        def start(self, parent: Any) -> None:
            file.touch()
            parent.timer.call_repeatedly(TOUCH_S, file.touch, priority=10)

    app.steps["worker"].add(Alive)
