"""The cards of the account page: credits, licence, results, the service's renderings, what was refused."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.model import Account, Entitlement, LicenceState, OutboxItem, Package
from studio.ui import theme
from studio.ui.i18n import moment, number, tr
from studio.ui.parts.controls import ElidedLabel, button, label, row
from studio.ui.sentences import isolated, said

Verb = Callable[[], object]
SHOWN_PAYMENTS = 6


def card(title: str, *parts: QWidget) -> QFrame:
    """A titled card of widgets one below the other."""
    made = QFrame()
    made.setObjectName("card")
    made.setAccessibleName(title)
    layout = QVBoxLayout(made)
    layout.setContentsMargins(18, 14, 18, 16)
    layout.setSpacing(theme.GAP)
    layout.addWidget(label(title, "heading"))
    for part in parts:
        layout.addWidget(part)
    return made


def credits_card(known: Account, packages: Sequence[Package], buy: Callable[[str], object], pay: Verb) -> QFrame:
    """The balance with its age, what can be bought, and the purchase that waits for its payment."""
    parts: list[QWidget] = []
    if known.balance:
        parts.append(label(tr("{n} credits", known.balance.available), "title"))
        parts.append(label(_about_balance(known), "muted", wrap=True))
    else:
        parts.append(label(tr("The balance was not asked for yet."), "muted"))
    if known.purchase:
        words = tr("{n} credits wait for their payment. They arrive here by themselves.", known.purchase.credits)
        parts.append(_beside(label(words, "doubt", wrap=True), button(tr("Open the payment page"), pay)))
    if packages:
        offers = [button(_offer(package), partial(buy, package.id)) for package in packages]
        parts.append(row(*offers, None))
    parts.append(
        label(tr("A credit pays for one picture rendered by the service. Work on this computer is free."), "small")
    )
    return card(tr("Credits"), *parts)


def payments_card(payments: Sequence[Any], show_invoice: Callable[[str], object]) -> QFrame:
    """The newest payments, each with its invoice, and what renderings cost, as the service has them."""
    lines: list[QWidget] = []
    for payment in payments[:SHOWN_PAYMENTS]:
        money = f"{number(payment.amount_cents / 100, 2)} {payment.currency}" if payment.amount_cents else ""
        what = f"{_payment(payment.type)} · {_payment_status(payment.status)}"
        when = label(moment(payment.created_at), "muted")
        sign = "+" if payment.credits_amount > 0 else ""
        amount = label(isolated(f"{sign}{number(payment.credits_amount)}"))
        has_invoice = payment.type == "credit_purchase" and payment.status not in ("pending", "failed")
        invoice = partial(show_invoice, payment.id)
        opener = [button(tr("Invoice"), invoice, kind="link", about=moment(payment.created_at))] if has_invoice else []
        lines.append(row(when, 12, label(what), None, *opener, label(isolated(money), "muted"), 12, amount))
    return card(tr("Payments and credits spent"), *lines)


def licence_card(
    known: Account, renew: Verb, seats: Sequence[tuple[Any, bool]], free: Callable[[str], object]
) -> QFrame:
    """How the licence stands, what it unlocks, and the computers of the plan. seats: with whether it is this one."""
    licence = known.licence
    kind = {LicenceState.VALID: "good", LicenceState.GRACE: "doubt"}.get(licence.state, "muted")
    parts: list[QWidget] = [_beside(label(_licence_state(known), kind, wrap=True), button(tr("Renew"), renew))]
    if licence.until:
        words = tr("Works without the internet until {when}.", when=isolated(moment(licence.until)))
        parts.append(label(words, "muted", wrap=True))
    if licence.reason:
        parts.append(label(f"{said(licence.reason)} {said(licence.hint)}".strip(), "muted", wrap=True))
    names = [_entitlement(entitlement) for entitlement in sorted(licence.entitlements)]
    unlocked = (
        tr("Unlocked: {names}", names=tr(", ").join(names)) if names else tr("One watched folder, for everybody.")
    )
    parts.append(label(unlocked, wrap=True))
    if any(not is_here for _, is_here in seats):
        parts.append(label(tr("Computers that hold a licence of the plan:"), "muted"))
        parts += [_seat(seat, is_here, free) for seat, is_here in seats]
    return card(tr("Licence"), *parts)


def _seat(seat: Any, is_here: bool, free: Callable[[str], object]) -> QWidget:
    until = label(tr("until {when}", when=isolated(moment(seat.expires_at))), "muted")
    if is_here:
        return named_row(seat.device_name, until, label(tr("this computer"), "muted"))
    return named_row(seat.device_name, until, button(tr("Free"), partial(free, seat.id), about=seat.device_name))


def sync_card(
    known: Account,
    shoot: Path | None,
    is_synced: bool,
    into: Path | None,
    *,
    toggle: Verb,
    choose: Verb,
    fetch_nothing: Verb,
    pause: Verb,
) -> QFrame:
    """Which results are sent, where others are fetched to, and what waits."""
    parts: list[QWidget] = []
    if shoot:
        words = tr("This shoot is synced.") if is_synced else tr("Results of this shoot stay on this computer.")
        verb = tr("Stop syncing") if is_synced else tr("Sync results")
        parts.append(row(label(words, "good" if is_synced else ""), None, button(verb, toggle)))
        parts.append(_path_label(shoot))
    fetched = tr("Results of other computers are fetched into a folder.") if into else tr("Nothing is fetched.")
    stop = [button(tr("Stop fetching"), fetch_nothing)] if into else []
    parts.append(row(label(fetched, "muted"), None, *stop, button(tr("Folder…"), choose)))
    if into:
        parts.append(_path_label(into))
    waiting = tr("{n} files wait to be sent.", known.waiting)
    paused = tr("Go on") if known.is_sync_paused else tr("Pause")
    parts.append(row(label(waiting, "muted"), None, button(paused, pause)))
    return card(tr("Results on several computers"), *parts)


def cloud_card(jobs: Sequence[QWidget], waiting: int, send: Verb, rule: str, choose_rule: Verb) -> QFrame:
    """The jobs at the service, those that could go there, and the rule by which they go by themselves."""
    parts = list(jobs) or [label(tr("Nothing is rendered by the service at the moment."), "muted")]
    if waiting:
        words = tr("{n} photos wait in this computer's queue.", waiting)
        parts.append(row(label(words, "muted"), None, button(tr("Render in the cloud…"), send)))
    parts.append(_beside(label(rule, "muted", wrap=True), button(tr("By rule…"), choose_rule)))
    return card(tr("Cloud rendering"), *parts)


def left_card(jobs: Sequence[QWidget]) -> QFrame:
    """The jobs at the service of a sign-in that has ended."""
    words = tr("These photos are still with the service. Sign in again to get them, or render them here.")
    return card(tr("Cloud rendering"), label(words, "doubt", wrap=True), *jobs)


def named_row(name: str, *others: QWidget) -> QWidget:
    """One job at the service, or one computer: its name, and beside it how it stands and what can be done."""
    shown = ElidedLabel(least_px=160)
    shown.setText(name)
    return _beside(shown, *others)


def refused_card(refused: Sequence[OutboxItem], dismiss: Verb) -> QFrame:
    """What the service did not want, until it is dismissed."""
    parts: list[QWidget] = []
    for item in refused:
        if item.refusal:
            words = f"{said(item.refusal.message)} {said(item.refusal.hint)}".strip()
            parts.append(label(words, "bad", wrap=True))
    return card(tr("Not sent"), *parts, row(None, button(tr("Dismiss"), dismiss)))


def _beside(first: QWidget, *others: QWidget) -> QWidget:
    """The first takes all the room that the others leave."""
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(first, 1)
    for other in others:
        layout.addWidget(other)
    return made


def _path_label(path: Path) -> ElidedLabel:
    made = ElidedLabel("small")
    made.setText(str(path))
    return made


def _about_balance(known: Account) -> str:
    assert known.balance
    words = [tr("As of {when}.", when=isolated(moment(known.balance.told_at)))]
    if known.balance.reserved:
        words.append(tr("{n} reserved for renderings under way.", known.balance.reserved))
    if known.balance.owed:
        words.append(tr("{n} owed: the next credits pay them first.", known.balance.owed))
    return " ".join(words)


def _offer(package: Package) -> str:
    price = f"{number(package.price_cents / 100, 2)} {package.currency}"
    return tr("Buy {credits} for {price}", credits=number(package.credits), price=isolated(price))


def _licence_state(known: Account) -> str:
    licence = known.licence
    plan = isolated(licence.plan)
    if licence.state is LicenceState.VALID:
        return tr("Plan {plan}", plan=plan)
    if licence.state is LicenceState.GRACE:
        return tr("Plan {plan}, in its days of grace: connect to the internet to renew it.", plan=plan)
    return tr("No licence in force")


def _payment(kind: str) -> str:
    names = {
        "credit_purchase": tr("Credits bought"),
        "processing_fee": tr("Rendered in the cloud"),
        "refund": tr("Given back"),
    }
    return names.get(kind, kind)


def _payment_status(status: str) -> str:
    names = {
        "pending": tr("waits for the payment"),
        "succeeded": tr("done"),
        "failed": tr("not paid"),
        "refunded": tr("refunded"),
        "partially_refunded": tr("partly refunded"),
        "disputed": tr("disputed"),
    }
    return names.get(status, status)


def _entitlement(entitlement: Entitlement) -> str:
    return {
        Entitlement.WATCHED_FOLDERS: tr("any number of watched folders"),
        Entitlement.RESULTS_SYNC: tr("results on several computers"),
        Entitlement.FARM: tr("rendering on a farm"),
    }[entitlement]
