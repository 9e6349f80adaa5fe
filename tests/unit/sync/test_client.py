"""The client: every fault of the network and every refusal of the service is a sentence; secrets go nowhere else."""

import asyncio
import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from studio.errors import AccountError, NetworkError, UsageError
from studio.sync.client import TRIES, Address, Client
from studio.sync.results import safe_name
from studio.sync.wire import BalanceView, read
from tests.fakes.account import no_waiting

Answer = Callable[[httpx.Request], httpx.Response]


def call(answer: Answer, method: str = "GET", **words: Any) -> Any:
    """One call of a service that is a function."""

    async def whole() -> Any:
        address = Address(url="https://account.example.com")
        async with Client(address, transport=httpx.MockTransport(answer), sleep=no_waiting) as client:
            return await client.call(method, "/thing", **words)

    return asyncio.run(whole())


def problem(status: int, code: str) -> Answer:
    return lambda request: httpx.Response(status, json={"code": code, "title": "T", "detail": "D.", "hint": "H."})


@pytest.mark.parametrize(
    ("status", "code", "title"),
    [
        (402, "insufficient_credits", "Not enough credits"),
        (409, "no_seat", "No seat free"),
        (401, "unauthorized", "Not signed in"),
        (426, "", "Program too old"),
        (410, "", "Program too old"),
        (409, "something_new", "T"),
    ],
)
def test_a_refusal_is_a_sentence_and_is_not_repeated(status: int, code: str, title: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return problem(status, code)(request)

    with pytest.raises(AccountError) as caught:
        call(answer, "POST")
    assert caught.value.title == title
    assert caught.value.message
    assert caught.value.hint
    assert not caught.value.retryable
    assert len(asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_service_in_trouble_is_asked_again_with_the_same_key(status: int) -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["idempotency-key"])
        return httpx.Response(200, json={"fine": True}) if len(keys) == TRIES else problem(status, "")(request)

    assert call(answer, "POST") == {"fine": True}
    assert len(keys) == TRIES
    assert len(set(keys)) == 1


def test_an_answer_cut_short_is_asked_for_again_and_then_said() -> None:
    with pytest.raises(NetworkError, match="not what the account service says") as caught:
        call(lambda request: httpx.Response(200, content=b'{"fine": tr'))
    assert caught.value.retryable


@pytest.mark.parametrize("there", ["https://evil.example.net/", "http://account.example.com/", "//evil.example.net"])
def test_a_redirect_is_not_followed_and_no_token_goes_there(there: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": there})

    with pytest.raises(NetworkError, match="secrets are not taken there"):
        call(answer, token="secret")
    assert asked == ["account.example.com"]


def test_a_signed_address_gets_no_token_and_must_be_encrypted() -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, content=b"picture")

    async def fetch(url: str) -> bytes:
        address = Address(url="https://account.example.com")
        async with Client(address, transport=httpx.MockTransport(answer)) as client, client.download(url) as response:
            return await response.aread()

    assert asyncio.run(fetch("https://store.example.net/file")) == b"picture"
    assert "authorization" not in seen[0]
    with pytest.raises(NetworkError, match="not encrypted"):
        asyncio.run(fetch("http://store.example.net/file"))


def test_a_plain_address_is_refused_but_on_this_computer() -> None:
    with pytest.raises(UsageError, match="not an https address"):
        Client(Address(url="http://account.example.com"))
    Client(Address(url="http://127.0.0.1:8000"))


def test_the_service_hears_the_version_and_nothing_of_the_person() -> None:
    seen: list[str] = []
    call(lambda request: (seen.append(request.headers["user-agent"]), httpx.Response(204))[1])
    assert seen[0].startswith("ModamodaStudio/")
    assert socket.gethostname() not in seen[0]


def test_what_the_service_adds_is_ignored_and_what_it_lacks_is_said() -> None:
    told = {"available": 3, "reserved": 0, "owed": 0, "new": 1}
    assert read(BalanceView, told).available == 3
    for wrong in ({"available": 3}, {**told, "owed": "0"}, {**told, "owed": True}, [], None):
        with pytest.raises(NetworkError):
            read(BalanceView, wrong)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("blouse.png", "blouse.png"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\x00b\n.png", "a_b_.png"),
        ("CON.png", "_CON.png"),
        ("...", "result"),
        ("", "result"),
        ("فستان.png", "فستان.png"),
    ],
)
def test_a_name_from_the_service_stays_in_its_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert len(safe_name("x" * 999 + ".png").encode()) < 255


# --- real connections


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody but its maker trusts, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on this computer that treats each connection alike; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ending = threading.Event()

        def accept() -> None:
            while not ending.is_set():
                with contextlib.suppress(OSError), server.accept()[0] as connection:
                    connection.settimeout(2)
                    serve(connection)

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        ending.set()
        thread.join()


def ask(address: Address) -> Any:
    async def whole() -> Any:
        async with Client(address, sleep=no_waiting) as client:
            return await client.call("GET", "/thing")

    return asyncio.run(whole())


def test_an_invalid_certificate_is_refused_with_a_sentence_and_ones_own_is_trusted(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as safe:
            safe.recv(4096)
            safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ntrue")

    with listening(serve) as port:
        with pytest.raises(NetworkError, match="valid certificate") as caught:
            ask(Address(url=f"https://localhost:{port}"))
        assert not caught.value.retryable
        assert "MODAMODA_CA_FILE" in caught.value.hint
        assert ask(Address(url=f"https://localhost:{port}", ca_file=certificate)) is True


def test_a_proxy_that_refuses_is_named(certificate: Path) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with listening(serve) as port, pytest.raises(NetworkError, match="proxy") as caught:
        ask(Address(url="https://account.example.com", proxy=f"http://127.0.0.1:{port}"))
    assert "HTTPS_PROXY" in caught.value.hint


def test_an_answer_that_breaks_off_is_noticed() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{")

    with listening(serve) as port, pytest.raises(NetworkError, match="cannot be reached") as caught:
        ask(Address(url=f"http://127.0.0.1:{port}"))
    assert caught.value.retryable


def test_a_service_that_is_not_there_is_said() -> None:
    with pytest.raises(NetworkError, match="cannot be reached"):
        ask(Address(url="http://127.0.0.1:9"))
