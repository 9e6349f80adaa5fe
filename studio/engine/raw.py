"""Camera RAW, developed once by LibRaw with the camera's own white balance."""

import contextlib
from collections.abc import Generator
from pathlib import Path

import numpy as np
import rawpy

from studio.engine import exif, metadata, profiles, vips, xmp
from studio.engine.raster import DecodeError, Raster

_HEAD_BYTES = 1 << 18
_PREVIEW_OF_RAF = (84, 88)  # where its offset and its size stand


def header(path: Path) -> tuple[int, int, int]:
    """Width, height and bits (16) of the developed picture. Raises DecodeError or OSError."""
    with _open(path) as photo:
        return photo.sizes.width, photo.sizes.height, 16


def develop(path: Path) -> Raster:
    """The photograph as 16 bit in Adobe RGB (1998) primaries and curve, upright. Raises DecodeError or OSError.

    White balance as the camera set it, no automatic brightness, highlights clipped, AHD demosaicing: LibRaw's ways.
    A camera without colours gives three equal channels.
    """
    with _open(path) as photo:
        pixels = photo.postprocess(
            use_camera_wb=True,
            no_auto_bright=True,
            output_bps=16,
            output_color=rawpy.ColorSpace.Adobe,
            gamma=(profiles.ADOBE_GAMMA, 0),
        )
    block, iptc, packet = blocks_of(path)
    return Raster(
        pixels=np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3))),
        icc=profiles.adobe_rgb(),
        exif=block,
        iptc=metadata.iptc_records(iptc),
        # How another program would develop the RAW is no instruction for the finished picture.
        xmp=xmp.upright(xmp.without_development(packet or b"")),
        conversions=("the RAW was developed with the camera's white balance into 16 bit Adobe RGB (1998) colours",),
    )


def blocks_of(path: Path) -> tuple[bytes | None, bytes | None, bytes | None]:
    """The EXIF, IPTC and XMP of a RAW as they stand in it, each None where it has none. Raises OSError."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head[4:8] == b"ftyp":
        return exif.of_directories(*(_box(head, name) for name in (b"CMT1", b"CMT2", b"CMT4"))), None, None
    if head.startswith(b"FUJIFILMCCD-RAW"):
        return _of_preview(path, *(int.from_bytes(head[place : place + 4], "big") for place in _PREVIEW_OF_RAF))
    return exif.of_tiff(path), exif.tiff_tag(path, metadata.IPTC_IN_TIFF), exif.tiff_tag(path, metadata.XMP_IN_TIFF)


def _box(head: bytes, name: bytes) -> bytes:
    """The content of a box of Canon's CR3; empty = it has none."""
    place = head.find(name)
    size = int.from_bytes(head[place - 4 : place], "big") if place >= 4 else 0
    return head[place + 4 : place - 4 + size] if size > 8 else b""


def _of_preview(path: Path, place: int, size: int) -> tuple[bytes | None, bytes | None, bytes | None]:
    """What the camera wrote into the JPEG that a Fujifilm RAF holds."""
    with path.open("rb") as stream:
        stream.seek(place)
        encoded = stream.read(size)
    try:
        image = vips.open_encoded(encoded)
    except vips.ERRORS:
        return None, None, None
    block, iptc, packet = (vips.field(image, name) for name in ("exif-data", "iptc-data", "xmp-data"))
    return metadata.upright_exif(block), iptc, packet


@contextlib.contextmanager
def _open(path: Path) -> Generator[rawpy.RawPy]:
    try:
        with path.open("rb") as stream, rawpy.imread(stream) as photo:
            yield photo
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        raise DecodeError(str(error)) from error
