"""The program's icon in every form and size that a system wants, drawn from `resources/icons/modamoda.svg`.

Run with the project's Python: `.venv/bin/python -m installer.icons FOLDER`.
"""

import os
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from installer import parts

SOURCE = parts.ROOT / "resources" / "icons" / "modamoda.svg"
SMALL_SOURCE = parts.ROOT / "resources" / "icons" / "modamoda-small.svg"
# Below this many pixels the drawing with fewer and bolder shapes is used.
SMALL_BELOW = 33
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512, 1024)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)


def draw(folder: Path) -> None:
    """Write modamoda-SIZE.png, modamoda.ico and modamoda.icns into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {size: _picture(size) for size in SIZES}
    for size, picture in pictures.items():
        picture.save(folder / f"modamoda-{size}.png", optimize=True)
    _save(pictures, ICO_SIZES, folder / "modamoda.ico")
    _save(pictures, ICNS_SIZES, folder / "modamoda.icns")


def _save(pictures: dict[int, Image.Image], sizes: tuple[int, ...], path: Path) -> None:
    largest = pictures[sizes[-1]]
    others = [pictures[size] for size in sizes[:-1]]
    if path.suffix == ".ico":
        largest.save(path, sizes=[(size, size) for size in sizes], append_images=others)
    else:
        largest.save(path, append_images=others)


def _picture(size: int) -> Image.Image:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(SMALL_SOURCE if size < SMALL_BELOW else SOURCE)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(BytesIO(bytes(buffer.data().data()))).convert("RGBA")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
