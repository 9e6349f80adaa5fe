"""Real-ESRGAN x4 against Lanczos on photographs made four times smaller, with the real weights.

    python tests/bench/enlarge.py MODELS PHOTO... [--crop 256]

MODELS: a models' folder that holds real-esrgan-x4plus or real-esrgan-x4plus-ncnn. Each photo's middle is shrunk to a
quarter in two ways, by averaging areas ("clean") and as small web pictures are (blur, noise, JPEG 75: "web"), enlarged
by both, and compared with the original: PSNR and SSIM (Wang et al. 2004) of luma, and sharpness, the mean gradient as a
share of the original's (1 = as sharp).
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from studio.engine.gpu import device as devices
from studio.engine.gpu import upscale
from studio.engine.gpu.runtime import Runtime, catalog_of
from studio.engine.models.store import ModelStore


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--crop", type=int, default=256)
    options = parser.parse_args()
    runtime = Runtime(ModelStore(options.models), catalog_of(options.models), devices.processor())
    network = upscale.load(runtime, runtime.first_of(*upscale.MODELS))
    for name, shrink in (("clean", _clean), ("web", _web)):
        _compare(name, shrink, [_middle(path, options.crop) for path in options.photos], network)
    return 0


def _compare(
    name: str, shrink: Callable[[np.ndarray], np.ndarray], originals: list[np.ndarray], network: object
) -> None:
    figures: dict[str, list[tuple[float, float, float]]] = {"Real-ESRGAN": [], "Lanczos": []}
    for original in originals:
        small = shrink(original)
        size = original.shape[1], original.shape[0]
        figures["Real-ESRGAN"].append(_figures(original, upscale.enlarge(network, small)))
        figures["Lanczos"].append(_figures(original, cv2.resize(small, size, interpolation=cv2.INTER_LANCZOS4)))
    for method, rows in figures.items():
        psnr, ssim, sharp = np.mean(rows, axis=0)
        print(f"{name:6} {method:12} PSNR {psnr:6.2f} dB  SSIM {ssim:.4f}  sharpness {sharp:.2f}  ({len(rows)} photos)")


def _figures(original: np.ndarray, made: np.ndarray) -> tuple[float, float, float]:
    first, second = (cv2.cvtColor(one, cv2.COLOR_RGB2GRAY).astype(np.float64) for one in (original, made))
    psnr = 10 * np.log10(255**2 / max(1e-9, np.mean((first - second) ** 2)))
    return float(psnr), _ssim(first, second), _gradient(second) / _gradient(first)


def _ssim(first: np.ndarray, second: np.ndarray) -> float:
    def mean(values: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(values, (11, 11), 1.5)

    one, two = mean(first), mean(second)
    spread = mean(first * first) - one * one, mean(second * second) - two * two
    common = mean(first * second) - one * two
    low, high = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    share = (2 * one * two + low) * (2 * common + high) / ((one**2 + two**2 + low) * (sum(spread) + high))
    return float(share.mean())


def _gradient(picture: np.ndarray) -> float:
    return float(np.hypot(cv2.Sobel(picture, cv2.CV_64F, 1, 0), cv2.Sobel(picture, cv2.CV_64F, 0, 1)).mean())


def _middle(path: Path, side: int) -> np.ndarray:
    picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    top, left = (picture.shape[0] - side) // 3, (picture.shape[1] - side) // 2
    return np.ascontiguousarray(picture[top : top + side, left : left + side])


def _clean(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)


def _web(picture: np.ndarray) -> np.ndarray:
    small = _clean(cv2.GaussianBlur(picture, (0, 0), 1.5)).astype(np.float64)
    noisy = np.clip(small + np.random.default_rng(0).normal(0, 6, small.shape), 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 75])
    return cv2.imdecode(packed, cv2.IMREAD_COLOR)


if __name__ == "__main__":
    sys.exit(main())
