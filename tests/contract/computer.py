"""A computer with the app on it, signed in to the real service in this process, and what happens at the service."""

import asyncio
import io
import json
import os
import uuid
from pathlib import Path

import httpx
from PIL import Image
from sqlalchemy import select

from cloud import identity, jobs, ledger
from cloud.services import Services
from cloud.standin import sign
from cloud.tables import Job, Tenant
from studio.app import Home, Order, Studio, Taken
from studio.model import Account, Event, HistoryEntry, Recipe
from studio.sync.account import AccountDesk
from studio.sync.client import Address
from studio.sync.connection import Surroundings
from studio.sync.signing_in import Prompt
from tests.cloud.building import WEBHOOK_SECRET, House, Person, Stripe
from tests.fakes.account import HERE, Faults, Faulty, Memory, no_waiting

SERVICE = "http://localhost"


class Computer:
    """One computer, its home, and the person who owns its account. faults: of its network, None = none."""

    def __init__(self, house: House, folder: Path, person: Person, faults: Faults | None = None) -> None:
        self.house = house
        self.person = person
        self.faults = faults
        self.memory = Memory()
        self.folder = folder
        self.shoot = folder / "shoot"
        self.out = folder / "out"
        self.events: list[Event] = []
        self.opened: list[str] = []
        self.has_gpu = True
        self.studio = self.open()

    def open(self) -> Studio:
        """The app, started anew."""
        surroundings = Surroundings(
            address=Address(url=SERVICE),
            credentials=self.memory,
            machine=lambda: HERE,
            transport=self.transport,
            sleep=no_waiting,
            has_gpu=lambda: self.has_gpu,
        )
        return Studio(Home(folder=self.folder / "home"), engine="tests.fakes.pictures", surroundings=surroundings)

    def restart(self) -> None:
        self.studio.close()
        self.studio = self.open()

    def transport(self) -> httpx.AsyncBaseTransport:
        real = httpx.ASGITransport(self.house.client.app, raise_app_exceptions=False)
        return Faulty(real, self.faults) if self.faults else real

    @property
    def account(self) -> AccountDesk:
        return self.studio.account

    def plan(self, plan: str) -> None:
        """The plan of its owner."""
        with self.house.services.database.write() as session:
            session.scalars(select(Tenant).where(Tenant.id == self.person.tenant_id)).one().plan = plan

    def sign_in(self, plan: str = "free") -> Account:
        """Sign in as its owner, with a plan."""
        self.plan(plan)
        return self.account.sign_in(self.approve, is_stopped=lambda: False, with_vault=False)

    def approve(self, prompt: Prompt) -> None:
        """What the person does in the browser."""
        with self.house.services.database.write() as session:
            grant = identity.find_grant(session, prompt.code)
            assert grant is not None
            grant.user_id = self.person.id

    def round(self) -> bool:
        """One turn of the account's loop."""

        async def once() -> bool:
            async with self.account.connection.client() as client:
                return await self.account.round(client, self.events.append)

        return asyncio.run(once())

    def photo(self, name: str = "blouse.jpg", side: int = 64) -> Path:
        """A photograph of its own kind in the shoot."""
        self.shoot.mkdir(parents=True, exist_ok=True)
        Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(self.shoot / name, quality=90)
        return self.shoot / name

    def order(self) -> list[HistoryEntry]:
        """Queue the shoot without doing it."""
        plan = self.studio.work.plan(Order(paths=(self.shoot,), out=self.out, recipe=Recipe()))
        taken = [outcome for outcome in self.studio.work.submit(plan) if isinstance(outcome, Taken)]
        return [self.studio.history.entry(outcome.job.id) for outcome in taken]

    def finish(self, entry: HistoryEntry, side: int = 64) -> Path:
        """Record a job as done here, as a worker does; its result."""
        path = self.out / f"{entry.job.shot.front.stem}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(noise(side))
        from studio.files import sha256_of
        from studio.model import ResultFile

        store = self.studio._store
        assert store.claim(entry.job.id, "worker")
        files = (ResultFile(path=path, sha256=sha256_of(path)),)
        assert store.finish(entry.job.id, "worker", files=files, confidence=1, warnings=(), needs_review=False)
        return path


def noise(side: int = 64) -> bytes:
    """A PNG of its own content: noise does not compress."""
    target = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(target, "PNG")
    return target.getvalue()


def deliver_all(house: House, stripe: Stripe) -> None:
    """Stripe tells the service what happened, everything once more."""
    for event in stripe.standin.events:
        payload = json.dumps(event).encode()
        headers = {"Stripe-Signature": sign(payload, WEBHOOK_SECRET)}
        assert house.client.post("/api/v1/webhooks/stripe", content=payload, headers=headers).status_code == 200


def render(services: Services, job_id: str, folder: Path, *, needs_review: bool = False) -> bytes:
    """The service renders a job, without the engine's seconds; what it made."""
    content = noise()
    picture = folder / f"{uuid.uuid4()}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(content)
    for key in (f"made/{job_id}.png", f"made/{job_id}.jpg"):
        services.objects.put(key, picture, "image/png")
    with services.database.write() as session:
        job = jobs.claim(session, uuid.UUID(job_id), 60)
        assert job is not None
        assert jobs.finish(session, job, _output(job, content, needs_review))
    picture.unlink()
    return content


def _output(job: Job, content: bytes, needs_review: bool) -> jobs.Output:
    import hashlib

    return jobs.Output(
        key=f"made/{job.id}.png",
        preview_key=f"made/{job.id}.jpg",
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        content_type="image/png",
        width=64,
        height=64,
        report={"confidence": 0.9, "warnings": []},
        needs_review=needs_review,
        seconds=0.1,
    )


def remote_jobs(house: House) -> list[Job]:
    """Every job at the service."""
    with house.services.database.read() as session:
        return list(session.scalars(select(Job)))


def check_ledger(house: House) -> None:
    """The service's books are right."""
    with house.services.database.read() as session:
        assert ledger.find_faults(session) == []
