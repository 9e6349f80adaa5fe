"""Payments: credits come by signed events alone, each once, in any order; refunds and disputes take them back."""

import contextlib
import json
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select

from cloud import jobs, ledger, payments
from cloud.database import Database
from cloud.reconcile import reconcile
from cloud.standin import DECLINED, StandIn, sign
from cloud.tables import Transaction, WebhookEvent
from tests.cloud.building import WEBHOOK_SECRET, House, Person, Stripe, make_order, make_user
from tests.cloud.servers import free_port, running_process, wait_until

WEBHOOK = "/api/v1/webhooks/stripe"


@pytest.fixture
def shop(open_house: Callable[..., House], database_url: str, stripe_standin: Stripe) -> House:
    """The application with the stand-in for Stripe behind a real port."""
    return open_house(database_url=database_url, stripe_api_base=stripe_standin.url)


def deliver(house: House, event: dict[str, Any], *, secret: str = WEBHOOK_SECRET):
    payload = json.dumps(event).encode()
    return house.client.post(WEBHOOK, content=payload, headers={"Stripe-Signature": sign(payload, secret)})


def deliver_all(house: House, stripe: Stripe) -> None:
    for event in stripe.standin.events:
        assert deliver(house, event).status_code == 200


def check_out(person: Person, package: str = "credits-10", **words: Any) -> tuple[str, str]:
    """Open a checkout; the transaction's key and the session's."""
    answer = person.post("/credits/checkout", json={"package_id": package}, **words).json()
    return answer["transaction_id"], answer["checkout_url"].rsplit("/", 1)[-1]


def test_credits_come_with_the_signed_event_and_not_before(shop: House, stripe_standin: Stripe):
    person = shop.person()
    transaction, session = check_out(person)
    stripe_standin.standin.pay(session)
    assert person.available == 0
    deliver_all(shop, stripe_standin)
    assert person.available == 10
    listed = person.get("/credits/transactions").json()
    assert [(row["id"], row["status"], row["amount_cents"]) for row in listed] == [(transaction, "succeeded", 900)]


def test_the_payment_page_is_a_page_and_pays(shop: House, stripe_standin: Stripe):
    person = shop.person()
    url = person.post("/credits/checkout", json={"package_id": "credits-10"}).json()["checkout_url"]
    assert "9.00 EUR" in requests.get(url, timeout=5).text
    assert (
        requests.post(url, timeout=5, allow_redirects=False).headers["location"] == "http://testserver/credits/success"
    )
    deliver_all(shop, stripe_standin)
    assert person.available == 10


def test_a_paid_purchase_has_an_invoice_and_an_unpaid_one_has_none(shop: House, stripe_standin: Stripe):
    person, other = shop.person(), shop.person()
    transaction, session = check_out(person)
    address = f"/credits/transactions/{transaction}/invoice"
    assert person.get(address).status_code == 404
    stripe_standin.standin.pay(session)
    deliver_all(shop, stripe_standin)
    assert "9.00 EUR" in requests.get(person.get(address).json()["url"], timeout=5).text
    assert other.get(address).status_code == 404


def test_a_purchase_by_a_stored_card_has_its_receipt(shop: House, stripe_standin: Stripe):
    person = shop.person()
    form = {"package_id": "credits-50", "payment_method_id": "pm_card_visa"}
    bought = person.post("/credits/purchase", json=form).json()
    deliver_all(shop, stripe_standin)
    url = person.get(f"/credits/transactions/{bought['transaction_id']}/invoice").json()["url"]
    assert "39.00 EUR" in requests.get(url, timeout=5).text


def test_what_was_paid_at_the_stand_in_outlives_it(sqlite_url: str, tmp_path: Path, open_house: Callable[..., House]):
    known: dict[str, Any] = {"base_url": "http://127.0.0.1:9", "webhook_url": None, "webhook_secret": WEBHOOK_SECRET}
    first = StandIn(**known, file=tmp_path / "payments.json")
    with listening(first.app) as address:
        house = open_house(database_url=sqlite_url, stripe_api_base=address)
        _, session = check_out(house.person())
    second = StandIn(**known, file=tmp_path / "payments.json")
    payment = second.pay(session)
    third = StandIn(**known, file=tmp_path / "payments.json")
    assert third.pay(session)["id"] == payment["id"]


