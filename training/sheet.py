"""A sheet of photographs: photo, classes (mannequin blue, garment green, inner magenta), result.

usage: python -m training.sheet PHOTO... --out FILE.png [--model FILE] [--side PIXELS]
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.classes import GARMENT, INNER
from training.config import HERE
from training.data import read_rgb
from training.predict import Prediction, Predictor

COLOURS = np.array([[0, 0, 0], [60, 90, 255], [0, 200, 60], [255, 0, 255]], np.float32)  # RGB by class
COLUMNS = 4


def panels(photo: NDArray[np.uint8], found: Prediction) -> NDArray[np.uint8]:
    """Photo, classes over it, and garment plus coloured inside on white: (H, 3 W, 3) RGB."""
    painted = photo * 0.35 + (found.classes @ COLOURS) * 0.65
    garment, inner = found.classes[..., GARMENT, None], found.classes[..., INNER, None]
    rest = np.clip(1 - garment - inner, 0, 1)
    result = photo * garment + 255 * found.inner_colour * inner + 255 * rest
    return np.clip(np.concatenate([photo, painted, result], 1), 0, 255).astype(np.uint8)


def tile(picture: NDArray[np.uint8], label: str, side: int) -> NDArray[np.uint8]:
    """`picture` inside a box of 3 `side` x `side`, with its label (BGR, as cv2 writes)."""
    scale = min(side / picture.shape[0], 3 * side / picture.shape[1])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    box = np.full((side + 14, 3 * side, 3), 230, np.uint8)
    box[14 : 14 + small.shape[0], : small.shape[1]] = small[..., ::-1]
    return np.asarray(cv2.putText(box, label, (2, 11), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0)), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=HERE.parent / "resources" / "models" / "garment.onnx")
    parser.add_argument("--side", type=int, default=200)
    arguments = parser.parse_args()
    predict = Predictor(arguments.model)
    tiles = []
    for path in arguments.photos:
        photo = read_rgb(path)
        found = predict(photo)
        tiles.append(tile(panels(photo, found), f"{path.stem} {found.confidence:.3f}", arguments.side))
    blank = np.full_like(tiles[0], 230)
    tiles += [blank] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(arguments.out), np.vstack(rows))


if __name__ == "__main__":
    main()
