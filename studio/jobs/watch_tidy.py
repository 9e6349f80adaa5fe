"""What becomes of originals after work: moved into `done` or `failed` and back again, or tagged in a sidecar.

An original's bytes are never written to. A move is remembered before it is made, so that a killed program goes on with
it, and can be taken back.
"""

import contextlib
import errno
import itertools
import os
import re
import shutil
from pathlib import Path

from studio.files import move_into_place, output_errors, sha256_of, temporary_beside, write_atomically
from studio.jobs.watch_checker import joint_stamp
from studio.jobs.watch_store import Untidied, WatchStore
from studio.jobs.watched import After, Move, WatchedFolder

DONE, FAILED = "done", "failed"

# Programs look for `a.xmp` beside a RAW and, if they look at all, for `a.jpg.xmp` beside anything else.
_NOT_RAW = frozenset(
    (".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".hif", ".avif", ".bmp", ".gif")
)
_NAMESPACE = "https://modamoda.studio/ns/1.0/"
_OURS = re.compile(rf'\s*<rdf:Description [^>]*xmlns:modamoda="{re.escape(_NAMESPACE)}"[^>]*/>'.encode())
_EMPTY = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n</rdf:RDF>\n</x:xmpmeta>\n'
    b'<?xpacket end="w"?>\n'
)


def tidy(watched: WatchedFolder, memory: WatchStore) -> None:
    """See to every original of a folder whose work has ended. Raises OutputError."""
    if watched.after is After.LEAVE:
        return
    for file in memory.untidied(watched.id):
        photos = [file.path, *([file.entry.job.shot.inside] if file.entry and file.entry.job.shot.inside else [])]
        # A photo that was replaced meanwhile is another photo, and its turn has not come.
        if joint_stamp(tuple(map(str, photos))) == file.stamp:
            for photo in photos:
                _see_to(photo, file, watched, memory)
        memory.set_tidied(watched.id, file.path)


def finish_moves(watched: WatchedFolder, memory: WatchStore) -> None:
    """Go on with the moves that a killed program had begun. Raises OutputError."""
    for move in memory.moves(watched.id, "planned"):
        _carry_out(move, memory)


def put_back(watched: WatchedFolder, memory: WatchStore) -> tuple[list[Path], list[Path]]:
    """Move originals back to where they were; returns those that are back and those whose old name is taken now.

    One that was deleted or moved on by hand since is in neither. Raises OutputError.
    """
    back: list[Path] = []
    taken: list[Path] = []
    for move in memory.moves(watched.id, "moved"):
        if not move.target.is_file():
            continue
        if os.path.lexists(move.source):
            taken.append(move.target)
            continue
        _transfer(move.target, move.source, move.sha256)
        memory.finish_move(move, back=True)
        back.append(move.source)
        with contextlib.suppress(OSError):
            move.target.parent.rmdir()
    return back, taken


def sidecar_of(photo: Path) -> Path:
    """Where programs look for the XMP of a photo."""
    if photo.suffix.lower() in _NOT_RAW:
        return photo.with_name(f"{photo.name}.xmp")
    return photo.with_suffix(".xmp")


def tag(photo: Path, word: str) -> None:
    """Say in the photo's sidecar what became of it; all else that stands there stays. Raises OutputError."""
    sidecar = sidecar_of(photo)
    with output_errors(sidecar):
        packet = sidecar.read_bytes() if sidecar.exists() else _EMPTY
    before, end, rest = _OURS.sub(b"", packet).rpartition(b"</rdf:RDF>")
    if not end:
        return  # no XMP that we understand: it is not ours to repair
    label = f' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="Modamoda {word}"' if packet is _EMPTY else ""
    ours = f'<rdf:Description rdf:about=""{label} xmlns:modamoda="{_NAMESPACE}" modamoda:Status="{word}"/>\n'
    write_atomically(sidecar, before + ours.encode() + end + rest)


def _see_to(photo: Path, file: Untidied, watched: WatchedFolder, memory: WatchStore) -> None:
    word = DONE if file.is_good else FAILED
    if watched.after is After.TAG:
        tag(photo, word)
        return
    with output_errors(photo):
        sha256 = sha256_of(photo)
    target = _free(watched.folder / word / photo.relative_to(watched.folder))
    number = memory.plan_move(watched.id, photo, target, sha256)
    _carry_out(Move(number=number, source=photo, target=target, sha256=sha256), memory)


def _free(path: Path) -> Path:
    names = (f"{path.stem}-{number}{path.suffix}" for number in itertools.count(2))
    places = itertools.chain((path,), (path.with_name(name) for name in names))
    return next(place for place in places if not os.path.lexists(place))


def _carry_out(move: Move, memory: WatchStore) -> None:
    if move.source.is_file():
        _transfer(move.source, move.target, move.sha256)
    memory.finish_move(move, back=not move.target.is_file())


def _transfer(source: Path, target: Path, sha256: str) -> None:
    """Give a file another place: by its name, or across disks by a copy that is checked before the original goes."""
    with output_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_over(source, target, sha256)


def _copy_over(source: Path, target: Path, sha256: str) -> None:
    temporary = temporary_beside(target)
    try:
        shutil.copy2(source, temporary)
        if sha256_of(temporary) != sha256:
            raise OSError(errno.EIO, "the copy differs from the original, which was left where it is")
        move_into_place(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    source.unlink()
