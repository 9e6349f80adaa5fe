"""`modamoda account`: sign-in, status, buy, ledger, invoice, licence, sync, render, rule, sign-out."""

import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studio.commands.arguments import FOLDER, NAME

if TYPE_CHECKING:
    from studio.app import Studio
    from studio.model import Account, CloudRule, Event, HistoryEntry

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of words.")
_LOOK_S = 1.0


@click.group()
def account() -> None:
    """An account is optional: cloud rendering, more watched folders, results on several computers.

    Everything on this computer works without one. MODAMODA_ACCOUNT_URL names another service.
    """


@account.command("sign-in")
@click.option(
    "--vault", is_flag=True, help="Keep the secrets in an encrypted file under a passphrase, not the keyring."
)
@click.option("--no-browser", is_flag=True, help="Only say the address; open it wherever you like.")
def sign_in(vault: bool, no_browser: bool) -> int:
    """Sign this computer in; you approve it in the browser."""
    import webbrowser

    def show(prompt: Any) -> None:
        click.echo(f"Open {prompt.url} and check that it shows this code: {prompt.code}")
        if not no_browser:
            webbrowser.open(prompt.url)

    with _studio(confirm=vault) as studio:
        known = studio.account.sign_in(show, is_stopped=lambda: False, with_vault=vault)
    _print_account(known)
    return 0


@account.command()
@JSON
@click.option("--offline", is_flag=True, help="Only what is known here; asks nobody.")
def status(as_json: bool, offline: bool) -> int:
    """Show who is signed in, the credits, the licence, and what waits to be sent."""
    from studio.errors import AccountError

    with _studio() as studio:
        if studio.account.connection.user_id and not offline:
            try:
                studio.account.refresh()
            except AccountError as error:
                click.echo(f"{error.message} {error.hint}".strip(), err=True)
        known = studio.account.snapshot()
    if as_json:
        click.echo(json.dumps(_described(known)))
    else:
        _print_account(known)
    return 0


@account.command()
@click.argument("package", required=False, type=NAME)
@click.option("--wait/--no-wait", default=True, help="Wait until the payment is confirmed.")
@click.option("--no-browser", is_flag=True, help="Only say the address of the payment page.")
def buy(package: str | None, wait: bool, no_browser: bool) -> int:
    """Buy credits on the payment page in the browser; without PACKAGE show what there is."""
    import webbrowser

    with _studio() as studio:
        if package is None:
            for offer in studio.account.packages():
                click.echo(
                    f"{offer.id:<14} {offer.credits:>5} credits  {offer.price_cents / 100:>8.2f} {offer.currency}"
                )
            return 0
        begun = studio.account.buy(package)
        click.echo(f"Pay here: {begun.checkout_url}")
        if not no_browser:
            webbrowser.open(begun.checkout_url or "")
        if wait:
            click.echo("Waiting for the payment; Ctrl-C leaves it open, and nothing is lost.")
            _wait_for(studio)
            if balance := studio.account.snapshot().balance:
                click.echo(f"{balance.available} credits are available.")
    return 0


@account.command()
@JSON
def ledger(as_json: bool) -> int:
    """Show purchases, refunds and what renderings cost, the newest first."""
    with _studio() as studio:
        rows = studio.account.transactions()
        if not rows and not as_json:
            click.echo("Nothing was bought or spent yet.")
        for row in rows:
            if as_json:
                fields = {"id": row.id, "type": row.type, "status": row.status, "credits": row.credits_amount}
                fields |= {"cents": row.amount_cents, "currency": row.currency, "at": row.created_at.isoformat()}
                click.echo(json.dumps(fields))
            else:
                money = f"{row.amount_cents / 100:.2f} {row.currency}" if row.amount_cents else ""
                what = f"{row.type.replace('_', ' '):<16} {row.credits_amount:>+6}  {money:>12}  {row.status}"
                click.echo(f"{row.id[:8]}  {_local(row.created_at)}  {what}")
    return 0


@account.command()
@click.argument("purchase", type=NAME, metavar="ID")
@click.option("--no-browser", is_flag=True, help="Only say the address of the invoice.")
def invoice(purchase: str, no_browser: bool) -> int:
    """Open the invoice of a purchase; ID as `modamoda account ledger` shows it."""
    import webbrowser

    from studio.errors import UsageError

    with _studio() as studio:
        found = [row.id for row in studio.account.transactions() if row.id.startswith(purchase)]
        if len(found) != 1:
            raise UsageError("Purchase not found", f"{purchase} names no purchase.", "See `modamoda account ledger`.")
        url = studio.account.invoice(found[0])
    click.echo(url)
    if not no_browser:
        webbrowser.open(url)
    return 0


