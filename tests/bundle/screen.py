"""A virtual screen for a program under test: what is painted on it, and asking its windows to close."""

import contextlib
import ctypes
import ctypes.util
import os
import subprocess
import time
from collections.abc import Callable, Iterator

from PIL import Image, ImageGrab

CLIENT_MESSAGE = 33


class _ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("room", ctypes.c_long * 24),  # XSendEvent reads a whole XEvent
    )


class Screen:
    """Xvfb on a display of its own; processes of any file system reach it by its abstract socket."""

    def __init__(self, name: str) -> None:
        self.name = name
        library = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        for function in ("XOpenDisplay",):
            getattr(library, function).restype = ctypes.c_void_p
        for function in ("XDefaultRootWindow", "XInternAtom"):
            getattr(library, function).restype = ctypes.c_ulong
        self._x = library
        self._display = ctypes.c_void_p(library.XOpenDisplay(name.encode()))

    def picture(self) -> Image.Image:
        """What is on the screen."""
        return ImageGrab.grab(xdisplay=self.name)

    def is_painted(self) -> bool:
        """Whether something with many colours is on the screen: a window with its icons and texts."""
        return len(self.picture().resize((360, 225), Image.Resampling.NEAREST).getcolors(1 << 16) or ()) > 20

    def close_windows(self) -> None:
        """Ask every window to close, as a click on its cross does."""
        protocols = self._x.XInternAtom(self._display, b"WM_PROTOCOLS", False)
        delete = self._x.XInternAtom(self._display, b"WM_DELETE_WINDOW", False)
        for window in self._windows():
            event = _ClientMessage(type=CLIENT_MESSAGE, window=window, message_type=protocols, format=32)
            event.data[0] = delete
            self._x.XSendEvent(self._display, ctypes.c_ulong(window), False, ctypes.c_long(0), ctypes.byref(event))
        self._x.XFlush(self._display)

    def disconnect(self) -> None:
        """Let go of the display."""
        self._x.XCloseDisplay(self._display)

    def _windows(self) -> list[int]:
        root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        parents = ctypes.c_ulong(), ctypes.c_ulong()
        children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        pointers = (ctypes.byref(place) for place in (*parents, children, count))
        self._x.XQueryTree(self._display, root, *pointers)
        found = [window for window in children[: count.value] if self._has_name(window)]
        if count.value:
            self._x.XFree(children)
        return found

    def _has_name(self, window: int) -> bool:
        name = ctypes.c_char_p()
        return bool(self._x.XFetchName(self._display, ctypes.c_ulong(window), ctypes.byref(name)) and name.value)


@contextlib.contextmanager
def virtual_screen() -> Iterator[Screen]:
    """A screen of 1440 by 900 while the block runs."""
    reading, writing = os.pipe()
    options = ["-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(["Xvfb", *options], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as stream:
        number = stream.readline().strip()
    screen = Screen(f":{number}")
    try:
        yield screen
    finally:
        screen.disconnect()
        server.terminate()
        server.wait()


def wait_for(truth: Callable[[], bool], limit_s: float) -> float:
    """Wait until something is true; returns the seconds it took. Raises TimeoutError."""
    began = time.monotonic()
    while not truth():
        if time.monotonic() - began > limit_s:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic() - began
