"""Uploaded pictures: what they really are, whether they are safe to open, and a re-encoded copy for people to see."""

import contextlib
import hashlib
import io
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from cloud.heif import TOO_LARGE

TYPES = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "TIFF": ("image/tiff", ".tif"),
    "WEBP": ("image/webp", ".webp"),
    "HEIF": ("image/heic", ".heic"),
}
SMALLEST_SIDE_PX = 16
PREVIEW_PX = 1024
HEIF_LIMIT_S = 60
HEIF_FAULTS = {TOO_LARGE: "it has too many pixels"}
_DECODING = threading.BoundedSemaphore(2)
"""A decoded picture takes hundreds of megabytes; more than two at a time would end a small server."""


class BadPicture(Exception):
    """An upload is no picture that the service accepts; the text says why, for its owner."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What an uploaded file really is, by its content. width and height in pixels, before any EXIF rotation."""

    content_type: str
    suffix: str
    width: int
    height: int


def inspect(path: Path, *, max_pixels: int) -> Picture:
    """Open and decode a picture completely. Raises BadPicture for anything broken, foreign, animated or too large."""
    with _opened(path, max_pixels) as picture:
        content_type, suffix = TYPES["HEIF" if _is_heif(path) else picture.format or ""]
        picture.load()
        return Picture(content_type=content_type, suffix=suffix, width=picture.width, height=picture.height)


def write_preview(path: Path, target: Path, *, max_pixels: int, side_px: int = PREVIEW_PX) -> None:
    """Write a JPEG (sRGB, transparent laid on white, no metadata) whose longer side is at most `side_px`."""
    with _opened(path, max_pixels) as picture:
        picture.draft("RGB", (side_px, side_px))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
        _flat(_to_srgb(upright)).save(target, "JPEG", quality=88)


def write_clean(path: Path, target: Path, *, max_pixels: int) -> None:
    """Write the picture again as PNG (sRGB, upright, no metadata): of the uploaded bytes only the pixels survive."""
    with _opened(path, max_pixels) as picture:
        clean = _to_srgb(ImageOps.exif_transpose(picture))
        clean = clean.convert("RGBA" if clean.has_transparency_data else "RGB")
        clean.info.clear()
        clean.save(target, "PNG")


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextlib.contextmanager
def _opened(path: Path, max_pixels: int) -> Iterator[ImageFile.ImageFile]:
    try:
        with _DECODING, warnings.catch_warnings(), _readable(path, max_pixels) as safe:
            warnings.simplefilter("ignore")
            with Image.open(safe, formats=[kind for kind in TYPES if kind != "HEIF"]) as picture:
                _check(picture, max_pixels)
                yield picture
    except UnidentifiedImageError as error:
        raise BadPicture("it is not a JPEG, PNG, TIFF, WebP or HEIC picture") from error
    except Image.DecompressionBombError as error:
        raise BadPicture(f"it has more than {max_pixels // 10**6} megapixels") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BadPicture("it is damaged or cut short") from error


@contextlib.contextmanager
def _readable(path: Path, max_pixels: int) -> Iterator[Path]:
    """A file that Pillow reads by itself: `path`, or of a HEIC a copy that a process of its own made.

    pi-heif ends its process on some damaged files; here that would be everybody's service.
    """
    if not _is_heif(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="modamoda-") as folder:
        target = Path(folder) / "decoded.png"
        command = [sys.executable, "-m", "cloud.heif", str(path), str(target), str(max_pixels)]
        try:
            ran = subprocess.run(command, capture_output=True, timeout=HEIF_LIMIT_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise BadPicture("it cannot be decoded in a reasonable time") from error
        if ran.returncode:
            raise BadPicture(HEIF_FAULTS.get(ran.returncode, "it is damaged or cut short"))
        yield target


def _is_heif(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(12)[4:8] == b"ftyp"


def _check(picture: ImageFile.ImageFile, max_pixels: int) -> None:
    if picture.width * picture.height > max_pixels:
        raise BadPicture(f"it has more than {max_pixels // 10**6} megapixels")
    if min(picture.size) < SMALLEST_SIDE_PX:
        raise BadPicture(f"its sides must be at least {SMALLEST_SIDE_PX} pixels")
    if getattr(picture, "n_frames", 1) > 1 and picture.format in ("WEBP", "PNG"):
        raise BadPicture("it is animated")


def _to_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except ImageCms.PyCMSError:
        return picture
    return converted or picture


def _flat(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    ground = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(ground, layered).convert("RGB")
