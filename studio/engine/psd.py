"""Layers in Photoshop's format: a whole PSD file, and the block that carries the same layers in a TIFF.

After "Adobe Photoshop File Formats Specification" (November 2019) and "Adobe Photoshop TIFF Technical Notes" (2002).
8-bit channels of a PSD are run-length coded, which every reader since Photoshop 3 knows; 16-bit channels, and all of a
TIFF's, are deflated without the horizontal differences that Photoshop takes of 16 bit: Krita 5.1 garbles those, and
they save 4 %. A mask is the layer's layer mask: the pixels under it stay whole.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import PIL.Image

from studio.engine import exif, xmp
from studio.engine.packbits import pack
from studio.engine.raster import DecodeError, Layer, Pixels, Raster, split_alpha
from studio.model import Format

LONGEST_SIDE = 30_000
MOST_BYTES = 2_000_000_000
_STRIP_ROWS = 128
_RAW, _RLE, _ZIP = 0, 1, 2
_TRANSPARENCY, _MASK = -1, -2
_RESOLUTION, _IPTC, _ICC, _VERSION, _EXIF, _XMP = 1005, 1028, 1039, 1057, 1058, 1060
_IN_TIFF = b"Adobe Photoshop Document Data Block\0"


def write(stream: BinaryIO, raster: Raster) -> None:
    """Write a PSD with the raster's layers and its flattened picture, which transparent rasters get on white.

    stream: seekable, at its beginning. No side may be above LONGEST_SIDE; whether the file stays below MOST_BYTES shows
    afterwards. Raises OSError as the disk does.
    """
    height, width = raster.pixels.shape[:2]
    depth = raster.pixels.dtype.itemsize * 8
    channels = 3 if raster.alpha is None else 4
    stream.write(struct.pack(">4sH6xHIIHHI", b"8BPS", 1, channels, height, width, depth, 3, 0))
    resources = b"".join(_resources(raster))
    stream.write(struct.pack(">I", len(resources)) + resources)
    with _Length(stream, ">"):
        _write_layer_section(stream, raster)
    _write_merged(stream, raster)


def read_merged(path: Path) -> Raster:
    """The flattened picture of a PSD that `write` made, without layers or metadata but its profile.

    A transparent one comes on white, with its alpha. Raises DecodeError for another file.
    """
    try:
        return _read_merged(path)
    except (OSError, ValueError, SyntaxError, struct.error) as error:
        raise DecodeError(str(error)) from error


def _read_merged(path: Path) -> Raster:
    with path.open("rb") as stream:
        form, version, channels, height, width, depth, mode = struct.unpack(">4sH6xHIIHH", stream.read(26))
        if (form, version, mode) != (b"8BPS", 1, 3) or channels not in (3, 4) or depth not in (8, 16):
            raise DecodeError("not a PSD of this program")
        stream.seek(struct.unpack(">I", stream.read(4))[0], 1)
        resources = stream.read(struct.unpack(">I", stream.read(4))[0])
        stream.seek(struct.unpack(">I", stream.read(4))[0], 1)
        if depth == 16 and stream.read(2) == struct.pack(">H", _RAW):
            samples = np.frombuffer(stream.read(2 * channels * height * width), ">u2").astype(np.uint16)
            array = cast(Pixels, samples.reshape(channels, height, width).transpose(1, 2, 0))
        else:
            with PIL.Image.open(path) as image:
                array = cast(Pixels, np.asarray(image))
    pixels, alpha = split_alpha(array)
    return Raster(pixels=pixels, alpha=alpha, icc=_icc_of(resources))


def _icc_of(resources: bytes) -> bytes | None:
    place = 0
    while place + 12 <= len(resources):
        number, size = struct.unpack_from(">4xH2xI", resources, place)
        if number == _ICC:
            return resources[place + 12 : place + 12 + size]
        place += 12 + size + size % 2
    return None


def tiff_block(raster: Raster) -> bytes:
    """The layers as the value of a little-endian TIFF's tag ImageSourceData (37724)."""
    stream = io.BytesIO()
    order = _Order("<")
    stream.write(_IN_TIFF + order.key("8BIM") + order.key("Lr16" if _is_deep(raster) else "Layr"))
    with _Length(stream, "<", padding=4):
        _write_layers(stream, raster, order, _ZIP)
    return stream.getvalue()


