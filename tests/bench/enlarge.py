"""Real-ESRGAN x4 against Lanczos on photographs made four times smaller, with the real weights.

    python -m tests.bench.enlarge MODELS PHOTO... [--crop 256] [--sharpest 24] [--kinds clean mild web trained]

MODELS: a models' folder that holds real-esrgan-x4plus or real-esrgan-x4plus-ncnn. Of each photo that is at least three
crops wide and high one crop is taken: from its middle, or with `--where finest` the one with the strongest fine
structure, of which a quarter of the pixels can hold the least. It is made four times smaller in one of these ways,
enlarged by both, and compared with what it was:

clean    areas averaged: an ideal camera of fewer pixels
mild     blurred by a pixel, areas averaged, JPEG 90: a good small picture of a shop
web      blurred by 1.5 pixels, averaged, noise of 6 steps, JPEG 75: a picture that has been passed on
trained  blur, scale, noise and JPEG twice over, by chance within the ranges that Real-ESRGAN was trained on

PSNR, SSIM (Wang et al. 2004) and GMSD (gradient magnitude similarity deviation, Xue et al. 2014: what eyes see as
distorted edges; lower is better) are of luma. Sharpness is the mean gradient as a share of the original's.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from studio.engine.gpu import device as devices
from studio.engine.gpu import upscale
from studio.engine.gpu.runtime import Runtime
from studio.engine.models.catalog import catalog_of
from studio.engine.models.store import ModelStore
from tests.fakes import torchvision

TIMES = 4
LEAST_CROPS = 3
ANY_SCALE = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)

Picture = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How near an enlarged picture is to the original."""

    psnr_db: float
    ssim: float
    gmsd: float
    sharpness: float


