"""What the service counts for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]


class Metrics:
    """The numbers of one service.

    Attributes:
        answered: How many requests to /predict got predictions.
    """

    def __init__(self) -> None:
        """Begin at zero."""
        self.answered = 0
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._info = Info("model", "What predicts.", registry=self._registry)
        requests = Counter(
            "predict_requests", "Requests to /predict.", ["status"], registry=self._registry
        )
        rows = Counter("predict_rows", "Rows scored.", ["outcome"], registry=self._registry)
        self._label, self._requests = requests.labels, {200: requests.labels("200")}
        self._sound, self._faulty = rows.labels("sound"), rows.labels("faulty")
        self._seconds = Histogram(
            "predict_seconds", "Time of a request.", buckets=SECONDS, registry=self._registry
        )

    def describe_model(self, name: str, version: str) -> None:
        """Say which model it is."""
        self._info.info({"name": name, "version": version})

    def count_rows(self, sound: int, faulty: int) -> None:
        """Count the rows of a request."""
        self._sound.inc(sound)
        self._faulty.inc(faulty)

    def count_request(self, status: int, seconds: float) -> None:
        """Count a request to /predict."""
        self.answered += status == 200
        if status not in self._requests:
            self._requests[status] = self._label(str(status))
        self._requests[status].inc()
        self._seconds.observe(seconds)

    def write(self) -> bytes:
        """Write all numbers in the text format of Prometheus."""
        return generate_latest(self._registry)
