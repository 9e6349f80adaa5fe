"""The one seam where what goes wrong between here and the account service becomes a sentence."""

import contextlib
import ssl
from collections.abc import Generator
from typing import Any, cast

import httpx

from studio.errors import AccountError, NetworkError
from studio.model import Failure
from studio.sync.wire import not_understood

SIGNED_OUT = "signed_out"
ORDER_WITHDRAWN = "order_withdrawn"
RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
TOO_OLD = (410, 426)

_TOO_OLD = Failure(
    title="Program too old",
    message="The account service does not speak with this version of Modamoda Studio any more.",
    hint="Update the program. Everything on this computer goes on working meanwhile.",
)
_SAID = {
    "insufficient_credits": Failure(
        title="Not enough credits",
        message="The account has no credit left for this.",
        hint="Buy credits, or let this computer render it.",
    ),
    "no_seat": Failure(
        title="No seat free",
        message="The plan's licences are all held by other computers.",
        hint="Free the seat of a computer that is not used any more, on the page Account (in a terminal: "
        "modamoda account licence --free), or take a larger plan.",
    ),
    "storage_full": Failure(
        title="Account storage full",
        message="The account has no room left for more results.",
        hint="Delete results there that are not needed; those on this computer stay.",
    ),
    "payment_refused": Failure(
        title="Payment refused",
        message="The payment service refused the payment.",
        hint="Try another way to pay.",
    ),
    "invalid_grant": Failure(
        title="Signed out",
        message="The account service has ended this computer's sign-in.",
        hint="Sign in again. Nothing on this computer is lost.",
    ),
    "unauthorized": Failure(
        title="Not signed in",
        message="The account service does not know this computer any more.",
        hint="Sign in again. Nothing on this computer is lost.",
    ),
}


def account_error(failure: Failure, code: str) -> AccountError:
    """A failure as an error with the service's code."""
    error = AccountError(failure.title, failure.message, failure.hint)
    error.code = code
    return error


def signed_out() -> AccountError:
    """Nobody is signed in."""
    error = AccountError("Not signed in", "This computer is not signed in to an account.", "Sign in first.")
    error.code = SIGNED_OUT
    return error


@contextlib.contextmanager
def service_errors(host: str) -> Generator[None]:
    """Translate what httpx says about `host` into a NetworkError."""
    try:
        yield
    except httpx.HTTPError as error:
        raise _network_error(host, error) from error
    except (httpx.InvalidURL, httpx.StreamError, ssl.SSLError) as error:
        raise _unreached(host, error) from error


def check(response: httpx.Response, host: str) -> None:
    """Raise what an answer that is no success means. The response's body has been read. Raises AccountError."""
    if response.is_redirect:
        raise _redirected(response, host)
    if response.is_success:
        return
    if response.status_code in TOO_OLD:
        raise account_error(_TOO_OLD, "too_old")
    raise _problem(response, host)


def _problem(response: httpx.Response, host: str) -> AccountError:
    document = _document(response)
    code = str((document or {}).get("code", ""))
    if response.status_code in RETRYABLE:
        error: AccountError = NetworkError(
            "Account service unavailable",
            f"{host} cannot answer at the moment ({response.status_code}).",
            "Try again in a few minutes. Everything on this computer works without it.",
            retryable=True,
        )
        error.code = code
        return error
    if document is None:  # cut short, or said by something in between: no refusal of the service's
        return not_understood()
    if code in _SAID:
        return account_error(_SAID[code], code)
    error = AccountError(
        str(document.get("title") or "Refused by the account"),
        str(document.get("detail") or f"{host} refused this ({response.status_code})."),
        str(document.get("hint") or ""),
    )
    error.code = code or str(response.status_code)
    return error


def _document(response: httpx.Response) -> dict[str, Any] | None:
    try:
        data: object = response.json()
    except ValueError:
        return None
    return cast("dict[str, Any]", data) if isinstance(data, dict) else None


def _redirected(response: httpx.Response, host: str) -> NetworkError:
    try:
        elsewhere = httpx.URL(response.headers["location"]).host or host
    except httpx.InvalidURL:
        elsewhere = "?"
    return NetworkError(
        "Sent elsewhere",
        f"{host} sends on to {elsewhere}; the account's secrets are not taken there.",
        "In a hotel or café, open a web page first: their network may ask you to sign in.",
    )


def _network_error(host: str, error: httpx.HTTPError) -> NetworkError:
    refused = _certificate(error)
    if refused is not None:
        return NetworkError(
            "Connection not safe",
            f"{host} does not show a valid certificate: {refused.verify_message or refused.reason}.",
            "Check this computer's date. The certificate of a company's own network goes into MODAMODA_CA_FILE.",
        )
    if isinstance(error, httpx.ProxyError):
        return NetworkError(
            "Proxy does not let through",
            f"The proxy did not make a connection to {host}: {error}.",
            "Check HTTPS_PROXY, or ask whoever runs the network.",
            retryable=True,
        )
    return _unreached(host, error)


def _unreached(host: str, error: Exception) -> NetworkError:
    what = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
    return NetworkError(
        "Account service not reached",
        f"{host} {what}.",
        "Check the connection to the internet. Everything on this computer works without it.",
        retryable=True,
    )


def _certificate(error: BaseException) -> ssl.SSLCertVerificationError | None:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return None
