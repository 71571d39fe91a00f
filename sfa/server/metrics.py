"""What Prometheus may know: counts and durations, nobody's name."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from sfa.server.database import Database

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The measurements of one head office."""

    def __init__(self, listeners: Callable[[], int]) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter("sfa_requests", "Requests answered.", ("route", "status"), registry=registry)
        self.seconds = Histogram(
            "sfa_request_seconds", "Time to answer.", ("route",), buckets=BUCKETS, registry=registry
        )
        self.actions = Counter(
            "sfa_actions", "Actions of laptops, by how they were judged.", ("outcome",), registry=registry
        )
        self._rows = Gauge("sfa_log_rows", "Rows in the logs of all streams.", registry=registry)
        Gauge("sfa_listeners", "Laptops that wait for announcements.", registry=registry).set_function(listeners)

    def page(self, database: Database) -> bytes:
        """Everything measured, as Prometheus reads it."""
        count = "SELECT coalesce(sum(seq - floor), 0) FROM stream"
        self._rows.set(float(database.read(lambda session: session.rows(count))[0][0]))
        return generate_latest(self._registry)