@account.command()
@click.option("--renew", is_flag=True, help="Get this computer's licence anew.")
@click.option("--free", "seat", type=NAME, metavar="ID", help="Free the seat of a computer that is not used any more.")
def licence(renew: bool, seat: str | None) -> int:
    """Show this computer's licence and the computers that hold the plan's seats; renew it, or free a seat."""
    from studio.errors import UsageError

    with _studio() as studio:
        desk = studio.account
        if seat:
            found = [each.id for each in desk.seats() if each.id.startswith(seat)]
            if len(found) != 1:
                raise UsageError("Seat not found", f"{seat} names no seat.", "See `modamoda account licence`.")
            desk.free_seat(found[0])
        if renew:
            desk.renew_licence()
        seats = desk.seats()
        _print_licence(desk.snapshot())
        for each in seats:
            here = " (this computer)" if desk.keeper.is_here(each.installation) else ""
            click.echo(f"{each.id[:8]}  until {_local(each.expires_at)}  {each.device_name}{here}")
    return 0


@account.command()
@click.option("--shoot", type=FOLDER, help="The shoot that is meant.")
@click.option("--on/--off", default=None, help="Send the results of that shoot, or stop it.")
@click.option("--to", type=FOLDER, help="Fetch the account's results to here.")
@click.option("--pause/--resume", default=None, help="Send and fetch no files for now, or go on.")
def sync(shoot: Path | None, on: bool | None, to: Path | None, pause: bool | None) -> int:
    """Send and fetch results now; what is not said stays as it was."""
    with _studio() as studio:
        desk = studio.account
        if pause is not None:
            desk.pause_sync(pause)
        if shoot is not None and on is not None:
            desk.sync_shoot(shoot.absolute(), on)
        if to is not None:
            desk.fetch_into(to.absolute())
        desk.sync_now(_tell)
        known = desk.snapshot()
        click.echo(f"{_some(len(desk.synced_shoots()), 'shoot')} synced, {_some(known.waiting, 'file')} to be sent.")
        if desk.fetches_into:
            click.echo(f"Results of other computers are fetched into {desk.fetches_into}.")
        for item in known.refused:
            if item.refusal:
                click.echo(f"{item.refusal.title}: {item.refusal.message} {item.refusal.hint}".strip(), err=True)
    return 1 if known.refused else 0


@account.command()
@click.argument("ids", nargs=-1, required=True, type=NAME, metavar="ID...")
@click.option("--yes", is_flag=True, help="Do not ask about the price.")
@click.option("--here", is_flag=True, help="Take the jobs back: they are rendered here, their credits come back.")
@click.option("--look", is_flag=True, help="Say where doubtful results are shown, to be opened in a browser.")
@click.option("--take", is_flag=True, help="Take doubtful results, which spends their credits.")
def render(ids: tuple[str, ...], yes: bool, here: bool, look: bool, take: bool) -> int:
    """Let the service render jobs that wait; the results come into the same history."""
    from studio.model import JobStatus

    if here + look + take > 1:
        raise click.UsageError("--here, --look and --take exclude each other.")
    with _studio() as studio:
        entries = [studio.history.entry(job_id) for job_id in ids]
        if look:
            for entry in entries:
                click.echo(studio.account.cloud.preview(entry.job.id))
            return 0
        if here or take:
            for entry in entries:
                if take:
                    studio.account.cloud.decide(entry.job.id, _tell, approved=True)
                else:
                    studio.account.cloud.render_here(entry.job.id, _tell)
                _say_where(studio.history.entry(entry.job.id))
            return 0
        price = studio.account.cloud.price(entries)
        if not yes:
            costs = f"{_some(len(entries), 'photo')} to be sent: {_some(price, 'credit')} when done"
            click.confirm(f"{costs}. Send to {studio.account.connection.around.address.host}?", abort=True)
        sent = studio.account.cloud.send(entries)
        studio.account.sync_now(_tell)
        click.echo(f"{_some(sent, 'photo')} handed to the service.")
        _wait_for(studio)
        ended = [studio.history.entry(entry.job.id).job.status for entry in entries]
    return 1 if JobStatus.FAILED in ended else 0


@account.command()
@click.option("--without-gpu/--with-gpu", default=None, help="All that waits, while there is no graphics card; or not.")
@click.option("--over-queue", type=click.IntRange(min=0), help="What waits beyond so many photos; 0 = however many.")
@click.option("--credits", "limit", type=click.IntRange(min=1), help="How many credits may be spent, counted from now.")
@click.option("--off", is_flag=True, help="Render nothing by rule any more.")
@click.option("--yes", is_flag=True, help="Do not ask about the price.")
def rule(without_gpu: bool | None, over_queue: int | None, limit: int | None, off: bool, yes: bool) -> int:
    """Show or say when the service renders by itself; it needs a limit of credits that you agree to."""
    with _studio() as studio:
        known = studio.account.cloud.rule()
        if off:
            studio.set_cloud_rule(False, 0, 0)
        elif not (without_gpu is None and over_queue is None and limit is None):
            gpu = known.without_gpu if without_gpu is None else without_gpu
            queue = known.over_queue if over_queue is None else over_queue
            most = limit or known.limit - known.used
            if most <= 0:
                raise click.UsageError("Say with --credits how many credits the rule may spend.")
            if not yes:
                click.echo(f"Photos are sent to {studio.account.connection.around.address.host} by themselves.")
                price = f"Each costs {_some(known.price, 'credit')} when it is done"
                click.confirm(f"{price}; the rule may spend {_some(most, 'credit')}. Agree?", abort=True)
            studio.set_cloud_rule(gpu, queue, most)
        _print_rule(studio.account.cloud.rule())
    return 0


