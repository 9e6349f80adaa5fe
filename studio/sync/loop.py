"""The account's loop: a thread that sends, fetches and follows while the window is open, or while a command waits."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from studio.errors import Cancelled, StudioError
from studio.jobs.locks import Lock
from studio.model import ACCOUNT, AccountChanged, Event, Notice
from studio.sync.account import AccountDesk
from studio.sync.failing import SIGNED_OUT

log = logging.getLogger(__name__)

SOON_S = 2.0
LATER_S = 30.0
# After a fault: no hammering at a service that is away, nor at a keyring that is locked.
AFTER_FAULT_S = 60.0
CLOSING_S = 5.0


class AccountLoop:
    """Looks after the account until it is closed. `emit` is called in the loop's own thread.

    Several programs may share a home: the one that holds the lock works, the others wait for it.
    """

    def __init__(self, desk: AccountDesk, emit: Callable[[Event], None]) -> None:
        self._desk = desk
        self._emit = emit
        self._ending = threading.Event()
        self._wake = threading.Event()
        self._told = ""
        self._task: tuple[asyncio.AbstractEventLoop, asyncio.Task[bool]] | None = None
        desk.connection.is_stopped = self._is_stopped
        self._thread = threading.Thread(target=self._serve, name="account", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look after everything now; returns at once."""
        self._wake.set()

    def close(self) -> None:
        """End the loop; what it was sending goes on from there the next time."""
        self._ending.set()
        self._wake.set()
        if task := self._task:
            with contextlib.suppress(RuntimeError):  # it has just ended
                task[0].call_soon_threadsafe(task[1].cancel)
        self._thread.join(CLOSING_S)

    def _is_stopped(self) -> bool:
        return self._ending.is_set()

    def _serve(self) -> None:
        while not self._ending.is_set():
            pause_s = LATER_S
            if self._desk.connection.user_id and (lock := Lock.take(_lock_of(self._desk))):
                try:
                    pause_s = self._turn()
                finally:
                    lock.release()
            self._wake.wait(pause_s)
            self._wake.clear()

    def _turn(self) -> float:
        try:
            is_busy = asyncio.run(self._round())
        except (Cancelled, asyncio.CancelledError):
            return 0.0
        except StudioError as error:
            return self._after(error)
        except Exception:
            log.exception("The account's loop met a fault of the program")
            return AFTER_FAULT_S
        if self._told:
            self._told = ""
            self._emit(_well_again())
        return SOON_S if is_busy else LATER_S

    async def _round(self) -> bool:
        task = asyncio.create_task(self._look())
        self._task = asyncio.get_running_loop(), task
        try:
            return await task
        finally:
            self._task = None

    async def _look(self) -> bool:
        async with self._desk.connection.client() as client:
            return await self._desk.round(client, self._emit)

    def _after(self, error: StudioError) -> float:
        log.info("The account waits: %s", error)
        if not error.retryable and error.title != self._told:
            self._told = error.title
            self._emit(Notice(title=error.title, message=error.message, hint=error.hint, about=ACCOUNT))
        if getattr(error, "code", "") == SIGNED_OUT:
            self._desk.connection.forget()
            self._emit(AccountChanged())
        return LATER_S if error.retryable else AFTER_FAULT_S


def _well_again() -> Notice:
    message = "Sending, fetching and cloud rendering go on."
    return Notice(title="Account works again", message=message, is_news=True, about=ACCOUNT)


def _lock_of(desk: AccountDesk) -> Path:
    return desk.connection.folder / "loop.lock"
