"""`modamoda-cloud`: serve, worker, migrate, reconcile, backup, restore, and what an operator gives and makes."""

import contextlib
import re
import sys
from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from cloud.settings import Settings

if TYPE_CHECKING:
    from cloud.services import Services


class Commands(click.Group):
    """Commands that say in a sentence what is wrong around them; other exceptions are the program's fault."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        from sqlalchemy.exc import DatabaseError, InterfaceError

        from cloud.migrate import NewerDatabase, OlderDatabase

        try:
            return super().invoke(ctx)
        except (NewerDatabase, OlderDatabase) as error:
            raise click.ClickException(str(error)) from error
        except (DatabaseError, InterfaceError) as error:
            said = str(error.orig).strip().splitlines()[0]
            hint = "Check MODAMODA_CLOUD_DATABASE_URL (without it, MODAMODA_CLOUD_HOME), and whether the server runs."
            raise click.ClickException(f"The database cannot be used: {said}. {hint}") from error
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'The system'}: {error.strerror or error}.") from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The account service of Modamoda Studio.

    Settings come from the environment (MODAMODA_CLOUD_...); without any, all is kept under MODAMODA_CLOUD_HOME and
    payments are played.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes that answer (more than one needs Redis).",
)
def serve(host: str, port: int, workers: int) -> None:
    """Answer requests; without Redis render in this process too."""
    import uvicorn

    settings = _settings(port=port)
    if workers > 1 and not settings.redis_url:
        raise click.UsageError(
            "Several processes need MODAMODA_CLOUD_REDIS_URL: without it jobs are rendered in one process."
        )
    if settings.is_development:
        _migrate(settings)
    else:
        _refuse_older(settings)
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_config": None,
        "server_header": False,
        "timeout_graceful_shutdown": 20,
    }
    proxies = {"proxy_headers": True, "forwarded_allow_ips": settings.trusted_proxies}
    click.echo(f"Modamoda account service ({settings.environment}) on http://{host}:{port}", err=True)
    if workers == 1:
        uvicorn.run(application(settings), **options, **proxies)
    else:
        uvicorn.run("cloud.cli:application", factory=True, workers=workers, **options, **proxies)


@main.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Jobs at a time; each takes a processor and its memory.",
)
@click.option(
    "--queues",
    default="high_priority,default,low_priority",
    show_default=True,
    help="Queues to serve, most urgent first.",
)
def worker(concurrency: int, queues: str) -> None:
    """Render jobs from Redis, as a Celery worker."""
    from cloud.worker import make_worker_app

    settings = _settings()
    if not settings.redis_url:
        raise click.UsageError("A worker needs MODAMODA_CLOUD_REDIS_URL; without Redis, `serve` renders by itself.")
    _refuse_older(settings)
    _observe(settings)
    words = [
        "worker",
        f"--concurrency={concurrency}",
        f"--queues={queues}",
        "--loglevel=INFO",
        "--without-gossip",
        "--without-mingle",
    ]
    make_worker_app(settings).worker_main(words)


@main.command()
@click.option(
    "--seconds",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    help="How long ago the worker may have been seen.",
)
def alive(seconds: int) -> None:
    """Whether the worker of this machine turns; exit 1 when it was not seen lately. For probes."""
    from cloud.alive import seconds_since_alive

    age_s = seconds_since_alive(_settings().alive_file)
    if age_s is None:
        raise click.ClickException("No worker was seen.")
    if age_s > seconds:
        raise click.ClickException(f"The worker was not seen for {age_s:.0f} s.")
    click.echo(f"The worker was seen {age_s:.0f} s ago.")


@main.command()
@click.option("--backup", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write a backup there first.")
def migrate(file: Path | None) -> None:
    """Bring the database to the version of this program."""
    from cloud import backup as backups

    settings = _settings()
    if file and backups.has_something(settings):
        _plainly(lambda: backups.backup(settings, file.resolve()))
    elif file:
        click.echo("The database is empty: there is nothing to back up yet.")
    _migrate(settings)
    click.echo("The database is up to date.")


@main.command()
@click.option("--fix", is_flag=True, help="Correct the ledger where Stripe decides.")
def reconcile(fix: bool) -> None:
    """Compare Stripe with the ledger; exit 1 when they differ."""
    from cloud.payments import PaymentUnavailable
    from cloud.reconcile import reconcile as compare

    with _services() as services:
        try:
            differences = compare(services, fix=fix)
        except PaymentUnavailable as error:
            raise click.ClickException(str(error)) from error
    for difference in differences:
        click.echo(f"{difference.transaction_id or 'ledger'}: {difference.sentence}")
    if differences:
        sys.exit(1)
    click.echo("Stripe and the ledger agree.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a backup of the running service to FILE (.tar)."""
    from cloud import backup as backups

    _plainly(lambda: backups.backup(_settings(), file.resolve()))
    click.echo(f"Backup written to {file}.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Put a backup into an empty database and home, and check its ledger."""
    from cloud import backup as backups

    _plainly(lambda: backups.restore(_settings(), file))
    click.echo("Restored; the ledger is sound.")


@main.command("give-credits")
@click.argument("email")
@click.argument("credits", type=click.IntRange(1, 100_000))
def give_credits(email: str, credits: int) -> None:
    """Give an account credits that nobody paid for."""
    from cloud import audit, ledger

    with _services() as services, services.database.write() as session:
        user = _user(session, email)
        ledger.give(session, user.id, credits)
        audit.note(session, None, "credits.given", user.id)
        click.echo(f"{ledger.balance(session, user.id).available} credits are available now.")


def _named(context: click.Context, argument: click.Parameter, key_id: str) -> str:
    """A name that can stand in the environment, in JSON and in the head of a licence."""
    if not re.fullmatch(r"[\w.-]+", key_id, re.ASCII):
        raise click.BadParameter("letters, digits, dots, dashes and underscores make a name.", context, argument)
    return key_id


@main.command("make-licence-key")
@click.argument("key_id", metavar="ID", callback=_named)
def make_licence_key(key_id: str) -> None:
    """Make a key that signs licences, named ID (such as 2026-11): its secret half for the service, the other for apps.

    Nothing is kept: the secret half stands on the screen alone.
    """
    from cloud.licences import new_key

    secret, public = new_key()
    click.echo("For the service, among its secrets:")
    click.echo(f"MODAMODA_CLOUD_LICENCE_KEY={secret}\nMODAMODA_CLOUD_LICENCE_KEY_ID={key_id}")
    click.echo("For the apps that believe it, in resources/licence-keys.json:")
    click.echo(f'"{key_id}": "{public}"')


@main.command("set-plan")
@click.argument("email")
@click.argument("plan")
@click.option("--months", type=click.IntRange(1, 120), help="How long; without it the plan does not end.")
def set_plan(email: str, plan: str, months: int | None) -> None:
    """Give the tenant of an account a plan: free, pro or enterprise."""
    from cloud import audit
    from cloud.database import now
    from cloud.licences import PLANS
    from cloud.tables import Tenant

    if plan not in PLANS:
        raise click.UsageError(f"There is no plan {plan}; there are {', '.join(PLANS)}.")
    with _services() as services, services.database.write() as session:
        user = _user(session, email)
        tenant = session.get_one(Tenant, user.tenant_id)
        tenant.plan, tenant.plan_until = plan, now() + timedelta(days=30 * months) if months else None
        audit.note(session, None, f"plan.{plan}", tenant.id)
    click.echo(f"The plan is {plan} now.")


def application(settings: Settings | None = None) -> Any:
    """The ASGI application of the settings in the environment."""
    from cloud.app import make_app
    from cloud.services import open_services

    known = settings or _settings()
    _observe(known)
    return make_app(contextlib.ExitStack().enter_context(open_services(known)))


def _settings(port: int | None = None) -> Settings:
    """The settings; in development with the port that is really listened on in the service's own address."""
    try:
        settings = Settings()
    except ValidationError as error:
        sentences = "; ".join(map(_complaint, error.errors()))
        raise click.ClickException(f"The settings cannot be used: {sentences}") from error
    except SettingsError as error:  # of a value that is no JSON, where it has to be
        name = "".join(re.findall(r'field "(\w+)"', str(error))[:1]).upper()
        raise click.ClickException(f"The settings cannot be used: MODAMODA_CLOUD_{name}: it must be JSON") from error
    if port is not None and settings.is_development and "public_url" not in settings.model_fields_set:
        return settings.model_copy(update={"public_url": f"http://{urlsplit(settings.public_url).hostname}:{port}"})
    return settings


def _complaint(entry: Any) -> str:
    """What is wrong with a setting; the value itself is not shown, it may be a secret."""
    names = "".join(f"MODAMODA_CLOUD_{str(part).upper()}: " for part in entry["loc"][:1])
    return names + str(entry["msg"]).removeprefix("Value error, ")


@contextlib.contextmanager
def _services() -> Generator["Services"]:
    """The services, over a database of this program's version. Raises OlderDatabase, NewerDatabase."""
    from cloud.migrate import check
    from cloud.services import open_services

    with open_services(_settings()) as services:
        check(services.database)
        yield services


def _refuse_older(settings: Settings) -> None:
    """Refuse to start before the database was brought up. One that is away may be up by the time it answers."""
    from sqlalchemy.exc import InterfaceError, OperationalError

    from cloud.migrate import NewerDatabase, check
    from cloud.services import open_services

    # During an update the old processes go on beside the new ones.
    with open_services(settings) as services, contextlib.suppress(NewerDatabase, OperationalError, InterfaceError):
        check(services.database)


def _observe(settings: Settings) -> None:
    """Structured logs, and Sentry where a DSN is set."""
    from cloud.middleware import log_as_json

    log_as_json()
    if settings.sentry_dsn:
        from cloud.reporting import report_to_sentry

        report_to_sentry(settings)


def _migrate(settings: Settings) -> None:
    from cloud.migrate import migrate as run
    from cloud.services import open_services

    with open_services(settings) as services:
        run(services.database)


def _user(session: Any, email: str) -> Any:
    from sqlalchemy import select

    from cloud.identity import normal_email
    from cloud.tables import User

    user = session.scalar(select(User).where(User.email == normal_email(email)))
    if user is None:
        raise click.ClickException("There is no account with this address.")
    return user


def _plainly(act: Callable[[], None]) -> None:
    from cloud.backup import BackupFailed

    try:
        act()
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
