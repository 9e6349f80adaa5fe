"""What tests are made of: people with accounts, a queue that remembers, the application in this process."""

import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from cloud import identity, jobs, ledger
from cloud.kinds import ModelType, Priority, UserType
from cloud.queues import QueueUnavailable
from cloud.services import Services
from cloud.standin import StandIn
from cloud.tables import User

PASSWORD = "six tall mannequins"
PASSWORD_HASH = identity.hash_password(PASSWORD)
WEBHOOK_SECRET = "whsec_for_tests"
_numbers = itertools.count()


@dataclass
class RecordingQueue:
    """A queue that renders nothing and remembers what it was sent. is_away: it refuses everything."""

    sent: list[uuid.UUID] = field(default_factory=list)
    is_away: bool = False

    def send(self, job_id: uuid.UUID, *, task_id: str, priority: Priority, delay_s: float = 0) -> None:
        if self.is_away:
            raise QueueUnavailable("away")
        self.sent.append(job_id)

    def is_waiting(self, priority: Priority) -> bool:
        return False

    def check(self) -> None:
        pass

    def close(self) -> None:
        pass


@dataclass
class Person:
    """Somebody with an account, signed in."""

    id: uuid.UUID
    tenant_id: uuid.UUID
    email: str
    client: TestClient
    token: str

    def call(self, method: str, path: str, **words: Any) -> httpx.Response:
        known = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid.uuid4().hex}
        headers = known | words.pop("headers", {})
        return self.client.request(method, f"/api/v1{path}", headers=headers, **words)

    def get(self, path: str, **words: Any) -> httpx.Response:
        return self.call("GET", path, **words)

    def post(self, path: str, **words: Any) -> httpx.Response:
        return self.call("POST", path, **words)

    @property
    def available(self) -> int:
        return self.get("/credits/balance").json()["available"]


@dataclass
class House:
    """The whole application in this process, on one database."""

    services: Services
    queue: RecordingQueue
    client: TestClient

    def person(self, *, credits: int = 0, user_type: UserType = UserType.INDIVIDUAL) -> Person:
        """A new person with credits that nobody paid for."""
        email = f"person{next(_numbers)}@example.com"
        with self.services.database.write() as session:
            user = make_user(session, email, credits=credits, user_type=user_type)
            tokens = self.services.tokens.sign_in(session, user, "test")
        return Person(user.id, user.tenant_id, email, self.client, tokens.access_token)


def make_user(session: Session, email: str, *, credits: int = 0, user_type: UserType = UserType.INDIVIDUAL) -> User:
    user = identity.sign_up(session, email=email, password_hash=PASSWORD_HASH, user_type=user_type)
    assert user is not None
    if credits:
        ledger.give(session, user.id, credits)
    return user


def make_order(person: Person) -> jobs.Order:
    return jobs.Order(
        user_id=person.id, tenant_id=person.tenant_id, model_type=ModelType.INVISIBLE, input_key="k", photo_name="a.jpg"
    )


@dataclass
class Stripe:
    """The stand-in for Stripe, listening on a real port."""

    standin: StandIn
    url: str
