"""A stand-in for the part of Stripe that the service uses, for development and tests.

Checkout, payments, refunds and events: it answers Stripe's own client library, honours its idempotency keys, shows a
payment page and delivers signed events. It charges nothing, and the service refuses to use it outside development.
"""

import hashlib
import hmac
import json
import logging
import queue
import threading
import time
import uuid
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

LOG = logging.getLogger(__name__)
DECLINED = "pm_card_chargeDeclined"
DELIVERY_TRIES = 5
Thing = dict[str, Any]


class StandIn:
    """The state of the stand-in, and its ASGI application in `app`."""

    def __init__(
        self, *, base_url: str, webhook_url: str | None, webhook_secret: str, file: Path | None = None
    ) -> None:
        """base_url: where `app` is reached. webhook_url: None = events are only kept in `events`.

        file: where payments outlive the process, for reconciliation; None = they do not.
        """
        self.events: list[Thing] = []
        self._base_url = base_url
        self._webhook_url = webhook_url
        self._secret = webhook_secret
        self._sessions: dict[str, Thing] = {}
        self._payments: dict[str, Thing] = {}
        self._answers: dict[str, tuple[int, Thing]] = {}
        self._file = file
        self._lock = threading.RLock()
        if file is not None and file.exists():
            kept = json.loads(file.read_text())
            self._sessions, self._payments = kept["sessions"], kept["payments"]
        self._outgoing: queue.Queue[Thing] = queue.Queue()
        self.app = Starlette(
            routes=[
                Route("/v1/checkout/sessions", self._once(self._open_session), methods=["POST"]),
                Route("/v1/checkout/sessions/{id}", self._show_session, methods=["GET"]),
                Route("/v1/payment_intents", self._once(self._create_payment), methods=["POST"]),
                Route("/v1/payment_intents/{id}", self._show_payment, methods=["GET"]),
                Route("/v1/payment_intents", self._list_payments, methods=["GET"]),
                Route("/v1/refunds", self._once(self._create_refund), methods=["POST"]),
                Route("/pay/{id}", self._show_page, methods=["GET"]),
                Route("/pay/{id}", self._pay_page, methods=["POST"]),
                Route("/invoice/{id}", self._show_invoice, methods=["GET"]),
            ]
        )
        if webhook_url:
            threading.Thread(target=self._deliver, name="stripe-events", daemon=True).start()

    def dispute(self, payment_id: str, status: str) -> None:
        """The buyer's bank disputes a payment (`needs_response`), or decides (`won`, `lost`)."""
        kind = "charge.dispute.created" if status == "needs_response" else "charge.dispute.closed"
        charge = self._payments[payment_id]["latest_charge"]
        self._emit(
            kind,
            {
                "id": f"dp_{payment_id}",
                "object": "dispute",
                "payment_intent": payment_id,
                "charge": charge["id"],
                "status": status,
            },
        )

    def pay(self, session_id: str) -> Thing:
        """The buyer pays on the page of a session; the payment."""
        with self._lock:
            session = self._sessions[session_id]
            if session["payment_status"] != "paid":
                payment = self._new_payment(session["amount_total"], session["currency"], session["_payment_metadata"])
                session.update(status="complete", payment_status="paid", payment_intent=payment["id"])
                self._succeed(payment)
                self._emit("checkout.session.completed", _public(session))
                self._save()
            return self._payments[session["payment_intent"]]

    def sign(self, payload: bytes) -> str:
        """The Stripe-Signature header of a payload, as of now."""
        return sign(payload, self._secret)

    def _open_session(self, form: Thing) -> tuple[int, Thing]:
        price = form["line_items"]["0"]["price_data"]
        key = f"cs_test_{uuid.uuid4().hex}"
        session = {
            "id": key,
            "object": "checkout.session",
            "url": f"{self._base_url}/pay/{key}",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": int(price["unit_amount"]) * int(form["line_items"]["0"]["quantity"]),
            "currency": price["currency"],
            "metadata": form.get("metadata", {}),
            "success_url": form["success_url"],
            "cancel_url": form["cancel_url"],
            "_payment_metadata": form.get("payment_intent_data", {}).get("metadata", {}),
        }
        self._sessions[key] = session
        return 200, _public(session)

    def _create_payment(self, form: Thing) -> tuple[int, Thing]:
        payment = self._new_payment(int(form["amount"]), form["currency"], form.get("metadata", {}))
        if form["payment_method"] == DECLINED:
            payment["status"] = "requires_payment_method"
            self._emit("payment_intent.payment_failed", payment)
            error = {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}
            return 402, {"error": error | {"payment_intent": payment}}
        self._succeed(payment)
        return 200, payment

    def _create_refund(self, form: Thing) -> tuple[int, Thing]:
        payment = self._payments.get(form["payment_intent"])
        if payment is None or payment["status"] != "succeeded":
            return 404, {"error": {"type": "invalid_request_error", "message": "No such payment."}}
        charge = payment["latest_charge"]
        amount = int(form.get("amount", charge["amount"] - charge["amount_refunded"]))
        if charge["amount_refunded"] + amount > charge["amount"]:
            return 400, {"error": {"type": "invalid_request_error", "message": "The charge has already been refunded."}}
        charge["amount_refunded"] += amount
        self._emit("charge.refunded", charge)
        return 200, {
            "id": f"re_{uuid.uuid4().hex}",
            "object": "refund",
            "amount": amount,
            "status": "succeeded",
            "payment_intent": payment["id"],
        }

    def _new_payment(self, amount: int, currency: str, metadata: Thing) -> Thing:
        key = f"pi_{uuid.uuid4().hex}"
        payment = {
            "id": key,
            "object": "payment_intent",
            "amount": amount,
            "currency": currency,
            "metadata": metadata,
            "status": "requires_payment_method",
            "client_secret": f"{key}_secret",
            "latest_charge": None,
        }
        self._payments[key] = payment
        return payment

    def _succeed(self, payment: Thing) -> None:
        payment["status"] = "succeeded"
        payment["latest_charge"] = {
            "id": f"ch_{uuid.uuid4().hex}",
            "object": "charge",
            "payment_intent": payment["id"],
            "amount": payment["amount"],
            "amount_refunded": 0,
            "receipt_url": f"{self._base_url}/invoice/{payment['id']}",
            "metadata": payment["metadata"],
        }
        self._emit("payment_intent.succeeded", payment | {"latest_charge": payment["latest_charge"]["id"]})

    def _emit(self, kind: str, thing: Thing) -> None:
        event = {
            "id": f"evt_{uuid.uuid4().hex}",
            "object": "event",
            "type": kind,
            "created": int(time.time()),
            "data": {"object": dict(thing)},
        }
        self.events.append(json.loads(json.dumps(event)))
        self._outgoing.put(self.events[-1])

    def _save(self) -> None:
        """Keep sessions and payments, whole or not at all."""
        if self._file is not None:
            temporary = self._file.with_suffix(".new")
            temporary.write_text(json.dumps({"sessions": self._sessions, "payments": self._payments}))
            temporary.replace(self._file)

    def _deliver(self) -> None:
        while True:
            event = self._outgoing.get()
            payload = json.dumps(event).encode()
            for attempt in range(DELIVERY_TRIES):
                if self._post(payload):
                    break
                time.sleep(2**attempt)

    def _post(self, payload: bytes) -> bool:
        headers = {"Content-Type": "application/json", "Stripe-Signature": self.sign(payload)}
        try:
            return requests.post(self._webhook_url or "", payload, headers=headers, timeout=10).ok
        except requests.RequestException:
            LOG.warning("An event of the payment stand-in could not be delivered")
            return False

    def _once(self, act: Any) -> Any:
        """An endpoint that gives the first answer again when Stripe's idempotency key is repeated."""

        async def endpoint(request: Request) -> Response:
            form = _tree((await request.body()).decode())
            key = request.headers.get("idempotency-key", uuid.uuid4().hex)
            with self._lock:
                if key not in self._answers:
                    self._answers[key] = act(form)
                    self._save()
                status, answer = self._answers[key]
            return JSONResponse(answer, status)

        return endpoint

    async def _list_payments(self, request: Request) -> Response:
        return JSONResponse(
            {"object": "list", "data": list(self._payments.values()), "has_more": False, "url": "/v1/payment_intents"}
        )

    async def _show_session(self, request: Request) -> Response:
        session = self._sessions.get(request.path_params["id"])
        if session is None:
            return _unknown("checkout session")
        paid_by = session["payment_intent"]
        invoice = {"object": "invoice", "hosted_invoice_url": f"{self._base_url}/invoice/{paid_by}"}
        return JSONResponse(_public(session) | {"invoice": invoice if paid_by else None})

    async def _show_payment(self, request: Request) -> Response:
        payment = self._payments.get(request.path_params["id"])
        return JSONResponse(payment) if payment else _unknown("payment")

    async def _show_invoice(self, request: Request) -> Response:
        payment = self._payments.get(request.path_params["id"])
        if payment is None or payment["status"] != "succeeded":
            return HTMLResponse("<!doctype html><title>Not found</title><p>There is no such invoice.", 404)
        return HTMLResponse(_INVOICE.format(price=escape(_price(payment["amount"], payment["currency"]))))

    async def _show_page(self, request: Request) -> Response:
        session = self._sessions.get(request.path_params["id"])
        if session is None:
            return HTMLResponse("<!doctype html><title>Not found</title><p>There is no such payment.", 404)
        price = _price(session["amount_total"], session["currency"])
        return HTMLResponse(_PAGE.format(price=escape(price), cancel=escape(session["cancel_url"])))

    async def _pay_page(self, request: Request) -> Response:
        session = self._sessions.get(request.path_params["id"])
        if session is None:
            return Response(status_code=404)
        self.pay(session["id"])
        return RedirectResponse(session["success_url"], 303)


def sign(payload: bytes, secret: str) -> str:
    """The Stripe-Signature header of a payload, as of now."""
    moment = int(time.time())
    digest = hmac.new(secret.encode(), b"%d.%s" % (moment, payload), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _price(cents: int, currency: str) -> str:
    return f"{cents / 100:.2f} {currency.upper()}"


def _unknown(what: str) -> JSONResponse:
    return JSONResponse({"error": {"type": "invalid_request_error", "message": f"No such {what}."}}, 404)


def _public(session: Thing) -> Thing:
    return {name: value for name, value in session.items() if not name.startswith("_")}


def _tree(form: str) -> Thing:
    """Stripe's flat form (`a[b][0]=c`) as nested dictionaries."""
    tree: Thing = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        *path, last = name.replace("]", "").split("[")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return tree


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Test payment</title><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>Test payment</h1><p class="message">This is a stand-in. Nothing is charged.</p>
<p class="code">{price}</p><form method="post"><button>Pay</button></form>
<nav><a href="{cancel}">Cancel</a></nav></main></body></html>
"""

_INVOICE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Test invoice</title><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>Test invoice</h1><p class="message">This is a stand-in. Nothing was charged.</p>
<p class="code">{price}</p></main></body></html>
"""
