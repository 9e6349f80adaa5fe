"""Pictures decoded by libvips: JPEG, PNG, TIFF, WebP, GIF, AVIF."""

from pathlib import Path
from typing import Any

import cv2
from numpy.typing import NDArray

from studio.engine import cielab, codepoints, colour, exif, extended_xmp, heif, metadata, profiles, vips, xmp
from studio.engine.cielab import LabFile
from studio.engine.codepoints import Said
from studio.engine.filetype import FileType
from studio.engine.raster import DecodeError, Raster, reading_warnings, split_alpha
from studio.engine.tiff import short_numbers
from studio.errors import PhotoError

_HARMLESS = "extraneous bytes"
# The channels of colour that libvips' names stand for; what follows them is alpha, or something else.
_COLOURS = {"srgb": 3, "rgb": 3, "rgb16": 3, "b-w": 1, "grey16": 1, "cmyk": 4}
# Tags of TIFF, and kinds of its pixels: white is 0, black is 0, RGB, palette, CMYK, Lab; YCbCr is RGB only out of JPEG.
_COMPRESSION, _PHOTOMETRIC, _EXTRA_SAMPLES = 0x0103, 0x0106, 0x0152
_READ, _YCBCR, _JPEG = (0, 1, 2, 3, 5, 8, 9), 6, 7
_DOTS_UNSAID = 72  # to the inch: what libvips answers for a JPEG or PNG that says nothing


def header(path: Path) -> tuple[int, int, int]:
    """Width, height and bits (8 or 16), without decoding. Raises DecodeError, PhotoError if animated."""
    try:
        image = vips.open_source(path, "none")
    except vips.ERRORS as error:
        raise DecodeError(str(error)) from error
    if _is_animated(image):
        raise animated(path)
    return image.width, image.height, 8 if image.format == "uchar" else 16


def read(path: Path, kind: FileType) -> Raster:
    """Decode the whole picture, orientation applied, in its own profile. Raises DecodeError or PhotoError."""
    try:
        return _read(path, kind, "warning" if kind is FileType.JPEG else "error")
    except vips.ERRORS as error:
        # Some cameras leave stray bytes between two segments; every program reads over them, and no pixel is lost.
        if kind is FileType.JPEG and _HARMLESS in str(error):
            return _read_lenient(path, kind)
        raise DecodeError(str(error)) from error


def animated(path: Path) -> PhotoError:
    """The error for a picture of several frames."""
    return PhotoError(
        "Animated picture",
        f"{path} is an animation; a photograph is one picture.",
        "Export the frame you want as JPEG, PNG or TIFF.",
    )


def needs_reading(path: Path, kind: FileType) -> bool:
    """Whether the thumbnail that libvips makes by itself would show other colours than `read`: of files that name them
    otherwise than by a profile, of CMYK (whose black it does not map), of channels that are no colours.

    Raises PhotoError for colours that nothing is finished in, DecodeError, OSError.
    """
    if cielab.lab_file(path) is not None or _said(path, kind) is not None:
        return True
    try:
        image = vips.open_source(path, "none")
    except vips.ERRORS as error:
        raise DecodeError(str(error)) from error
    if image.interpretation == "cmyk":
        return True
    return image.interpretation in _COLOURS and _extras(image, _kinds_of_extras(path, kind))[1] > 0


def is_adobe_rgb(path: Path, kind: FileType) -> bool:
    """Whether a file without a profile says by its EXIF that its colours are Adobe RGB (1998), as `read` takes it.

    Raises DecodeError, OSError.
    """
    try:
        image = vips.open_source(path, "none")
        if image.interpretation not in _COLOURS or image.bands < 3 or vips.field(image, "icc-profile-data"):
            return False
        return _says_adobe_rgb(path, kind, metadata.upright_exif(_block(image, "exif")))
    except vips.ERRORS as error:
        raise DecodeError(str(error)) from error


def _unusual(path: Path, image: vips.Image) -> PhotoError:
    message = f"{path} holds its colours in a space that photographs are not finished in."
    if image.format not in ("uchar", "ushort"):
        message = f"{path} holds pixels of type {image.format}, which photographs are not finished in."
    return PhotoError("Unusual picture", message, "Export it as RGB with 8 or 16 bit per channel.")


