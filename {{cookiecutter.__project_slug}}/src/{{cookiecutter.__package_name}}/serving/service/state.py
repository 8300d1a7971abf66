"""What the requests of a service share."""

import hmac
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import Request

from ..scorer import Scorer
from .metrics import Metrics
from .options import Log, Options
from .refusals import refuse
from .scoring import Scoring
from .view import View, read_view

KEY_HEADER = "X-API-Key"


class Model(NamedTuple):
    """A loaded model, its description, and what answers requests with it."""

    scorer: Scorer
    view: View
    scoring: Scoring


@dataclass
class State:
    """What the requests of a service share, with no model before its start and after its end."""

    options: Options
    log: Log | None
    metrics: Metrics = field(default_factory=Metrics)
    model: Model | None = None

    def load(self, bundle: Path) -> None:
        """Load a packaged model.

        Raises:
            ModelError: It is damaged.
        """
        scorer = Scorer.load(bundle)
        view = read_view(bundle, scorer)
        needed = [column["name"] for column in view.columns]
        scoring = Scoring(scorer, view.name, needed, self.options)
        self.model = Model(scorer, view, scoring)
        self.metrics.describe_model(view.name, scorer.version)

    def get_model(self) -> Model:
        """Give the model.

        Raises:
            HTTPException: There is none.
        """
        if self.model is None:
            raise refuse(503, "the model is not loaded")
        return self.model

    def check_key(self, request: Request) -> None:
        """Let a request with the right key in, and any where there is no key.

        Raises:
            HTTPException: The key is wrong or missing.
        """
        if not self.has_key(request):
            raise refuse(401, f"the header {KEY_HEADER} must hold the service's key")

    def has_key(self, request: Request) -> bool:
        """Say whether a request has the right key, or needs none."""
        if self.options.api_key is None:
            return True
        given = request.headers.get(KEY_HEADER, "")
        return hmac.compare_digest(given.encode("latin-1"), self.options.api_key.encode())

    def check_health(self, request: Request) -> dict[str, Any]:
        """Say which model is served, and how its log does, in detail to who has the key."""
        log = self.log.state() if self.log else None
        if log and log["error"] and not self.has_key(request):
            log["error"] = f"told to those who send {KEY_HEADER}"
        return {"status": "ok", "version": self.get_model().scorer.version, "log": log}
