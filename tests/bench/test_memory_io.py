"""How much memory reading, restoring, composing and exporting take: bounded at 100 MP, flat over many photos."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is asked of Linux' /proc"),
]

CHILD = """
import json, re, sys
from pathlib import Path
import cv2, numpy as np
from studio.engine.image import read_photo
from studio.engine.stage import Frame, StageContext
from studio.engine.stages.compose import Compose
from studio.engine.stages.export import Export
from studio.engine.stages.restore import Restore
from studio.model import Format, OutputStep, Recipe, Shot

photo, out, kind, times = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
recipe = Recipe(output=OutputStep(format=Format(kind), layers=True))
context = StageContext(recipe=recipe, seed=0, destination=out / "a", review_destination=out / "r")
peaks = []
for _ in range(times):
    raster = read_photo(photo)
    height, width = raster.pixels.shape[:2]
    garment = np.zeros((height, width), np.uint8)
    garment[height // 6 : height * 5 // 6, width // 5 : width * 4 // 5] = 255
    garment = cv2.blur(garment, (7, 7))
    frame = Frame(shot=Shot(front=photo), photo=raster, garment=garment, confidence=0.9)
    for stage in (Restore(), Compose(), Export()):
        frame = stage.run(frame, context)
    del frame, raster, garment
    # Not getrusage, whose peak a child process inherits from its parent.
    peaks.append(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) >> 10)
print(json.dumps(peaks))
"""


def peaks_mb(photo: Path, out: Path, kind: str, times: int) -> list[int]:
    """The highest memory of a process of its own after each of `times` runs, in MB."""
    words = [sys.executable, "-c", CHILD, str(photo), str(out), kind, str(times)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def fabric(height: int, width: int) -> np.ndarray:
    tile = np.random.default_rng(2).integers(90, 160, (512, 512, 3), dtype=np.uint8)
    return cv2.resize(np.tile(tile, (2, 2, 1)), (width, height), interpolation=cv2.INTER_LINEAR)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("kind", "depth", "limit_mb"), [("jpg", 8, 2000), ("tiff", 16, 3000)])
def test_a_hundred_megapixels_stay_within_bounds(tmp_path, kind, depth, limit_mb):
    photo = tmp_path / "back.tif"
    pixels = fabric(11_600, 8_700)
    cv2.imwrite(str(photo), pixels if depth == 8 else pixels.astype(np.uint16) * 257)
    del pixels
    (peak,) = peaks_mb(photo, tmp_path / "out", kind, 1)
    print(f"100 MP, {depth} bit, to {kind}: {peak} MB")
    assert peak < limit_mb


@pytest.mark.timeout(400)
def test_memory_is_flat_over_many_photos(tmp_path):
    photo = tmp_path / "photo.jpg"
    Image.fromarray(fabric(4000, 3000)).save(photo, quality=90)
    peaks = peaks_mb(photo, tmp_path / "out", "png", 25)
    print(f"12 MP, 25 times, to png: {peaks[0]} MB at first, {peaks[-1]} MB at last")
    assert peaks[-1] - peaks[4] < 40
