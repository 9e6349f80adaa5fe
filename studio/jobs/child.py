"""Processes of the program's own that it talks with through pipes: the parent's side, and the child's."""

import contextlib
import os
import signal
import subprocess
import threading
from typing import IO

from studio.bundled import child_command

_FLAGS: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)


def open_child(
    module: str, *arguments: str, errors: IO[bytes] | int = subprocess.DEVNULL, **variables: str
) -> "subprocess.Popen[bytes]":
    """Start `module`, one of bundled.CHILDREN; `variables` join its environment, what it prints goes to `errors`."""
    return subprocess.Popen(
        child_command(module, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=os.environ | variables,
        # Its own session or group: Ctrl-C reaches the parent alone. Under Windows no console opens.
        start_new_session=True,
        creationflags=_FLAGS,
    )


def end_child(process: "subprocess.Popen[bytes]", listener: threading.Thread | None = None) -> None:
    """End it at once and close its pipes, after the thread that reads from it has come to the end."""
    process.kill()
    process.wait()
    if listener:
        listener.join()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()


def pipes_to_parent() -> tuple[IO[bytes], IO[bytes]]:
    """In the child, what comes from the parent and what goes there: out of reach of libraries that print.

    Ctrl-C is for the parent alone from now on.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reading = os.fdopen(os.dup(0), "rb")
    writing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return reading, writing