def upright(array: NDArray[Any], orientation: int) -> NDArray[Any]:
    """(H, W[, C]) turned and mirrored as an EXIF orientation 1..8 asks; C-contiguous."""
    if orientation in (5, 6, 7, 8):
        array = cv2.transpose(array)
    flips = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}
    return cv2.flip(array, flips[orientation]) if orientation in flips else array


def _read_lenient(path: Path, kind: FileType) -> Raster:
    try:
        return _read(path, kind, "error")
    except vips.ERRORS as error:
        raise DecodeError(str(error)) from error


def _read(path: Path, kind: FileType, fail_on: str) -> Raster:
    image, lab, said = vips.open_source(path, fail_on), cielab.lab_file(path), _said(path, kind)
    numbers = short_numbers(path) if kind is FileType.TIFF else {}
    if image.format not in ("uchar", "ushort") or image.interpretation not in _COLOURS or _is_other_tiff(numbers):
        raise _unusual(path, image)
    orientation = int(image.get("orientation")) if image.get_typeof("orientation") else 1
    notes = list[str]()
    image = _without_extras(image, numbers.get(_EXTRA_SAMPLES), notes)
    icc = None if lab or (said and said.outranks) else vips.field(image, "icc-profile-data")
    image, icc = _to_rgb(image, icc, notes)
    is_broken = icc is not None and not colour.is_usable(icc)
    icc = None if is_broken else icc
    pixels, alpha = split_alpha(upright(_array_of(image, lab), orientation))
    if lab:
        notes.append("its CIE Lab became Adobe RGB (1998)")
        icc = profiles.adobe_rgb()
    if icc is None and not is_broken and said:
        notes.append(said.note)
        pixels, icc = codepoints.encoded(pixels, said), said.icc
    if icc and not colour.is_reversible(icc):
        notes.append("its colours were converted from its input profile to Adobe RGB (1998)")
        pixels, icc = colour.convert(pixels, icc, profiles.adobe_rgb(), pixels.dtype.type), profiles.adobe_rgb()
    block = None if kind is FileType.TIFF else _block(image, "exif")
    kept = exif.of_tiff(path) if kind is FileType.TIFF else metadata.upright_exif(block)
    if icc is None and not is_broken and not notes and _says_adobe_rgb(path, kind, kept):
        notes.append(exif.SAID_ADOBE_RGB)
        icc = profiles.adobe_rgb()
    if kind is FileType.TIFF and image.get_typeof("n-pages") and image.get("n-pages") > 1:
        notes.append(f"of its {image.get('n-pages')} pages the first was read")
    return Raster(
        pixels=pixels,
        alpha=alpha,
        icc=icc,
        exif=_with_resolution(image, kind, kept),
        iptc=metadata.iptc_records(_block(image, "iptc")),
        xmp=xmp.upright(_packet(path, kind, image)),
        conversions=tuple(notes),
        warnings=reading_warnings(broken_profile=is_broken, broken_exif=metadata.is_broken_exif(block, kept)),
    )


def _is_other_tiff(numbers: dict[int, tuple[int, ...]]) -> bool:
    """Whether libvips would take a TIFF's pixels for RGB that are none."""
    photometric = numbers.get(_PHOTOMETRIC, (2,))[0]
    return photometric not in _READ and (photometric, numbers.get(_COMPRESSION)) != (_YCBCR, (_JPEG,))


def _without_extras(image: vips.Image, kinds: tuple[int, ...] | None, notes: list[str]) -> vips.Image:
    """The channels of colour and alpha. kinds: of the extra channels of a TIFF, 1 or 2 = alpha; None = unsaid.

    What is no alpha there (a selection, a spot colour, a depth) would make holes.
    """
    alpha, left_out = _extras(image, kinds)
    if left_out == 0:
        return image
    notes.append("its extra channel was left out" if left_out == 1 else f"its {left_out} extra channels were left out")
    colours = _COLOURS[image.interpretation]
    kept = image.extract_band(0, n=colours)
    if alpha is None or alpha >= image.bands - colours:
        return kept
    return kept.bandjoin(image.extract_band(colours + alpha)).copy(interpretation=image.interpretation)


