"""What Prometheus reads: requests as this process counts them, and the business as the database knows it.

Images, seconds and credits are read from the database at each scrape, so that they survive restarts and count the work
of every worker; with several replicas of the API take their maximum, not their sum.
"""

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import case, func, select
from sqlalchemy.exc import SQLAlchemyError

from cloud import ledger
from cloud.database import Database
from cloud.queues import depths
from cloud.tables import Job

BUCKETS_S = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
LATENCY_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
FRESH_S = 5


class Metrics:
    """The service's metrics, in a registry of their own."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "http_requests_total", "HTTP requests", ["method", "endpoint", "status"], registry=self._registry
        )
        self.latency = Histogram(
            "http_request_duration_seconds",
            "HTTP request latency",
            ["method", "endpoint"],
            buckets=LATENCY_BUCKETS_S,
            registry=self._registry,
        )
        self.active = Gauge("active_connections", "Requests that are being answered", registry=self._registry)
        self._registry.register(_Business(database))

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)


class _Business(Collector):
    def __init__(self, database: Database) -> None:
        self._database = database
        self._read_at = -FRESH_S
        self._families: list[Metric] = []

    def describe(self) -> Iterator[Metric]:
        """Nothing: asking would query the database before there is one."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The families as of a few seconds ago at most; with the database away, none but `database_up`."""
        if time.monotonic() - self._read_at >= FRESH_S:
            try:
                self._families = [*self._read(), GaugeMetricFamily("database_up", "Whether the database answers", 1)]
            except SQLAlchemyError:
                self._families = [GaugeMetricFamily("database_up", "Whether the database answers", 0)]
            self._read_at = time.monotonic()
        return iter(self._families)

    def _read(self) -> list[Metric]:
        return [self._images(), self._seconds(), self._credits(), self._depth()]

    def _images(self) -> Metric:
        family = CounterMetricFamily("images_processed_total", "Images rendered, by how they ended", labels=["status"])
        with self._database.read() as session:
            counted = session.execute(
                select(Job.status, func.count()).where(Job.completed_at.is_not(None)).group_by(Job.status)
            )
            for status, count in counted:
                family.add_metric([status.value], count)
        return family

    def _seconds(self) -> Metric:
        seconds = Job.processing_seconds
        within = [func.coalesce(func.sum(case((seconds <= limit, 1), else_=0)), 0) for limit in BUCKETS_S]
        with self._database.read() as session:
            columns = select(*within, func.count(), func.coalesce(func.sum(seconds), 0))
            *counts, total, summed = list(session.execute(columns.where(seconds.is_not(None))).one())
        buckets = [(str(limit), count) for limit, count in zip(BUCKETS_S, counts, strict=True)] + [("+Inf", total)]
        return HistogramMetricFamily(
            "image_processing_duration_seconds",
            "Seconds of the run that finished an image",
            buckets=buckets,
            sum_value=summed,
        )

    def _credits(self) -> Metric:
        with self._database.read() as session:
            return CounterMetricFamily("credits_used_total", "Credits used", ledger.total_used(session))

    def _depth(self) -> Metric:
        family = GaugeMetricFamily("queue_depth", "Jobs that wait, by priority", labels=["priority"])
        for priority, count in depths(self._database).items():
            family.add_metric([priority.value], count)
        return family
