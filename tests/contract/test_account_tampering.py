"""A local database changed by hand, two programs at once, a kill between two steps: nothing is lost or unlocked."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from studio.errors import AccountError
from studio.model import LicenceState
from tests.cloud.building import House
from tests.contract.computer import Computer
from tests.fakes.account import ELSEWHERE, HERE

Open = Callable[..., Computer]


def fact(computer: Computer, name: str, value: object = None) -> object:
    """Read a fact of the closed app past it, or replace it."""
    with closing(sqlite3.connect(computer.folder / "home" / "jobs.sqlite3")) as connection, connection:
        if value is not None:
            connection.execute("UPDATE account_facts SET value = ? WHERE name = ?", (json.dumps(value), name))
        row = connection.execute("SELECT value FROM account_facts WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None


def test_a_mark_of_time_set_back_by_hand_unlocks_nothing(computer: Computer) -> None:
    computer.sign_in("pro")
    assert computer.studio.folders_allowed() is None
    mark = fact(computer, "mark")
    fact(computer, "mark", mark | {"latest_s": 0})
    assert computer.account.licence().state is LicenceState.FORGED
    assert computer.studio.folders_allowed() == 1
    computer.account.renew_licence()
    assert computer.account.licence().state is LicenceState.VALID


def test_a_licence_replayed_from_before_is_refused(computer: Computer) -> None:
    computer.sign_in("pro")
    old = fact(computer, "licence")
    time.sleep(1.1)  # licences are dated in whole seconds
    computer.plan("free")
    computer.account.renew_licence()
    assert computer.studio.folders_allowed() == 1
    fact(computer, "licence", old)
    assert computer.account.licence().state is LicenceState.FORGED
    assert computer.studio.folders_allowed() == 1


def test_a_home_copied_to_another_computer_holds_no_licence_there(computer: Computer) -> None:
    computer.sign_in("pro")
    around = replace(computer.studio._surroundings, machine=lambda: ELSEWHERE)
    computer.studio.close()
    from studio.app import Home, Studio

    computer.studio = Studio(Home(folder=computer.folder / "home"), surroundings=around)
    assert computer.account.licence().state is LicenceState.FOREIGN
    assert computer.studio.folders_allowed() == 1


def test_a_system_installed_anew_on_the_same_computer_keeps_the_licence(computer: Computer) -> None:
    computer.sign_in("pro")
    computer.account.keeper._machine = lambda: replace(HERE, system="another id")
    assert computer.account.licence().state is LicenceState.VALID


def test_an_outbox_that_was_pointed_at_another_file_sends_nothing(computer: Computer) -> None:
    computer.sign_in("pro")
    private = computer.folder / "private.txt"
    private.write_text("a diary")
    payload = {"path": str(private).encode().hex(), "sha256": "0" * 64}
    computer.account.records.post(computer.account.connection.user_id, "upload", payload)
    computer.round()
    assert computer.person.get("/results").json()["items"] == []
    assert len(computer.account.snapshot().refused) == 1


def test_what_waits_for_one_account_is_never_sent_to_another(
    computer: Computer, shop: House, open_computer: Open
) -> None:
    computer.sign_in("pro")
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    computer.finish(entries[0])
    computer.account.sign_out()
    first, computer.person = computer.person, shop.person()
    computer.sign_in("pro")
    computer.round()
    assert computer.person.get("/results").json()["items"] == []
    assert computer.account.synced_shoots() == []
    computer.account.sign_out()
    computer.person = first
    computer.sign_in("pro")
    computer.round()
    assert len(first.get("/results").json()["items"]) == 1


def test_many_at_once_renew_the_tokens_once(computer: Computer) -> None:
    computer.sign_in()
    for _ in range(3):
        computer.memory.held = replace(computer.memory.held, expires_at=0.0)
        with ThreadPoolExecutor(6) as threads:
            balances = list(threads.map(lambda _: computer.account.balance(), range(6)))
        assert {balance.available for balance in balances} == {3}
    assert computer.account.snapshot().is_signed_in


def test_a_kill_while_sending_sends_once_after_the_start(computer: Computer) -> None:
    computer.sign_in("pro")
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    made = computer.finish(entries[0], side=240)

    class Killed(BaseException):
        """The power went."""

    async def dies(_seconds: float) -> None:
        raise Killed

    async def half() -> None:
        async with computer.account.connection.client() as client:
            client.sleep = dies
            computer.studio.settings = replace(computer.studio.settings, sync_kilobytes_a_second=30)
            await computer.account.round(client, computer.events.append)

    with pytest.raises(Killed):
        asyncio.run(half())
    assert computer.account.snapshot().waiting == 1
    computer.restart()
    computer.round()
    kept = computer.person.get("/results").json()["items"]
    assert [row["bytes"] for row in kept] == [made.stat().st_size]
    assert computer.account.snapshot().waiting == 0


def test_an_unreachable_service_does_not_hold_up_signing_out(computer: Computer) -> None:
    computer.sign_in()
    from tests.fakes.account import Faults

    computer.faults = Faults(kind="lost-request", every=True)
    computer.restart()
    computer.account.sign_out()
    assert computer.memory.held is None
    with pytest.raises(AccountError, match="not signed in"):
        computer.account.balance()
