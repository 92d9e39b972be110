"""How much is asked of us, and how is the house? Figures in the form that Prometheus reads.

Requests are counted by each process of the web server in files they share (`PROMETHEUS_MULTIPROC_DIR`, set by
`eventapp serve` and the unit of systemd); the rest is read from the database when somebody asks.
"""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from eventapp.queries.watching import Figures

_own = CollectorRegistry()
_requests = Counter("eventapp_requests", "Answered requests.", ("method", "rule", "status"), registry=_own)
_seconds = Histogram(
    "eventapp_request_seconds",
    "Time to an answer.",
    ("room",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=_own,
)
_outages = Counter("eventapp_outages", "Answers that there is no database just now.", ("kind",), registry=_own)


def outage(kind: str) -> None:
    """Count one answer without a database, by the name of what went wrong."""
    _outages.labels(kind).inc()


def observe(method: str, rule: str, room: str, status: int, seconds: float) -> None:
    """Count one answered request: its rule (never its address), and in which room of the house it was answered."""
    _requests.labels(method, rule, str(status)).inc()
    _seconds.labels(room).observe(seconds)


def text(figures: Figures, *, folder: str) -> bytes:
    """Everything; requests of all processes that share this folder, or of this one alone when there is none."""
    registry = CollectorRegistry()
    if folder:
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Passed(_own.collect))
    registry.register(_Passed(lambda: _gauges(figures)))
    return generate_latest(registry)


class _Passed(Collector):
    """A collector made of a function."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        return self._collect()


def _gauges(figures: Figures) -> Iterator[Metric]:
    if figures.worker_silent_seconds is not None:
        yield _gauge("worker_silent_seconds", "Since a worker gave a sign of life.", figures.worker_silent_seconds)
    if figures.backup_age_seconds is not None:
        yield _gauge("backup_age_seconds", "Since `eventapp backup` was carried through.", figures.backup_age_seconds)
    yield _gauge("mails_waiting", "Mails that have to leave.", figures.mails_waiting)
    yield _gauge("mails_oldest_seconds", "Age of the oldest of them.", figures.oldest_mail_seconds)
    yield _gauge("mails_failed", "Mails that were given up.", figures.mails_failed)
    yield _gauge("jobs_waiting", "Long jobs that wait or are under way.", figures.jobs_waiting)
    yield _gauge("jobs_failed", "Long jobs that were broken off.", figures.jobs_failed)
    yield _gauge("refunds_failed", "Refunds that did not arrive.", figures.refunds_failed)
    yield _gauge("disk_free_bytes", "Free where the data is.", figures.disk_free_bytes)
    yield _gauge("disk_bytes", "Size of that disk.", figures.disk_bytes)
    overdue = GaugeMetricFamily("eventapp_task_overdue_seconds", "How late a periodic task is.", labels=("task",))
    failed = GaugeMetricFamily("eventapp_task_failed", "1 when its last run failed.", labels=("task",))
    for task in figures.tasks:
        overdue.add_metric((task.name,), task.overdue_seconds)
        failed.add_metric((task.name,), float(task.failed))
    yield overdue
    yield failed


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(f"eventapp_{name}", documentation, value=value)
