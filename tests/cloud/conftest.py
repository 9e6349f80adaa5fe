"""Fixtures: services on both databases, people with accounts, a client that talks to the real application."""

import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
import uvicorn
from fastapi.testclient import TestClient
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from cloud.app import make_app
from cloud.database import Database
from cloud.migrate import migrate
from cloud.services import open_services
from cloud.settings import Settings
from cloud.standin import StandIn
from cloud.tables import Base
from tests.cloud.building import WEBHOOK_SECRET, House, RecordingQueue, Stripe
from tests.cloud.live import Live, OpenLive, environment_of
from tests.cloud.servers import PostgreSQL, Redis, free_port, running_postgresql, running_redis, wait_until


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        database = Database(_driver(server.make_database("migrated")))
        migrate(database)
        database.close()
        yield server


@pytest.fixture(scope="session")
def shared_postgresql(postgresql: PostgreSQL) -> str:
    """One database for all tests that need an empty one: a new one each is hundreds of files to make and remove."""
    return postgresql.make_database("shared", "migrated")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    with running_redis() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials for the local stand-in of AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


@pytest.fixture
def bucket(moto_server: str, amazon: None) -> dict[str, Any]:
    """The settings of a new bucket."""
    name = f"bucket-{uuid.uuid4().hex[:12]}"
    client = boto3.client("s3", endpoint_url=moto_server, region_name="eu-central-1")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.close()
    return {"s3_bucket": name, "s3_endpoint_url": moto_server}


# What these ask does not depend on the kind of database: PostgreSQL has its turn in the slow tier.
ALIKE_ON_BOTH = {"authorisation", "members", "privacy", "recovery", "results", "retention", "sign_in"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked = item.path.stem.removeprefix("test_") in ALIKE_ON_BOTH
        if asked and isinstance(item, pytest.Function) and "[postgresql" in item.name:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database of each kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("shared_postgresql")
        empty(url)
        return url
    return _copy_sqlite(request, tmp_path)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated SQLite database."""
    return _copy_sqlite(request, tmp_path)


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings for a home of this test."""

    def make(**changes: Any) -> Settings:
        known: dict[str, Any] = {
            "home": tmp_path / "home",
            "public_url": "http://testserver",
            "stripe_webhook_secret": SecretStr(WEBHOOK_SECRET),
            "stripe_secret_key": SecretStr("sk_test_123"),
            "stripe_api_base": "http://127.0.0.1:9",
            "keeper_interval_s": 3600,
            "chunk_bytes": 64 * 1024,
        }
        return Settings(**(known | changes))

    return make


@pytest.fixture
def open_house(make_settings: Callable[..., Settings]) -> Iterator[Callable[..., House]]:
    """Opens houses; they are closed after the test."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def open_one(**changes: Any) -> House:
            services = stack.enter_context(open_services(make_settings(**changes)))
            queue = RecordingQueue()
            client = stack.enter_context(TestClient(make_app(services, queue)))
            return House(services, queue, client)

        yield open_one


@pytest.fixture
def house(open_house: Callable[..., House], sqlite_url: str) -> House:
    """The application on SQLite, with a folder of objects."""
    return open_house(database_url=sqlite_url)


@pytest.fixture
def any_house(open_house: Callable[..., House], database_url: str) -> House:
    """The application on each kind of database."""
    return open_house(database_url=database_url)


@pytest.fixture
def stripe_standin() -> Iterator[Stripe]:
    url = f"http://127.0.0.1:{(port := free_port())}"
    standin = StandIn(base_url=url, webhook_url=None, webhook_secret=WEBHOOK_SECRET)
    server = uvicorn.Server(uvicorn.Config(standin.app, port=port, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, what="the stand-in")
    yield Stripe(standin, url)
    server.should_exit = True
    thread.join()


def empty(url: str) -> None:
    """Remove every row but those that the migrations made, past the triggers that protect the ledger."""
    kept = {"poses": "tenant_id IS NULL", "backgrounds": "tenant_id IS NULL", "ledger_accounts": "user_id IS NULL"}
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in Base.metadata.tables:
            connection.execute(f"DELETE FROM {table} WHERE NOT ({kept.get(table, 'false')})".encode())


def _copy_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    source: Path = request.getfixturevalue("migrated_sqlite")
    shutil.copyfile(source, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def production(postgresql: PostgreSQL, redis_server: Redis, bucket: dict[str, Any], tmp_path: Path) -> dict[str, str]:
    """The environment of a service on PostgreSQL, Redis and S3."""
    database_url = postgresql.make_database(f"live_{uuid.uuid4().hex}", "migrated")
    return environment_of(tmp_path / "home", database_url, redis_server.url, bucket)


@pytest.fixture
def open_live(open_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> OpenLive:
    """Opens the database of a running service beside it."""

    def open_one(environment: dict[str, str]) -> Live:
        with monkeypatch.context() as inside:
            for name, value in environment.items():
                inside.setenv(name, value)
            settings = Settings()
        known = settings.model_dump(include={"home", "public_url", "database_url", "s3_bucket", "s3_endpoint_url"})
        return Live(open_house(**known), settings.public_url)

    return open_one