@dataclass(frozen=True)
class _Order:
    """The order of bytes: PSD is big-endian; a block in a TIFF follows the TIFF, its keys read backwards then."""

    sign: str

    def pack(self, form: str, *values: object) -> bytes:
        return struct.pack(self.sign + form, *values)

    def key(self, key: str) -> bytes:
        return key.encode() if self.sign == ">" else key.encode()[::-1]


class _Length:
    """Writes a length of four bytes before what is written within, once that is known."""

    def __init__(self, stream: BinaryIO, sign: str, padding: int = 1) -> None:
        self._stream, self._sign, self._padding = stream, sign, padding

    def __enter__(self) -> None:
        self._start = self._stream.tell()
        self._stream.write(bytes(4))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        end = self._stream.tell()
        end += self._stream.write(bytes(-(end - self._start - 4) % self._padding))
        self._stream.seek(self._start)
        # A length that does not fit is found out by the file's own size.
        self._stream.write(struct.pack(f"{self._sign}I", (end - self._start - 4) & 0xFFFFFFFF))
        self._stream.seek(end)


def _is_deep(raster: Raster) -> bool:
    return raster.pixels.dtype == np.uint16


def _write_layer_section(stream: BinaryIO, raster: Raster) -> None:
    """Layers and global mask; of 16 bit Photoshop expects the layers in a block behind an empty section."""
    order = _Order(">")
    if not _is_deep(raster):
        with _Length(stream, ">", padding=4):
            _write_layers(stream, raster, order, _RLE)
        stream.write(bytes(4))
        return
    stream.write(bytes(8) + order.key("8BIM") + order.key("Lr16"))
    with _Length(stream, ">", padding=4):
        _write_layers(stream, raster, order, _ZIP)


def _write_layers(stream: BinaryIO, raster: Raster, order: _Order, compression: int) -> None:
    """The count, a record for each layer, then the channels; their lengths are put into the records at the end."""
    # A negative count says that the picture's fourth channel is its transparency.
    stream.write(order.pack("h", len(raster.layers) * (1 if raster.alpha is None else -1)))
    places: list[list[int]] = []
    for number, layer in enumerate(raster.layers):
        places.append(_write_record(stream, layer, number + 1, order))
    for layer, record in zip(raster.layers, places, strict=True):
        for plane, place in zip(_planes(layer), record, strict=True):
            start = stream.tell()
            _write_channel(stream, plane, order, compression)
            end = stream.tell()
            stream.seek(place)
            stream.write(order.pack("I", end - start))
            stream.seek(end)


def _channel_ids(layer: Layer) -> tuple[int, ...]:
    return (_TRANSPARENCY, 0, 1, 2, *((_MASK,) if layer.mask is not None else ()))


def _planes(layer: Layer) -> Iterator[Pixels]:
    """The channels (H, W) in the order of their ids: a layer has no transparency of its own, only its mask."""
    yield np.full(layer.pixels.shape[:2], np.iinfo(layer.pixels.dtype).max, layer.pixels.dtype)
    for channel in range(3):
        yield layer.pixels[..., channel]
    if layer.mask is not None:
        yield layer.mask


def _write_record(stream: BinaryIO, layer: Layer, number: int, order: _Order) -> list[int]:
    """A layer's record with channels of unknown length; returns where these lengths belong."""
    height, width = layer.pixels.shape[:2]
    frame = order.pack("4i", 0, 0, height, width)
    ids = _channel_ids(layer)
    stream.write(frame + order.pack("H", len(ids)))
    places: list[int] = []
    for channel in ids:
        stream.write(order.pack("h", channel))
        places.append(stream.tell())
        stream.write(bytes(4))
    # Normal blending, fully opaque, not clipped, visible.
    stream.write(order.key("8BIM") + order.key("norm") + order.pack("BBBB", 255, 0, 8, 0))
    mask = b"" if layer.mask is None else frame + order.pack("BBH", 0, 0, 0)
    extra = order.pack("I", len(mask)) + mask + order.pack("I", 0) + _pascal(layer.name)
    extra += _tagged("luni", _unicode(layer.name, order), order) + _tagged("lyid", order.pack("I", number), order)
    stream.write(order.pack("I", len(extra)) + extra)
    return places