def _extras(image: vips.Image, kinds: tuple[int, ...] | None) -> tuple[int | None, int]:
    """Which of the channels after those of colour is alpha, None = none of them, and how many others there are."""
    extras = image.bands - _COLOURS[image.interpretation]
    alpha = next((place for place, kind in enumerate(kinds) if kind in (1, 2)), None) if kinds else 0
    return alpha, extras - (alpha is not None) if extras > 0 else 0


def _kinds_of_extras(path: Path, kind: FileType) -> tuple[int, ...] | None:
    return short_numbers(path).get(_EXTRA_SAMPLES) if kind is FileType.TIFF else None


def _said(path: Path, kind: FileType) -> Said | None:
    """The colours that a file names otherwise than by a profile. Raises PhotoError for those nothing is finished in."""
    if kind is FileType.PNG:
        return codepoints.of_png(path)
    try:
        return heif.said(path) if kind is FileType.AVIF else None
    except DecodeError:
        return None  # libvips reads what pi-heif does not; it says what is damaged


def _array_of(image: vips.Image, lab: LabFile | None) -> NDArray[Any]:
    """The pixels in memory, values over the whole range of their type."""
    if lab:
        return colour.array_of_lab(image, cielab.to_lab(image.extract_band(0, n=3), lab))
    array = vips.array_of(image)
    bits = image.get("bits-per-sample") if image.get_typeof("heif-compression") else 16
    return heif.filled(array, bits)


def _with_resolution(image: vips.Image, kind: FileType, kept: bytes | None) -> bytes | None:
    """The EXIF block with the resolution that a JPEG or PNG says beside it, where the block says none."""
    dots = round(image.xres * 25.4)
    if kind not in (FileType.JPEG, FileType.PNG) or dots in (0, _DOTS_UNSAID) or exif.says_resolution(kept):
        return kept
    return exif.with_resolution(kept, dots)


def _packet(path: Path, kind: FileType, image: vips.Image) -> bytes | None:
    return extended_xmp.of_jpeg(path) if kind is FileType.JPEG else vips.field(image, "xmp-data")


def _says_adobe_rgb(path: Path, kind: FileType, kept: bytes | None) -> bool:
    if kind is FileType.TIFF:
        return exif.is_adobe_rgb_tiff(path)
    return kept is not None and exif.is_adobe_rgb(kept)


def _block(image: vips.Image, name: str) -> bytes | None:
    """A block of metadata, or what ImageMagick keeps for it among the texts of a PNG."""
    text = next((field for field in image.get_fields() if field.endswith(f"-Raw profile type {name}")), None)
    return vips.field(image, f"{name}-data") or (metadata.block_of_png_text(image.get(text)) if text else None)


def _is_animated(image: vips.Image) -> bool:
    pages = image.get("n-pages") if image.get_typeof("n-pages") else 1
    return pages > 1 and image.get_typeof("delay") != 0


def _to_rgb(image: vips.Image, icc: bytes | None, notes: list[str]) -> tuple[vips.Image, bytes | None]:
    """RGB or RGBA of 8 or 16 bit, and the profile that then describes it."""
    space = profiles.colour_space(icc) if icc else ""
    if image.interpretation == "cmyk":
        notes.append(f"CMYK became sRGB by {'its own profile' if space == 'CMYK' else 'a general press profile'}")
        return _to_srgb(image, embedded=space == "CMYK"), profiles.srgb()
    if image.bands < 3 and space == "GRAY":
        notes.append("grey became sRGB by its own profile")
        return _to_srgb(image, embedded=True), profiles.srgb()
    if image.bands < 3:
        notes.append("grey became RGB, value for value")
        return _grey_to_rgb(image), None
    return image, icc


def _grey_to_rgb(image: vips.Image) -> vips.Image:
    grey = image.extract_band(0)
    rest = [image.extract_band(1)] if image.bands == 2 else []
    return grey.bandjoin([grey, grey, *rest]).copy(interpretation="rgb16" if image.format == "ushort" else "srgb")


def _to_srgb(image: vips.Image, *, embedded: bool) -> vips.Image:
    """By the profile in the file or, for CMYK without one, the press profile of libvips."""
    how: dict[str, Any] = {"intent": "relative", "black_point_compensation": True}
    lab = image.icc_import(embedded=embedded, **({} if embedded else {"input_profile": "cmyk"}), **how)
    return lab.icc_export(output_profile="srgb", depth=8 if image.format == "uchar" else 16, **how)
