"""Figures for whoever watches the deployment, in Prometheus' text form. Counts only: no names, no words, no ids."""

from collections.abc import Callable, Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from handlers.clock import ticked_at
from storage import originals, outbox
from storage.database import Store


class _OutboxFigures(Collector):
    """Asked of the database at each scrape, so that every process tells the same."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        with self._store.read() as tx:
            states = outbox.count_by_state(tx)
            waiting, oldest = outbox.waiting(tx, now=self._now())
            ticked = ticked_at(tx)
            came = originals.count_by_source(tx)
        family = GaugeMetricFamily(
            "throughline_messages", "Messages of the outbox by state", labels=["state"]
        )
        for state, count in sorted(states.items()):
            family.add_metric([state], count)
        yield family
        arrived = GaugeMetricFamily(
            "throughline_originals",
            "What came in, by its way and what became of it",
            labels=["source", "state"],
        )
        for (source, kept_as), count in sorted(came.items()):
            arrived.add_metric([source, kept_as], count)
        yield arrived
        yield GaugeMetricFamily(
            "throughline_waiting", "Messages that are due and not yet sent", value=waiting
        )
        yield GaugeMetricFamily(
            "throughline_oldest_waiting_seconds",
            "For how long the oldest of them has been due",
            value=(self._now() - oldest).total_seconds() if oldest else 0,
        )
        if ticked is not None:
            yield GaugeMetricFamily(
                "throughline_last_tick_seconds",
                "When the elected clock last ticked (Unix time)",
                value=ticked.timestamp(),
            )


class Metrics:
    """One process's figures; each instance has a registry of its own."""

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self.registry = CollectorRegistry()
        self._inbound = Counter(
            "throughline_inbound", "Events taken, by outcome", ["platform", "outcome"], registry=self.registry
        )
        self._attempts = Counter(
            "throughline_attempts", "Attempts to send, by outcome", ["outcome"], registry=self.registry
        )
        self._clock_work = Counter(
            "throughline_clock_work", "Things done by the clock, by kind", ["kind"], registry=self.registry
        )
        self._model = Counter(
            "throughline_language_model",
            "Questions to the language model, by outcome",
            ["outcome"],
            registry=self.registry,
        )
        self._opinions = Counter(
            "throughline_second_opinions",
            "What the language model's opinions on notes changed",
            ["outcome"],
            registry=self.registry,
        )
        self._posts = Counter(
            "throughline_mandate_posts",
            "Requests to POST /mandates, by HTTP status",
            ["status"],
            registry=self.registry,
        )
        self.registry.register(_OutboxFigures(store, now))

    def count_inbound(self, platform: str, outcome: str) -> None:
        self._inbound.labels(platform, outcome).inc()

    def count_attempt(self, outcome: str) -> None:
        self._attempts.labels(outcome).inc()

    def count_model(self, outcome: str) -> None:
        self._model.labels(outcome).inc()

    def count_opinion(self, outcome: str) -> None:
        self._opinions.labels(outcome).inc()

    def count_post(self, status: str) -> None:
        self._posts.labels(status).inc()

    def count_tick(self, counts: dict[str, int]) -> None:
        for kind, count in counts.items():
            self._clock_work.labels(kind).inc(count)

    def text(self) -> bytes:
        """The page for the scraper. Reads the database."""
        return generate_latest(self.registry)
