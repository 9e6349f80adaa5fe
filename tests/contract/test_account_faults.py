"""A network that loses, repeats, cuts, delays and reorders, at every request of every flow: the ends are right."""

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.errors import AccountError
from studio.files import TEMPORARY_PREFIX
from studio.model import JobStatus, PurchaseState
from tests.cloud.building import House, Stripe
from tests.contract.computer import Computer, check_ledger, deliver_all, remote_jobs, render
from tests.fakes.account import FAULTS, Faults

ROUNDS = 12
Open = Callable[..., Computer]
Flow = Callable[[Computer, Stripe], None]


def settle(computer: Computer) -> None:
    """Let the loop turn until nothing is due, as it does when the window stays open."""
    for _ in range(ROUNDS):
        try:
            if not computer.round() and not computer.account.snapshot().waiting:
                return
        except AccountError as error:
            only_the_network(error)
            with computer.account.records.writing() as session:  # time passes
                from sqlalchemy import update

                from studio.jobs.outgoing import OutboxRow

                session.execute(update(OutboxRow).values(not_before=0))


def only_the_network(error: AccountError) -> None:
    """Nothing but the network may be at fault."""
    assert error.retryable, error


def retried(verb: Callable[[], object]) -> None:
    """What a person does who sees that the network failed."""
    for _ in range(ROUNDS):
        try:
            verb()
            return
        except AccountError as error:
            only_the_network(error)


def buy(computer: Computer, stripe: Stripe) -> None:
    """A purchase, once begun, is paid once and its credits come once."""
    begun = len(computer.account.records.purchases(computer.account.connection.user_id))
    try:
        computer.account.buy("credits-10")
    except AccountError as error:
        only_the_network(error)
        if len(computer.account.records.purchases(computer.account.connection.user_id)) == begun:
            retried(lambda: computer.account.buy("credits-10"))
    computer.restart()
    for _ in range(ROUNDS):
        purchases = computer.account.records.purchases(computer.account.connection.user_id)
        if purchases[0].state is not PurchaseState.OPENING:
            break
        settle(computer)
    assert purchases[0].checkout_url
    stripe.standin.pay(purchases[0].checkout_url.rsplit("/", 1)[-1])
    deliver_all(computer.house, stripe)
    settle(computer)
    assert [row.state for row in computer.account.records.purchases(computer.account.connection.user_id)] == [
        PurchaseState.PAID
    ]
    assert computer.person.available == 13
    paid = [row for row in computer.person.get("/credits/transactions").json() if row["type"] == "credit_purchase"]
    assert len(paid) == 1


def sync(computer: Computer, _stripe: Stripe) -> None:
    """A result goes up whole and once, and comes down whole and once."""
    computer.photo()
    entries = computer.order()
    computer.account.sync_shoot(computer.shoot, True)
    made = computer.finish(entries[0], side=240)  # three chunks
    settle(computer)
    assert computer.account.snapshot().refused == ()
    kept = computer.person.get("/results").json()["items"]
    assert [row["bytes"] for row in kept] == [made.stat().st_size]
    assert computer.account.snapshot().waiting == 0
    assert computer.account.snapshot().refused == ()
    forget_synced(computer)
    into = computer.folder / "fetched"
    computer.account.fetch_into(into)
    for _ in range(3):
        settle(computer)
        if into.exists() and any(into.glob("*.png")):
            break
    assert [path.read_bytes() for path in into.iterdir()] == [made.read_bytes()]


def cloud(computer: Computer, _stripe: Stripe) -> None:
    """A job is rendered once, paid once, and its file is whole."""
    computer.photo()
    entries = computer.order()
    computer.account.cloud.send(entries)
    for _ in range(ROUNDS):
        settle_once(computer)
        if all(job.remote_id for job in computer.account.cloud.jobs.under_way()):
            break
    mine = [job for job in remote_jobs(computer.house) if job.user_id == computer.person.id]
    assert len(mine) == 1
    content = render(computer.house.services, str(mine[0].id), computer.folder)
    settle(computer)
    entry = computer.studio.history.entry(entries[0].job.id)
    assert entry.job.status is JobStatus.DONE
    assert content in [file.path.read_bytes() for file in entry.files]
    assert computer.person.get("/credits/balance").json() == {"available": 2, "reserved": 0, "owed": 0}


def settle_once(computer: Computer) -> None:
    try:
        computer.round()
    except AccountError as error:
        only_the_network(error)


def forget_synced(computer: Computer) -> None:
    """As if this were the second computer."""
    from sqlalchemy import delete

    from studio.jobs.outgoing import SyncedRow

    with computer.account.records.writing() as session:
        session.execute(delete(SyncedRow))


def run(flow: Flow, shop: House, stripe: Stripe, open_computer: Open, faults: Faults) -> int:
    """One computer through one flow; how many requests that took."""
    stripe.standin.events.clear()
    computer = open_computer(shop, shop.person(credits=3))
    computer.sign_in("pro")
    computer.faults = faults
    computer.restart()
    flow(computer, stripe)
    check_ledger(shop)
    leavings = [path for path in Path(computer.folder).rglob(f"{TEMPORARY_PREFIX}*")]
    assert not [path for path in leavings if not path.name.startswith(f"{TEMPORARY_PREFIX}fetch-")]
    return faults.seen


@pytest.mark.parametrize("flow", [buy, sync, cloud])
@pytest.mark.parametrize("kind", ["lost-answer", pytest.param("twice", marks=pytest.mark.slow)])
def test_one_fault_in_the_middle_changes_nothing(
    shop: House, stripe_standin: Stripe, open_computer: Open, flow: Flow, kind: str
) -> None:
    for place in (0, 3):
        run(flow, shop, stripe_standin, open_computer, Faults(kind=kind, at=place))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
@pytest.mark.parametrize("flow", [buy, sync, cloud])
def test_a_bad_network_changes_nothing_but_the_time_it_takes(
    shop: House, stripe_standin: Stripe, open_computer: Open, flow: Flow, seed: int
) -> None:
    run(flow, shop, stripe_standin, open_computer, Faults(chance=0.3, dice=random.Random(seed)))


@pytest.mark.slow
@pytest.mark.parametrize("flow", [buy, sync, cloud])
@pytest.mark.parametrize("kind", FAULTS)
def test_every_fault_at_every_request_of_every_flow(
    shop: House, stripe_standin: Stripe, open_computer: Open, flow: Flow, kind: str
) -> None:
    for place in itertools.count():
        seen = run(flow, shop, stripe_standin, open_computer, Faults(kind=kind, at=place))
        if place >= seen:
            return


@pytest.mark.parametrize("kind", [FAULTS[0], *(pytest.param(kind, marks=pytest.mark.slow) for kind in FAULTS[1:])])
def test_a_sign_in_succeeds_or_says_why_and_the_next_one_succeeds(shop: House, open_computer: Open, kind: str) -> None:
    said: list[str] = []
    for place in range(4):
        computer = open_computer(shop, shop.person(credits=3), Faults(kind=kind, at=place))
        try:
            computer.sign_in()
        except AccountError as error:
            said.append(error.hint)
            computer.sign_in()
        assert computer.account.snapshot().balance.available == 3
    assert all(said)
