"""A child process that asks the studio engine's networks about a photo while it is edited.

A window must not import torch, and a network that crashes or takes all memory must not take the window along. One line
of JSON in, one line of JSON out; the child is started when it is first asked and ends when nobody edits any more.
"""

import base64
import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from studio.bundled import use_addon
from studio.errors import EngineError, PhotoError, StudioError
from studio.jobs.child import end_child, open_child, pipes_to_parent
from studio.model import FigureStep
from studio.settings import Home

if TYPE_CHECKING:
    from studio.engine.asked import Eyes


class Asking:
    """The parent's side; for any thread, one question at a time."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def region(self, photo: Path, at: tuple[float, float]) -> tuple[tuple[float, float], ...]:
        """The outline of what lies under a point of a photo; () where nothing does. Raises StudioError."""
        points: list[list[float]] = self._ask({"what": "region", "photo": os.fsdecode(photo), "at": list(at)})
        return tuple((float(x), float(y)) for x, y in points)

    def pose(self, photo: Path) -> str:
        """How the person in a photo stands, as OpenPose's JSON. Raises StudioError."""
        return str(self._ask({"what": "pose", "photo": os.fsdecode(photo)}))

    def figure(self, photo: Path, pose: str, garment: bytes, step: FigureStep) -> bytes:
        """A draft of the figure in `pose` (OpenPose's JSON) as PNG; garment: its mask as PNG. Raises StudioError."""
        question = {"what": "figure", "photo": os.fsdecode(photo), "pose": pose, "step": dataclasses.asdict(step)}
        return base64.b64decode(self._ask(question | {"garment": base64.b64encode(garment).decode()}))

    def close(self) -> None:
        """End the child at once; a question that waits for it ends with an EngineError."""
        process, self._process = self._process, None
        if process:
            end_child(process)

    def _ask(self, question: dict[str, Any]) -> Any:
        with self._turn:
            process = self._process = self._at_hand()
            line = b""
            with contextlib.suppress(OSError, ValueError):  # closed under our hands, or dead: no answer
                assert process.stdin
                assert process.stdout
                process.stdin.write(json.dumps(question).encode() + b"\n")
                process.stdin.flush()
                line = process.stdout.readline()
        if not line:
            raise EngineError("No answer", "The networks ended before they answered.", "Try again; the log tells more.")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            title, message, hint = answer["error"]
            raise (PhotoError if answer["is_photo"] else EngineError)(title, message, hint)
        return answer["answer"]

    def _at_hand(self) -> "subprocess.Popen[bytes]":
        """The child that runs, or another one."""
        process = self._process
        if process and process.poll() is None:
            return process
        self.close()
        return open_child("studio.jobs.asking", str(self._home.folder))


def main() -> None:
    """Answer questions until the parent is gone."""
    reading, writing = pipes_to_parent()
    home = Home(folder=Path(sys.argv[1]))
    use_addon(home.addon)
    _answer(reading, writing, home)


def _answer(reading: IO[bytes], writing: IO[bytes], home: Home) -> None:
    from studio.engine.asked import Eyes

    eyes = Eyes(home.models, os.environ.get("MODAMODA_DEVICE", "auto"))
    for line in reading:
        try:
            told: dict[str, Any] = {"answer": _told(eyes, json.loads(line))}
        except StudioError as error:
            told = {"error": [error.title, error.message, error.hint], "is_photo": isinstance(error, PhotoError)}
        except Exception as error:
            message = f"The networks failed: {type(error).__name__}: {error}"
            told = {"error": ["No answer", message, "Verify the models under Models."], "is_photo": False}
        writing.write(json.dumps(told).encode() + b"\n")
        writing.flush()


def _told(eyes: "Eyes", question: dict[str, Any]) -> object:
    from studio.engine.preview import from_png, to_png
    from studio.engine.skeleton import from_json, to_json

    photo = Path(question["photo"])
    if question["what"] == "pose":
        return to_json(eyes.pose(photo))
    if question["what"] == "figure":
        garment = from_png(base64.b64decode(question["garment"]))
        drawn = eyes.figure(photo, from_json(question["pose"]), garment, FigureStep(**question["step"]))
        return base64.b64encode(to_png(drawn)).decode()
    x, y = question["at"]
    return eyes.region(photo, (x, y))


if __name__ == "__main__":
    main()