def _pascal(name: str) -> bytes:
    text = name.encode("ascii", "replace")[:255]
    return (bytes([len(text)]) + text).ljust(-(-(len(text) + 1) // 4) * 4, b"\0")


def _unicode(text: str, order: _Order) -> bytes:
    encoded = text.encode("utf-16-be" if order.sign == ">" else "utf-16-le")
    return order.pack("I", len(encoded) // 2) + encoded


def _tagged(key: str, content: bytes, order: _Order) -> bytes:
    content += bytes(-len(content) % 4)
    return order.key("8BIM") + order.key(key) + order.pack("I", len(content)) + content


def _write_channel(stream: BinaryIO, plane: Pixels, order: _Order, compression: int) -> None:
    """One channel with its kind of compression before it; samples are big-endian in a TIFF too."""
    stream.write(order.pack("H", compression))
    if compression == _RLE:
        counts = stream.tell()
        stream.write(bytes(2 * plane.shape[0]))
        found = _write_packed(stream, plane)
        end = stream.tell()
        stream.seek(counts)
        stream.write(np.concatenate(found).astype(f"{order.sign}u2").tobytes())
        stream.seek(end)
        return
    # The noise of a photograph hardly deflates, whatever the level; the plain ground does at the quickest.
    deflate = zlib.compressobj(1)
    for strip in _strips(plane):
        stream.write(deflate.compress(_bytes_of(strip)))
    stream.write(deflate.flush())


def _write_packed(stream: BinaryIO, plane: Pixels) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    for strip in _strips(plane):
        rows = np.frombuffer(_bytes_of(strip), np.uint8).reshape(strip.shape[0], -1)
        counts, packed = pack(rows)
        found.append(counts)
        stream.write(packed)
    return found


def _strips(plane: Pixels) -> Iterator[Pixels]:
    for top in range(0, plane.shape[0], _STRIP_ROWS):
        yield plane[top : top + _STRIP_ROWS]


def _bytes_of(strip: Pixels) -> bytes:
    return strip.astype(strip.dtype.newbyteorder(">")).tobytes()


def _write_merged(stream: BinaryIO, raster: Raster) -> None:
    """The flattened picture, for every program that reads no layers; of 16 bit as it is, where runs save nothing."""
    planes = [_on_white(raster, channel) for channel in range(3)]
    planes += [] if raster.alpha is None else [raster.alpha]
    if _is_deep(raster):
        stream.write(struct.pack(">H", _RAW))
        for plane in planes:
            for strip in _strips(plane):
                stream.write(_bytes_of(strip))
        return
    stream.write(struct.pack(">H", _RLE))
    counts = stream.tell()
    stream.write(bytes(2 * raster.pixels.shape[0] * len(planes)))
    found = [rows for plane in planes for rows in _write_packed(stream, plane)]
    end = stream.tell()
    stream.seek(counts)
    stream.write(np.concatenate(found).astype(">u2").tobytes())
    stream.seek(end)


def _on_white(raster: Raster, channel: int) -> Pixels:
    plane = raster.pixels[..., channel]
    if raster.alpha is None:
        return plane
    full = int(np.iinfo(plane.dtype).max)
    share = raster.alpha.astype(np.uint64)
    mixed = plane * share + full * (full - share)
    return ((mixed + full // 2) // full).astype(plane.dtype)


def _resources(raster: Raster) -> Iterator[bytes]:
    dots = round(exif.pixels_per_mm(raster.exif) * 25.4 * 65536)
    yield _resource(_RESOLUTION, struct.pack(">IHHIHH", dots, 1, 2, dots, 1, 2))
    writer = _unicode("Modamoda Studio", _Order(">"))
    yield _resource(_VERSION, struct.pack(">IB", 1, 1) + writer + writer + struct.pack(">I", 1))
    block, packet = exif.of_raster(raster), xmp.of_raster(raster, Format.PSD)
    for number, content in ((_ICC, raster.icc), (_IPTC, raster.iptc), (_EXIF, block), (_XMP, packet)):
        if content:
            yield _resource(number, content)


def _resource(number: int, content: bytes) -> bytes:
    return struct.pack(">4sHHI", b"8BIM", number, 0, len(content)) + content + bytes(len(content) % 2)