def main(words: list[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--crop", type=int, default=256)
    parser.add_argument("--where", choices=["middle", "finest"], default="middle")
    parser.add_argument("--kinds", nargs="*", choices=list(KINDS), default=list(KINDS))
    options = parser.parse_args(words)
    torchvision.make_importable()
    runtime = Runtime(ModelStore(options.models), catalog_of(options.models), devices.processor())
    network = upscale.load(runtime, runtime.first_of(*upscale.MODELS))
    find = finest if options.where == "finest" else middle
    read = [picture for path in options.photos if (picture := cv2.imread(str(path))) is not None]
    large = [picture for picture in read if min(picture.shape[:2]) >= LEAST_CROPS * options.crop]
    originals = [cv2.cvtColor(find(picture, options.crop), cv2.COLOR_BGR2RGB) for picture in large]
    print(f"{len(originals)} crops of {options.crop} pixels ({options.where}) of {len(read)} photos", flush=True)
    for name in options.kinds:
        _compare(name, originals, lambda small: upscale.enlarge(network, small))
    return 0


def middle(picture: Picture, side: int) -> Picture:
    """The crop amid the picture, a little above: where garments are."""
    top, left = (picture.shape[0] - side) // 3, (picture.shape[1] - side) // 2
    return picture[top : top + side, left : left + side]


def finest(picture: Picture, side: int) -> Picture:
    """The crop with the strongest fine structure."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    fine = cv2.boxFilter((grey - cv2.GaussianBlur(grey, (0, 0), 1)) ** 2, -1, (side, side))
    whole = fine[side // 2 : -side // 2 : 8, side // 2 : -side // 2 : 8]
    row, column = np.unravel_index(int(whole.argmax()), whole.shape)
    return picture[8 * row : 8 * row + side, 8 * column : 8 * column + side]


def _compare(kind: str, originals: list[Picture], enlarge: Callable[[Picture], Picture]) -> None:
    network, lanczos = [], []
    for number, original in enumerate(originals):
        small = KINDS[kind](original, np.random.default_rng(number))
        size = original.shape[1], original.shape[0]
        network.append(figures(original, enlarge(small)))
        lanczos.append(figures(original, cv2.resize(small, size, interpolation=cv2.INTER_LANCZOS4)))
    for method, rows in (("Real-ESRGAN", network), ("Lanczos", lanczos)):
        psnr, ssim, gmsd, sharp = np.mean([astuple(row) for row in rows], axis=0)
        print(f"{kind:8} {method:12} PSNR {psnr:6.2f} dB  SSIM {ssim:.4f}  GMSD {gmsd:.4f}  sharpness {sharp:.2f}")
    better = [
        (one.psnr_db > other.psnr_db, one.ssim > other.ssim, one.gmsd < other.gmsd)
        for one, other in zip(network, lanczos, strict=True)
    ]
    wins = np.sum(better, axis=0)
    print(f"{kind:8} Real-ESRGAN is nearer in {wins[0]} by PSNR, {wins[1]} by SSIM, {wins[2]} by GMSD", flush=True)


def figures(original: Picture, made: Picture) -> Figures:
    """Both (h, w, 3) uint8 RGB."""
    first, second = (cv2.cvtColor(one, cv2.COLOR_RGB2GRAY).astype(np.float64) for one in (original, made))
    return Figures(
        psnr_db=float(10 * np.log10(255**2 / max(1e-9, np.mean((first - second) ** 2)))),
        ssim=_ssim(first, second),
        gmsd=_gmsd(first, second),
        sharpness=_gradient(second) / _gradient(first),
    )


def _ssim(first: Picture, second: Picture) -> float:
    def mean(values: Picture) -> Picture:
        return cv2.GaussianBlur(values, (11, 11), 1.5)

    one, two = mean(first), mean(second)
    spread = mean(first * first) - one * one, mean(second * second) - two * two
    common = mean(first * second) - one * two
    low, high = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    share = (2 * one * two + low) * (2 * common + high) / ((one**2 + two**2 + low) * (sum(spread) + high))
    return float(share.mean())


def _gmsd(first: Picture, second: Picture) -> float:
    """The paper's: both halved by averages, Prewitt's gradients, the spread of their similarity."""
    slopes = []
    for picture in (first, second):
        half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        across = np.array([[1, 0, -1]] * 3) / 3
        slopes.append(np.hypot(cv2.filter2D(half, -1, across), cv2.filter2D(half, -1, across.T)))
    one, two = slopes
    return float(((2 * one * two + 170) / (one**2 + two**2 + 170)).std())


def _gradient(picture: Picture) -> float:
    return float(np.hypot(cv2.Sobel(picture, cv2.CV_64F, 1, 0), cv2.Sobel(picture, cv2.CV_64F, 0, 1)).mean())


def _quarter(picture: Picture) -> Picture:
    return cv2.resize(picture, None, fx=1 / TIMES, fy=1 / TIMES, interpolation=cv2.INTER_AREA)


def _clean(picture: Picture, _: np.random.Generator) -> Picture:
    return _quarter(picture)


def _mild(picture: Picture, _: np.random.Generator) -> Picture:
    return _packed(_quarter(cv2.GaussianBlur(picture, (0, 0), 1)), 90)


def _web(picture: Picture, chance: np.random.Generator) -> Picture:
    return _packed(_noisy(_quarter(cv2.GaussianBlur(picture, (0, 0), 1.5)), 6, chance), 75)


def _trained(picture: Picture, chance: np.random.Generator) -> Picture:
    """Real-ESRGAN's two orders (Wang et al. 2021, table of settings), without its filters against rings."""
    small = picture.shape[1] // TIMES, picture.shape[0] // TIMES
    first = _order(picture, (picture.shape[1], picture.shape[0]), chance, blur=3.0, scale=(0.15, 1.5), noise=30)
    second = _order(first, small, chance, blur=1.5, scale=(0.3, 1.2), noise=25)
    return cv2.resize(second, small, interpolation=int(chance.choice(ANY_SCALE)))


def _order(
    picture: Picture,
    size: tuple[int, int],
    chance: np.random.Generator,
    *,
    blur: float,
    scale: tuple[float, float],
    noise: float,
) -> Picture:
    """Blur, a scale of `size` (width, height), noise, JPEG."""
    factor, how = chance.uniform(*scale), int(chance.choice(ANY_SCALE))
    wide = round(size[0] * factor), round(size[1] * factor)
    soft = cv2.GaussianBlur(picture, (0, 0), chance.uniform(0.2, blur))
    return _packed(
        _noisy(cv2.resize(soft, wide, interpolation=how), chance.uniform(1, noise), chance), int(chance.uniform(30, 95))
    )


def _noisy(picture: Picture, sigma: float, chance: np.random.Generator) -> Picture:
    return np.clip(picture + chance.normal(0, sigma, picture.shape), 0, 255).astype(np.uint8)


def _packed(picture: Picture, quality: int) -> Picture:
    _, packed = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.cvtColor(cv2.imdecode(packed, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


KINDS: dict[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "clean": _clean,
    "mild": _mild,
    "web": _web,
    "trained": _trained,
}


if __name__ == "__main__":
    sys.exit(main())
