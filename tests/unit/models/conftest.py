"""A real web server that misbehaves on request, and small models to fetch from it."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from studio.engine.models.catalog import Commercial, ModelEntry, ModelFile, Precision
from studio.engine.models.download import Attempting
from studio.engine.models.network import Network
from studio.engine.models.store import ModelStore


@dataclass
class Page:
    """A file on the server, and how its next answers go wrong."""

    content: bytes
    etag: str | None = '"one"'
    drops_after: list[int] = field(default_factory=list)
    claims: int | None = None
    ranges: bool = True
    statuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    redirect: str | None = None
    on_request: Callable[["Page"], None] = lambda page: None


@dataclass
class Asked:
    """A request as it came in."""

    path: str
    range: str | None
    if_range: str | None
    host: str | None


class Hub:
    """The server: put pages in, read requests out."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def put(self, path: str, content: bytes, **faults: object) -> Page:
        self.pages[path] = Page(content, **faults)  # type: ignore[arg-type]
        return self.pages[path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = self.headers
                hub.asked.append(Asked(self.path, headers["Range"], headers["If-Range"], headers["Host"]))
                page = hub.pages.get(self.path)
                if page is None:
                    self.send_error(404)
                    return
                page.on_request(page)
                _answer(self, page)

            def log_message(self, *words: object) -> None:
                pass

        return Handler


def _answer(handler: BaseHTTPRequestHandler, page: Page) -> None:
    handler.close_connection = True
    if page.statuses:
        status, headers = page.statuses.pop(0)
        _head(handler, status, {"Content-Length": "0", **headers})
        return
    if page.redirect:
        _head(handler, 302, {"Location": page.redirect, "Content-Length": "0"})
        return
    start = _start(handler, page)
    if start and start >= len(page.content):
        _head(handler, 416, {"Content-Range": f"bytes */{len(page.content)}", "Content-Length": "0"})
        return
    body = page.content[start:]
    headers = {"Content-Length": str(page.claims if page.claims is not None else len(body))}
    if page.etag:
        headers["ETag"] = page.etag
    if start:
        headers["Content-Range"] = f"bytes {start}-{len(page.content) - 1}/{len(page.content)}"
    _head(handler, 206 if start else 200, headers)
    handler.wfile.write(body[: page.drops_after.pop(0)] if page.drops_after else body)


def _start(handler: BaseHTTPRequestHandler, page: Page) -> int:
    asked, condition = handler.headers["Range"], handler.headers["If-Range"]
    if not asked or not page.ranges or (condition and condition != page.etag):
        return 0
    return int(asked.removeprefix("bytes=").split("-")[0])


def _head(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


@pytest.fixture
def network(hub: Hub) -> Network:
    return Network(hub=hub.url, index=f"{hub.url}/simple", timeout_s=5)


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def attempting(pauses: list[float]) -> Attempting:
    return Attempting(sleep=pauses.append, jitter=lambda: 0.0, attempts=3, spare_bytes=0)


@pytest.fixture
def make_entry() -> Callable[..., ModelEntry]:
    """Builds a catalog entry from contents; `pinned=False` leaves sizes and hashes unknown."""

    def make(
        files: dict[str, bytes],
        *,
        pinned: bool = True,
        sources: tuple[str, ...] = ("hub:owner/name",),
        commercial: Commercial = Commercial.YES,
        model_id: str = "tiny",
        revision: str = "r1",
    ) -> ModelEntry:
        return ModelEntry(
            id=model_id,
            title="A tiny model",
            purpose="tests",
            revision=revision,
            licence="MIT",
            licence_url="https://example.org/licence",
            commercial=commercial,
            memory_mb={Precision.FP32: 1},
            sources=sources,
            files=tuple(
                ModelFile(
                    path=path,
                    bytes=len(content) if pinned else 0,
                    sha256=hashlib.sha256(content).hexdigest() if pinned else None,
                    at=path,
                    member=path,
                )
                for path, content in files.items()
            ),
        )

    return make
