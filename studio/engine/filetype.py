"""What a file is, told by its first bytes and never by its name."""

import enum
import struct
from pathlib import Path

HEAD_BYTES = 65_536

_RAW_SUFFIXES = frozenset(
    {".3fr", ".arw", ".cr2", ".crw", ".dcr", ".dng", ".erf", ".fff", ".gpr", ".iiq", ".kdc", ".mef", ".mos", ".nef"}
    | {".nrw", ".pef", ".rwl", ".sr2", ".srf", ".srw"}
)
_RAW_BRANDS = (b"crx ",)
_AVIF_BRANDS = (b"avif", b"avis")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2")
_SEQUENCE_BRANDS = (b"avis", b"msf1", b"hevc", b"hevx")
_TIFF_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_RAW_MAGIC = (b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FUJIFILMCCD-RAW", b"FOVb", b"\0MRM", b"II\x1a\0\0\0HEAPCCDR")
_DNG_VERSION, _PHOTOMETRIC, _CFA, _LINEAR_RAW = 0xC612, 0x0106, 32803, 34892


class FileType(enum.StrEnum):
    """The kinds of photographs the program reads; the value is how a person calls them."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    WEBP = "WebP"
    GIF = "GIF"
    BMP = "BMP"
    HEIC = "HEIC"
    AVIF = "AVIF"
    RAW = "camera RAW"


_MAGIC = (
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"GIF8", FileType.GIF),
    *((magic, FileType.RAW) for magic in _RAW_MAGIC),
)


def filetype_of(head: bytes, suffix: str) -> FileType | None:
    """The type of a file from its first bytes (HEAD_BYTES of them if it has so many); None = no photograph we know.

    suffix: the name's, with its dot; asked only for TIFF, which many cameras use as the wrapping of their RAW.
    """
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head.startswith(_TIFF_MAGIC):
        return FileType.RAW if _is_raw_tiff(head, suffix) else FileType.TIFF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileType.WEBP
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return FileType.BMP
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def is_animated_png(head: bytes) -> bool:
    """Whether a PNG's chunks before its picture announce more than one frame."""
    place = head.find(b"acTL")
    picture = head.find(b"IDAT")
    return 0 < place < (picture if picture > 0 else len(head)) and head[place + 4 : place + 8] != b"\0\0\0\1"


def is_sequence(path: Path) -> bool:
    """Whether an AVIF or HEIC is first of all a film. Raises OSError."""
    with path.open("rb") as stream:
        return stream.read(12)[8:] in _SEQUENCE_BRANDS


def _iso_media(head: bytes) -> FileType | None:
    size = min(struct.unpack(">I", head[:4])[0], len(head))
    brands = (head[8:12], *(head[place : place + 4] for place in range(16, size - 3, 4)))
    for known, kind in ((_RAW_BRANDS, FileType.RAW), (_AVIF_BRANDS, FileType.AVIF), (_HEIC_BRANDS, FileType.HEIC)):
        if any(brand in known for brand in brands):
            return kind
    return None


def _is_raw_tiff(head: bytes, suffix: str) -> bool:
    if suffix.lower() in _RAW_SUFFIXES or head[8:10] == b"CR":
        return True
    tags = _first_directory(head)
    return _DNG_VERSION in tags or tags.get(_PHOTOMETRIC) in (_CFA, _LINEAR_RAW)


def _first_directory(head: bytes) -> dict[int, int]:
    """Tag -> inline value of the first TIFF directory, as far as `head` holds it (classic TIFF only)."""
    order = "<" if head.startswith(b"II") else ">"
    if head[2:4] not in (b"*\0", b"\0*"):
        return {}
    start = struct.unpack(f"{order}I", head[4:8])[0]
    if start + 2 > len(head):
        return {}
    count = struct.unpack_from(f"{order}H", head, start)[0]
    tags = dict[int, int]()
    for place in range(start + 2, min(start + 2 + 12 * count, len(head) - 11), 12):
        tag, kind = struct.unpack_from(f"{order}HH", head, place)
        tags[tag] = struct.unpack_from(f"{order}H" if kind == 3 else f"{order}I", head, place + 8)[0]
    return tags
