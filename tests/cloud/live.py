"""A service that runs as processes, as its users meet it: over HTTP, with a worker behind Redis."""

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from sqlalchemy import func, select

from cloud import ledger
from cloud.kinds import JobStatus
from cloud.tables import Job
from tests.cloud.building import House
from tests.cloud.servers import free_port

SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "dress-floral.jpg"
FINISHED = ("done", "needs_review", "failed", "cancelled")


def small_sample(side: int = 480) -> bytes:
    """A sample garment, small enough to be rendered in a few seconds."""
    with Image.open(SAMPLE) as picture:
        picture.thumbnail((side, side))
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=92)
    return target.getvalue()


class LivePerson:
    """Somebody signed in at a service that runs as a process."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self._headers = {"Authorization": f"Bearer {token}"}

    def submit(self, content: bytes, **form: str) -> str:
        """Submit a photo; the job's key."""
        files = {"file": ("dress.jpg", content, "image/jpeg")}
        headers = self._headers | {"Idempotency-Key": uuid.uuid4().hex}
        answer = requests.post(f"{self.address}/api/v1/process", files=files, data=form, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()["job_id"]

    def job(self, job_id: str) -> dict[str, Any]:
        """How a job stands."""
        return self.get(f"/jobs/{job_id}").json()

    def get(self, path: str) -> requests.Response:
        """Ask the service for something."""
        return requests.get(f"{self.address}/api/v1{path}", headers=self._headers, timeout=30)


class Live:
    """A running service and its database."""

    def __init__(self, house: House, address: str) -> None:
        self.house = house
        self._address = address

    def person(self, *, credits: int) -> LivePerson:
        """Somebody with credits."""
        return LivePerson(self._address, self.house.person(credits=credits).token)

    def counts(self) -> dict[JobStatus, int]:
        """How many jobs stand where."""
        with self.house.services.database.read() as session:
            return dict(session.execute(select(Job.status, func.count()).group_by(Job.status)).all())

    def faults(self) -> list[str]:
        """What is wrong with the ledger."""
        with self.house.services.database.read() as session:
            return ledger.find_faults(session)

    def is_settled(self, jobs: int) -> bool:
        """Whether this many jobs have ended."""
        ended = self.counts()
        return sum(count for status, count in ended.items() if status.value in FINISHED) == jobs


OpenLive = Callable[[dict[str, str]], Live]


def environment_of(home: Path, database_url: str, redis_url: str, bucket: dict[str, Any]) -> dict[str, str]:
    """The environment of a service on PostgreSQL, Redis and S3 that notices faults within seconds."""
    return {
        "MODAMODA_CLOUD_HOME": str(home),
        "MODAMODA_CLOUD_PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        "MODAMODA_CLOUD_DATABASE_URL": database_url,
        "MODAMODA_CLOUD_REDIS_URL": redis_url,
        "MODAMODA_CLOUD_S3_BUCKET": bucket["s3_bucket"],
        "MODAMODA_CLOUD_S3_ENDPOINT_URL": bucket["s3_endpoint_url"],
        "MODAMODA_CLOUD_ALIVE_FILE": str(home.parent / "worker-alive"),
        "MODAMODA_CLOUD_LEASE_S": "6",
        "MODAMODA_CLOUD_KEEPER_INTERVAL_S": "1",
        "MODAMODA_CLOUD_RETRY_DELAY_S": "1",
        "MODAMODA_CLOUD_SUBMIT_LIMIT": "100000/minute",
    }


def port_of(environment: dict[str, str]) -> int:
    """The port that the service is to listen on."""
    return int(environment["MODAMODA_CLOUD_PUBLIC_URL"].rsplit(":", 1)[1])