@pytest.mark.parametrize("secret", ["whsec_wrong", ""])
def test_an_event_with_a_wrong_signature_moves_nothing(shop: House, stripe_standin: Stripe, secret: str):
    person = shop.person()
    stripe_standin.standin.pay(check_out(person)[1])
    assert {deliver(shop, event, secret=secret).status_code for event in stripe_standin.standin.events} == {400}
    assert person.available == 0


def test_an_old_signature_is_refused(shop: House, stripe_standin: Stripe, monkeypatch: pytest.MonkeyPatch):
    person = shop.person()
    stripe_standin.standin.pay(check_out(person)[1])
    payload = json.dumps(stripe_standin.standin.events[-1]).encode()
    real = time.time
    with monkeypatch.context() as then:
        then.setattr(time, "time", lambda: real() - 400)
        header = sign(payload, WEBHOOK_SECRET)
    assert shop.client.post(WEBHOOK, content=payload, headers={"Stripe-Signature": header}).status_code == 400
    assert person.available == 0


def test_an_event_of_another_amount_or_currency_gives_nothing(shop: House, stripe_standin: Stripe):
    person = shop.person()
    stripe_standin.standin.pay(check_out(person)[1])
    for event in stripe_standin.standin.events:
        thing = event["data"]["object"]
        if event["type"] == "payment_intent.succeeded":
            deliver(shop, event | {"data": {"object": thing | {"amount": 1}}})
        else:
            deliver(shop, event | {"data": {"object": thing | {"currency": "usd"}}})
    assert person.available == 0


def test_each_event_five_times_out_of_order_and_in_parallel_gives_credits_once(shop: House, stripe_standin: Stripe):
    person = shop.person()
    payment = stripe_standin.standin.pay(check_out(person, "credits-50")[1])
    stripe_standin.standin.dispute(payment["id"], "needs_response")
    stripe_standin.standin.dispute(payment["id"], "won")
    deliveries = [event for event in reversed(stripe_standin.standin.events) for _ in range(5)]
    with ThreadPoolExecutor(8) as pool:
        assert {answer.status_code for answer in pool.map(lambda event: deliver(shop, event), deliveries)} == {200}
    with shop.services.database.write() as session:
        payments.apply_waiting(session)
        assert ledger.find_faults(session) == []
        assert {event.applied for event in session.scalars(select(WebhookEvent))} == {True}
    assert person.available == 50


def test_a_repeated_checkout_with_one_key_opens_one_session(shop: House):
    person = shop.person()
    key = {"Idempotency-Key": "buy-000001"}
    assert check_out(person, headers=key) == check_out(person, headers=key)
    assert len(person.get("/credits/transactions").json()) == 1


def test_an_unused_purchase_is_given_back_and_its_credits_are_taken_at_once(shop: House, stripe_standin: Stripe):
    person = shop.person()
    transaction, session = check_out(person)
    stripe_standin.standin.pay(session)
    deliver_all(shop, stripe_standin)
    key = {"Idempotency-Key": "refund-00001"}
    first = person.post("/credits/refund", json={"transaction_id": transaction}, headers=key)
    again = person.post("/credits/refund", json={"transaction_id": transaction}, headers=key)
    assert (first.status_code, first.json()["status"]) == (201, "succeeded")
    assert again.json()["id"] == first.json()["id"]
    assert person.available == 0
    deliver_all(shop, stripe_standin)
    assert person.available == 0
    other = person.post("/credits/refund", json={"transaction_id": transaction})
    assert (other.status_code, other.json()["code"]) == (409, "not_refundable")


def test_a_purchase_whose_credits_are_used_is_not_given_back(shop: House, stripe_standin: Stripe):
    person = shop.person()
    transaction, session = check_out(person)
    stripe_standin.standin.pay(session)
    deliver_all(shop, stripe_standin)
    use(shop, person, 1)
    answer = person.post("/credits/refund", json={"transaction_id": transaction})
    assert (answer.status_code, answer.json()["code"]) == (409, "credits_used")