@account.command("sign-out")
def sign_out() -> int:
    """Sign this computer out; everything on it stays."""
    with _studio() as studio:
        studio.account.sign_out()
    click.echo("Signed out. Everything on this computer stays as it is.")
    return 0


@contextmanager
def with_the_service(studio: "Studio") -> Generator[Callable[[], None]]:
    """While jobs are done here, send what the rule sends and fetch what the service has; gives a call to look at once.

    Whoever has no rule and no job at the service pays nothing for it.
    """
    if not studio.is_signed_in or not (studio.account.cloud.rule().is_on or studio.account.cloud.jobs.under_way()):
        yield lambda: None
        return
    if studio.account.connection.needs_passphrase:
        typed = _ask_passphrase(confirm=False)  # here and now: the loop has no terminal
        studio.account.connection.passphrase = lambda: typed
    before = studio.account.cloud.rule().used
    loop = studio.serve_account(_tell_notices)
    try:
        yield loop.wake
    finally:
        loop.close()
        if (rule := studio.account.cloud.rule()).used != before:
            _print_rule(rule, err=True)


def _studio(*, confirm: bool = False) -> "Studio":
    from studio.app import Studio

    studio = Studio()
    studio.account.connection.passphrase = lambda: _ask_passphrase(confirm=confirm)
    return studio


def _ask_passphrase(*, confirm: bool) -> str:
    return str(click.prompt("Passphrase of the vault", hide_input=True, confirmation_prompt=confirm, err=True))


def _tell_notices(event: "Event") -> None:
    from studio.model import Notice

    if isinstance(event, Notice):
        click.echo(f"{event.title}: {event.message} {event.hint}".strip(), err=True)


def _wait_for(studio: "Studio") -> None:
    """Look after purchases and renderings until there is nothing to wait for."""
    while studio.account.sync_now(_tell):
        time.sleep(_LOOK_S)


def _tell(event: "Event") -> None:
    from studio.model import JobChanged, Notice

    if isinstance(event, Notice):
        click.echo(f"{event.title}: {event.message} {event.hint}".strip())
    elif isinstance(event, JobChanged) and event.status.is_terminal:
        click.echo(f"{event.status:<10} {event.photo}")
        if event.error:
            click.echo(f"           {event.error.title}: {event.error.message} {event.error.hint}".rstrip())


def _print_account(known: "Account") -> None:
    click.echo(f"account   {known.email or 'nobody is signed in'}")
    if known.balance:
        told = _local(known.balance.told_at)
        owed = f", {known.balance.owed} owed" if known.balance.owed else ""
        click.echo(f"credits   {known.balance.available} ({known.balance.reserved} reserved{owed}), as of {told}")
    if known.purchase:
        click.echo(f"purchase  {known.purchase.credits} credits wait for payment: {known.purchase.checkout_url}")
    _print_licence(known)
    click.echo(f"waiting   {_some(known.waiting, 'file')} to be sent{' (paused)' if known.is_sync_paused else ''}")


def _print_licence(known: "Account") -> None:
    licence = known.licence
    unlocked = ", ".join(sorted(licence.entitlements)) or "nothing besides what everybody has"
    until = f", until {_local(licence.until)}" if licence.until else ""
    click.echo(f"licence   {licence.plan} ({licence.state}{until}): {unlocked}")
    if licence.reason and known.is_signed_in:
        click.echo(f"          {licence.reason} {licence.hint}".rstrip())


def _print_rule(rule: "CloudRule", *, err: bool = False) -> None:
    if not rule.is_on:
        click.echo("The service renders only what you send.", err=err)
        return
    when = ["what waits while there is no graphics card"] if rule.without_gpu else []
    when += [f"what waits beyond {_some(rule.over_queue, 'photo')}"] if rule.over_queue else []
    click.echo(f"The service renders {' and '.join(when)}: {rule.used} of {_some(rule.limit, 'credit')} used.", err=err)


def _say_where(entry: "HistoryEntry") -> None:
    """Say what became of a job that was taken back."""
    from studio.model import JobStatus

    if entry.job.status is JobStatus.QUEUED:
        click.echo(f"{entry.job.id} waits on this computer; `modamoda resume` renders it.")
    else:
        click.echo(f"{entry.job.id} is {entry.job.status.replace('_', ' ')}.")


def _some(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _described(known: "Account") -> dict[str, Any]:
    licence, balance = known.licence, known.balance
    return {
        "email": known.email or None,
        "credits": {"available": balance.available, "reserved": balance.reserved, "owed": balance.owed}
        if balance
        else None,
        "credits_told_at": balance.told_at.isoformat() if balance else None,
        "licence": {
            "state": licence.state,
            "plan": licence.plan,
            "entitlements": sorted(licence.entitlements),
            "until": licence.until.isoformat() if licence.until else None,
            "reason": licence.reason,
        },
        "purchase": known.purchase.checkout_url if known.purchase else None,
        "waiting": known.waiting,
        "refused": [item.refusal.message for item in known.refused if item.refusal],
    }


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
