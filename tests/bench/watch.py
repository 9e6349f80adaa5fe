"""What watching costs and misses: latency from a file's last byte to a queued job, CPU while idle on a large tree, and
files lost or read half-written in a scenario of slow, renamed and pre-allocated files, against `rembg p -w`.

    python -m tests.bench.watch [latency|idle|scenario] [--rembg PATH_OF_REMBG]

Photos of `scenario` are the samples at 3 megapixels, and it runs the real engine. rembg comes from an environment of
its own (`pip install "rembg[cpu,cli]" watchdog`), with `U2NET_HOME` holding u2netp.onnx.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from studio.jobs.watch_store import WatchStore
from studio.jobs.watched import WatchedFolder
from studio.recipes import BUILT_IN

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources" / "samples"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("what", nargs="?", choices=("latency", "idle", "scenario"))
    words.add_argument("--rembg")
    given = words.parse_args()
    for name, run in (("latency", latency), ("idle", idle)):
        if given.what in (None, name):
            run()
    if given.what in (None, "scenario"):
        scenario(given.rembg)


class Watched:
    """`modamoda watch` as a process, with the fake engine unless told otherwise; its lines with the time they came."""

    def __init__(self, folder: Path, *words: str, program: str = "tests.flow.modamoda") -> None:
        self.folder, self.out = folder / "in", folder / "out"
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"MODAMODA_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", program, "watch", str(self.folder), "--out", str(self.out), "--json", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
        self.lines: list[tuple[float, dict[str, str]]] = []
        threading.Thread(target=self._read, daemon=True).start()
        while not self.lines:
            time.sleep(0.05)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append((time.time(), json.loads(line)))

    def when(self, event: str, name: str, within_s: float = 60) -> float:
        until = time.time() + within_s
        while time.time() < until:
            for moment, line in list(self.lines):
                if line["event"] == event and Path(line.get("photo", "")).name == name:
                    return moment
            time.sleep(0.01)
        raise TimeoutError(name)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def latency(count: int = 20) -> None:
    for settle in ("0.5", "2"):
        with tempfile.TemporaryDirectory() as place:
            watched = Watched(Path(place), "--settle", settle)
            time.sleep(2)
            found = []
            for number in range(count):
                (watched.folder / f"{number}.jpg").write_text(json.dumps({"text": number}))
                written = time.time()
                found.append(watched.when("queued", f"{number}.jpg") - written)
            watched.stop()
        worst = max(found)
        print(f"latency, settle {settle} s: median {statistics.median(found):.2f} s, worst {worst:.2f} s of {count}")


def idle(files: int = 20_000, seconds: float = 60.0) -> None:
    with tempfile.TemporaryDirectory() as place:
        fill(Path(place), files)
        watched = Watched(Path(place))
        time.sleep(15)
        family = [psutil.Process(watched.process.pid)]
        family += family[0].children(recursive=True)
        before = sum(sum(each.cpu_times()[:2]) for each in family)
        time.sleep(seconds)
        used = sum(sum(each.cpu_times()[:2]) for each in family) - before
        memory_mb = sum(each.memory_info().rss for each in family) / 1e6
        watched.stop()
        assert not any(line["event"] == "queued" for _, line in watched.lines)
    print(f"idle, {files} files done before: {100 * used / seconds:.2f} % of one core, {memory_mb:.0f} MB")


def fill(place: Path, files: int) -> None:
    """A tree of files that were all dealt with before."""
    folder = place / "in"
    with WatchStore(place / "home" / "jobs.sqlite3") as memory:
        watched = memory.keep(WatchedFolder(id="", folder=folder, out=place / "out", recipe=BUILT_IN["invisible"]))
    rows = []
    for number in range(files):
        path = folder / f"day {number // 200:03}" / f"{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        stamp = json.dumps([1, path.stat().st_mtime_ns])
        rows.append((watched.id, os.fsencode(path), stamp, watched.recipe.fingerprint, "failed", "2026-11-24"))
    with contextlib.closing(sqlite3.connect(place / "home" / "jobs.sqlite3")) as connection:
        insert = "INSERT INTO watched_files (watched_id, path, stamp, recipe, outcome, at) VALUES (?, ?, ?, ?, ?, ?)"
        connection.executemany(insert, rows)
        connection.commit()


def photo(number: int) -> bytes:
    """A sample photo at about 3 megapixels, different for each number."""
    fronts = sorted(path for path in SAMPLES.glob("*.jpg") if "inside" not in path.stem)
    picture = Image.open(fronts[number % len(fronts)]).convert("RGB").resize((1536, 2048), Image.Resampling.BICUBIC)
    marked = np.asarray(picture).copy()
    marked[0, :32] = number  # the same content is not done twice
    stream = io.BytesIO()
    Image.fromarray(marked).save(stream, "JPEG", quality=95)
    return stream.getvalue()


def arrive(folder: Path) -> list[str]:
    """Nine photos arrive: three slowly, three into room made in advance, three by rename; returns their stems."""
    stems = []
    for number in range(3):
        data = photo(number)
        with (folder / f"slow{number}.jpg").open("wb", buffering=0) as stream:
            for start in range(0, len(data), 65_536):
                stream.write(data[start : start + 65_536])
                time.sleep(0.1)
        room = folder / f"room{number}.jpg"
        data = photo(10 + number)
        room.write_bytes(bytes(len(data)))
        time.sleep(0.7)
        with room.open("r+b") as stream:
            stream.write(data)
        hidden = folder / f".renamed{number}.part"
        hidden.write_bytes(photo(20 + number))
        hidden.rename(folder / f"renamed{number}.jpg")
        stems += [f"slow{number}", f"room{number}", f"renamed{number}"]
    return stems


def verdict(name: str, folder: Path, out: Path, stems: list[str]) -> None:
    """Count what is missing, and what shows other pixels than its photo where it shows the photo at all."""
    lost = [stem for stem in stems if not (out / f"{stem}.png").exists()]
    half = [stem for stem in stems if stem not in lost and not is_whole(folder / f"{stem}.jpg", out / f"{stem}.png")]
    print(f"scenario, {name}: {len(stems)} photos, lost {len(lost)} {lost}, half-read {len(half)} {half}")


def is_whole(source: Path, result: Path) -> bool:
    try:
        made = np.asarray(Image.open(result).convert("RGBA")).astype(int)
    except OSError:
        return False
    there = np.asarray(Image.open(source).convert("RGB")).astype(int)
    shown = (made[..., 3] > 250) & (made[..., :3].min(axis=2) < 250)
    middle = np.zeros_like(shown)
    middle[500:1700, 500:1036] = True
    same = np.abs(made[..., :3] - there).max(axis=2) <= 3
    return made.shape[:2] == there.shape[:2] and bool(same[shown & middle].mean() > 0.8)


def scenario(rembg: str | None) -> None:
    with tempfile.TemporaryDirectory() as place:
        watched = Watched(Path(place), "--settle", "0.5", program="tests.bench.real")
        stems = arrive(watched.folder)
        for stem in stems:
            finished(watched, f"{stem}.jpg")
        watched.stop()
        review = watched.out / "_review"
        for path in review.glob("*.png") if review.is_dir() else ():
            shutil.copy(path, watched.out / path.name)
        verdict("modamoda watch", watched.folder, watched.out, stems)
    if rembg:
        against(rembg)


def finished(watched: Watched, name: str) -> None:
    until = time.time() + 120
    ends = ("done", "needs_review", "failed")
    while time.time() < until:
        if any(
            line["event"] in ends and Path(line["photo"]).name == name
            for _, line in list(watched.lines)
            if "photo" in line
        ):
            return
        time.sleep(0.1)


def against(rembg: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, out = Path(place) / "in", Path(place) / "out"
        folder.mkdir()
        out.mkdir()
        process = subprocess.Popen([rembg, "p", "-w", "-m", "u2netp", str(folder), str(out)])
        time.sleep(25)
        stems = arrive(folder)
        time.sleep(45)
        process.terminate()
        process.wait(10)
        verdict("rembg p -w", folder, out, stems)


if __name__ == "__main__":
    main()