def test_a_lost_dispute_takes_used_credits_as_a_debt_that_the_next_purchase_pays(shop: House, stripe_standin: Stripe):
    person = shop.person()
    payment = stripe_standin.standin.pay(check_out(person)[1])
    deliver_all(shop, stripe_standin)
    use(shop, person, 4)
    stripe_standin.standin.dispute(payment["id"], "needs_response")
    stripe_standin.standin.dispute(payment["id"], "lost")
    deliver_all(shop, stripe_standin)
    assert person.get("/credits/balance").json() == {"available": 0, "reserved": 0, "owed": 4}
    stripe_standin.standin.pay(check_out(person)[1])
    deliver_all(shop, stripe_standin)
    assert person.get("/credits/balance").json() == {"available": 6, "reserved": 0, "owed": 0}


def test_a_card_is_charged_and_a_declined_one_gives_nothing(shop: House, stripe_standin: Stripe):
    person = shop.person()
    paid = person.post("/credits/purchase", json={"package_id": "credits-10", "payment_method_id": "pm_card_visa"})
    refused = person.post("/credits/purchase", json={"package_id": "credits-10", "payment_method_id": DECLINED})
    assert (paid.status_code, paid.json()["payment_status"]) == (201, "succeeded")
    assert (refused.status_code, refused.json()["code"]) == (402, "payment_refused")
    deliver_all(shop, stripe_standin)
    assert person.available == 10


def test_while_stripe_is_away_a_purchase_says_so_and_its_repetition_charges_once(
    open_house: Callable[..., House], sqlite_url: str, stripe_standin: Stripe
):
    away = open_house(database_url=sqlite_url)
    person = away.person()
    body, key = {"package_id": "credits-10", "payment_method_id": "pm_card_visa"}, {"Idempotency-Key": "buy-000001"}
    assert person.post("/credits/purchase", json=body, headers=key).status_code == 502
    back = open_house(database_url=sqlite_url, stripe_api_base=stripe_standin.url)
    person.client = back.client
    assert {person.post("/credits/purchase", json=body, headers=key).status_code for _ in range(3)} == {201}
    deliver_all(back, stripe_standin)
    assert person.available == 10
    assert len(person.get("/credits/transactions").json()) == 1


def test_reconciliation_finds_a_payment_whose_event_was_lost_and_mends_it(shop: House, stripe_standin: Stripe):
    person = shop.person()
    transaction, session = check_out(person)
    payment = stripe_standin.standin.pay(session)
    found = reconcile(shop.services, fix=False)
    assert [(difference.transaction_id, "no credits were given" in difference.sentence) for difference in found] == [
        (transaction, True)
    ]
    assert person.available == 0
    assert reconcile(shop.services, fix=True) == []
    assert person.available == 10
    refund(stripe_standin, payment["id"], 450)
    assert len(reconcile(shop.services, fix=False)) == 1
    assert reconcile(shop.services, fix=True) == []
    assert person.available == 5


