"""XMP too long for one segment of a JPEG comes in whole and goes out whole."""

import hashlib
import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from studio.engine.extended_xmp import parted
from studio.engine.image import read_photo
from studio.engine.metadata import insertion
from studio.engine.raster import Raster
from studio.model import Format

RDF = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"{}>{}</rdf:RDF></x:xmpmeta>'
NOTE = 'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="{}"'
XMP = 'xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
CRS = 'xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"'
LONG = "<crs:Look><rdf:Description><crs:Table>" + "word " * 30_000 + "</crs:Table></rdf:Description></crs:Look>"


def piece(extension: bytes, place: int, size: int) -> bytes:
    guid = hashlib.md5(extension).hexdigest().upper().encode()
    head = b"http://ns.adobe.com/xmp/extension/\0" + guid + struct.pack(">II", len(extension), place)
    content = head + extension[place : place + size]
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def jpeg(path: Path, extension: bytes, *, outer: str = "") -> Path:
    """A JPEG with a rating in its packet, and an extension in pieces that stand in the wrong order."""
    note = NOTE.format(hashlib.md5(extension).hexdigest().upper())
    packet = RDF.format(outer, f'<rdf:Description rdf:about="" {XMP} {note} xmp:Rating="4"/>')
    Image.fromarray(np.full((8, 8, 3), 200, np.uint8)).save(path, xmp=packet.encode())
    content = path.read_bytes()
    pieces = [piece(extension, place, 50_000) for place in range(0, len(extension), 50_000)]
    path.write_bytes(content[:2] + b"".join(reversed(pieces)) + content[2:])
    return path


def described(content: str, namespaces: str = CRS) -> str:
    return f'<rdf:Description rdf:about="" {namespaces}>{content}</rdf:Description>'


@pytest.mark.parametrize("outer", [False, True])
def test_the_extension_of_a_packet_is_read_with_it(tmp_path, outer):
    inner = described(LONG, "" if outer else CRS)
    raster = read_photo(jpeg(tmp_path / "a.jpg", RDF.format(f" {CRS}" if outer else "", inner).encode()))
    ElementTree.fromstring(raster.xmp)
    assert b'xmp:Rating="4"' in raster.xmp
    assert LONG.encode() in raster.xmp


@pytest.mark.parametrize("extension", [b"<broken", b"", b'<!DOCTYPE a [<!ENTITY b "c">]><rdf:RDF>&b;</rdf:RDF>'])
def test_without_a_sound_extension_the_packet_stays_as_it_is(tmp_path, extension):
    raster = read_photo(jpeg(tmp_path / "a.jpg", extension))
    assert b'xmp:Rating="4"' in raster.xmp
    assert b"ENTITY" not in raster.xmp


def test_an_extension_of_which_a_piece_is_missing_is_left_out(tmp_path):
    extension = RDF.format("", described(LONG)).encode()
    path = jpeg(tmp_path / "a.jpg", extension)
    content = path.read_bytes()
    path.write_bytes(content.replace(piece(extension, 50_000, 50_000), b""))
    raster = read_photo(path)
    assert b'xmp:Rating="4"' in raster.xmp
    assert b"crs:Look" not in raster.xmp


def test_a_packet_of_several_descriptions_is_parted_for_a_jpeg_and_whole_again_when_it_is_read(tmp_path):
    rated = f'<rdf:Description rdf:about="" {XMP} xmp:Rating="4"/>'
    packet = RDF.format("", rated + described(LONG) + described("<crs:More>1</crs:More>")).encode()
    raster = Raster(pixels=np.full((8, 8, 3), 200, np.uint8), xmp=packet)
    added = insertion(Format.JPG, raster)
    assert added.lost == ()
    path = tmp_path / "a.jpg"
    Image.fromarray(raster.pixels).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: added.place] + added.content + content[added.place :])
    with Image.open(path) as image:
        assert len(image.info["xmp"]) < 1000
        assert b'xmp:Rating="4"' in image.info["xmp"]
    read = read_photo(path).xmp
    assert all(part.encode() in read for part in ('xmp:Rating="4"', LONG, "<crs:More>1</crs:More>"))


def test_a_packet_that_would_be_parted_amid_a_description_is_not_parted():
    look = "<crs:Look><rdf:Description><crs:Name>a</crs:Name></rdf:Description></crs:Look>"
    first = described(look, f'{CRS} crs:Version="a/>b"')
    assert parted(RDF.format("", first + described(LONG)).encode(), 65_000) is None


def test_the_note_of_an_extension_is_not_kept_where_the_packet_is_whole(tmp_path):
    raster = read_photo(jpeg(tmp_path / "a.jpg", RDF.format("", described("<crs:More>1</crs:More>")).encode()))
    content = insertion(Format.JPG, raster).content
    assert b"<crs:More>1</crs:More>" in content
    assert b"HasExtendedXMP" not in content
