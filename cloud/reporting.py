"""What Sentry is told: that and where something failed, never who asked, with what, or from where."""

from typing import TYPE_CHECKING

from cloud.settings import Settings

if TYPE_CHECKING:
    from sentry_sdk.types import Breadcrumb, BreadcrumbHint, Event, Hint


def report_to_sentry(settings: Settings) -> None:
    """Send faults of this process to the DSN of the settings.

    Sentry looks into the libraries named here and into no other that happens to be installed: to ask for all that it
    knows imports them.
    """
    import sentry_sdk
    from sentry_sdk.integrations.celery import CeleryIntegration
    from sentry_sdk.integrations.fastapi import FastApiIntegration
    from sentry_sdk.integrations.sqlalchemy import SqlalchemyIntegration
    from sentry_sdk.integrations.starlette import StarletteIntegration

    sentry_sdk.init(
        settings.sentry_dsn,
        environment=settings.environment,
        send_default_pii=False,
        include_local_variables=False,
        auto_enabling_integrations=False,
        integrations=[CeleryIntegration(), FastApiIntegration(), SqlalchemyIntegration(), StarletteIntegration()],
        max_request_body_size="never",
        before_send=_without_request,
        before_breadcrumb=_without_address,
    )


def _without_request(event: "Event", hint: "Hint") -> "Event":
    """Addresses carry the tokens of mails and signatures of files; the method and the route's name are enough."""
    event["request"] = {"method": event.get("request", {}).get("method", "")}
    event.pop("user", None)
    return event


def _without_address(crumb: "Breadcrumb", hint: "BreadcrumbHint") -> "Breadcrumb | None":
    """No trail of calls to neighbours: their addresses are signed."""
    return None if crumb.get("category") in ("httplib", "http", "httpx") else crumb