def test_reconciliation_finds_credits_for_which_stripe_has_no_payment(shop: House):
    person = shop.person()
    with shop.services.database.write() as session:
        purchase = Transaction(
            id=uuid.uuid4(),
            user_id=person.id,
            tenant_id=person.tenant_id,
            type="credit_purchase",
            amount_cents=900,
            credits_amount=10,
            paid=True,
        )
        session.add(purchase)
        session.flush()
        payments.settle(session, purchase)
    assert ["Stripe does not" in difference.sentence for difference in reconcile(shop.services, fix=False)] == [True]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    order=st.permutations(range(6)),
    repeats=st.lists(st.integers(0, 5), max_size=6),
    outcome=st.sampled_from(["won", "lost"]),
)
def test_any_order_and_repetition_of_events_ends_in_the_same_balance(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, order: list[int], repeats: list[int], outcome: str
):
    import shutil

    path = tmp_path_factory.mktemp("order") / "order.db"
    shutil.copyfile(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        user = make_user(session, "a@example.com")
        purchase = Transaction(
            id=uuid.uuid4(),
            user_id=user.id,
            tenant_id=user.tenant_id,
            type="credit_purchase",
            amount_cents=1000,
            credits_amount=10,
        )
        session.add(purchase)
    events = history(str(purchase.id), outcome)
    for index in [*order, *repeats]:
        with database.write() as session:
            payments.receive(session, events[index])
    with database.write() as session:
        payments.apply_waiting(session)
        assert ledger.balance(session, user.id).available == (7 if outcome == "won" else 0)
        assert ledger.find_faults(session) == []
    database.close()


def history(transaction: str, outcome: str) -> list[dict[str, Any]]:
    """A payment of ten credits for ten euros, three of them given back, and a dispute."""
    mine = {"metadata": {"transaction_id": transaction}}
    things = [
        (
            "checkout.session.completed",
            mine
            | {
                "id": "cs_1",
                "payment_intent": "pi_1",
                "payment_status": "paid",
                "amount_total": 1000,
                "currency": "eur",
            },
        ),
        (
            "payment_intent.succeeded",
            mine | {"id": "pi_1", "status": "succeeded", "amount": 1000, "currency": "eur", "latest_charge": "ch_1"},
        ),
        ("charge.refunded", {"payment_intent": "pi_1", "amount_refunded": 100, "metadata": {}}),
        ("charge.refunded", mine | {"payment_intent": "pi_1", "amount_refunded": 300}),
        ("charge.dispute.created", {"payment_intent": "pi_1", "status": "needs_response"}),
        ("charge.dispute.closed", {"payment_intent": "pi_1", "status": outcome}),
    ]
    return [
        {"id": f"evt_{number}", "type": kind, "data": {"object": thing}} for number, (kind, thing) in enumerate(things)
    ]


@pytest.fixture
def localstripe(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "localstripe", "--port", str(port), "--from-scratch"]
    url = f"http://127.0.0.1:{port}"
    with running_process(command, {}, tmp_path / "localstripe.log", patience_s=0):
        wait_until(lambda: _answers(url), what="localstripe")
        yield url


def test_a_card_payment_and_its_refund_at_localstripe_which_delivers_its_own_signed_event(
    open_house: Callable[..., House], sqlite_url: str, localstripe: str
):
    house = open_house(
        database_url=sqlite_url, stripe_api_base=localstripe, stripe_secret_key=SecretStr("sk_test_12345")
    )
    person = house.person()
    method = make_payment_method(localstripe)
    with listening(house.client.app) as address:
        hook = {"url": f"{address}{WEBHOOK}", "secret": WEBHOOK_SECRET, "events": ["payment_intent.succeeded"]}
        assert requests.post(f"{localstripe}/_config/webhooks/ours", json=hook, timeout=5).ok
        answer = person.post("/credits/purchase", json={"package_id": "credits-10", "payment_method_id": method})
        assert (answer.status_code, answer.json()["payment_status"]) == (201, "succeeded")
        assert person.available == 0
        wait_until(lambda: person.available == 10, what="the event")
    refunded = person.post("/credits/refund", json={"transaction_id": answer.json()["transaction_id"]})
    assert refunded.json()["status"] == "succeeded"
    assert person.available == 0


@contextlib.contextmanager
def listening(app: Any) -> Iterator[str]:
    """The application on a real port; its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, what="the server")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def make_payment_method(url: str) -> str:
    card = {
        "type": "card",
        "card[number]": "4242424242424242",
        "card[exp_month]": "12",
        "card[exp_year]": "2030",
        "card[cvc]": "123",
    }
    return requests.post(f"{url}/v1/payment_methods", data=card, auth=("sk_test_12345", ""), timeout=5).json()["id"]


def use(house: House, person: Person, credits: int) -> None:
    """Spend credits on jobs that are done."""
    for _ in range(credits):
        order = make_order(person)
        with house.services.database.write() as session:
            job = jobs.submit(session, order, uuid.uuid4())
            ledger.spend(session, person.id, job.id, 1)


def refund(stripe: Stripe, payment_id: str, cents: int) -> None:
    """Give money back at Stripe itself, past the service."""
    answer = requests.post(f"{stripe.url}/v1/refunds", data={"payment_intent": payment_id, "amount": cents}, timeout=5)
    assert answer.ok


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/v1/events", auth=("sk_test_12345", ""), timeout=2).ok
    except requests.RequestException:
        return False
