"""What /metrics shows: requests as they are counted, the backlog as it is when asked."""

from collections.abc import Mapping

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, generate_latest

REQUESTS = Counter("attune_http_requests", "Answers by route and status", ["method", "route", "status"])


def render(backlog: Mapping[str, Mapping[tuple[str, ...], float]]) -> bytes:
    """``backlog``: a gauge's name → its values by label values (``GAUGES`` names the labels)."""
    registry = CollectorRegistry()
    for name, values in backlog.items():
        text, labels = GAUGES[name]
        gauge = Gauge(name, text, labels, registry=registry)
        for label, value in values.items():
            (gauge.labels(*label) if label else gauge).set(value)
    return generate_latest(REGISTRY) + generate_latest(registry)


GAUGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "attune_items": ("Items by source and state", ("source", "state")),
    "attune_conflicts": ("Conflicts by state and severity", ("state", "severity")),
    "attune_dependencies": ("Open dependencies by health", ("health",)),
    "attune_source_up": ("1 when the source is read as it should be", ("source",)),
    "attune_source_read_seconds": ("When the source was last read, in epoch seconds", ("source",)),
    "attune_source_requests": ("Requests made to the source's tracker", ("source",)),
    "attune_source_rejected": ("Records that could not be read", ("source",)),
    "attune_revision": ("Grows with every change a reader could see", ()),
}
