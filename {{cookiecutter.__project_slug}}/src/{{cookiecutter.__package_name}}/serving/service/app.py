"""The service as an ASGI application."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.security import APIKeyHeader
from starlette.types import Receive, Scope, Send

from ..page.card import give_card
from ..page.router import router as page
from .metrics import CONTENT_TYPE_LATEST
from .openapi import describe_api
from .options import Log, Options
from .predict import Predict
from .state import KEY_HEADER, State
from .view import View


class App(FastAPI):
    """FastAPI without its layers before /predict: they take longer than the prediction.

    So a middleware that is added sees the other addresses only.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take any event of ASGI."""
        if scope["type"] == "http" and scope["path"] == "/predict":
            await self.state.predict(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(bundle: Path, options: Options, log: Log | None = None) -> FastAPI:
    """Make the service of a packaged model, which it loads when it starts.

    Args:
        bundle: The packaged model's folder.
        options: The service's limits and key.
        log: Where predictions are noted down; closed when the service ends.
    """
    state = State(options, log)

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        if state.model is None:
            state.load(bundle)
        # What is there now stays: no collection has to look at it again while a request waits.
        gc.collect()
        gc.freeze()
        yield
        state.model = None
        if log is not None:
            log.close()

    # Swagger's page would load its scripts from elsewhere.
    app = App(lifespan=live, openapi_url=None)
    app.state.service = state
    app.state.predict = Predict(state)
    app.include_router(page)
    app.include_router(_make_open_routes(state))
    app.include_router(_make_guarded_routes(state, app))
    return app


def _make_open_routes(state: State) -> APIRouter:
    router = APIRouter()

    @router.get("/health")
    async def health(request: Request) -> dict[str, Any]:
        """Say that the service is up, and how its log does."""
        return state.check_health(request)

    @router.get("/ready")
    async def ready() -> dict[str, str]:
        """Say whether the model is loaded."""
        state.get_model()
        return {"status": "ready"}

    return router


def _make_guarded_routes(state: State, app: FastAPI) -> APIRouter:
    async def check_key(request: Request) -> None:
        state.check_key(request)

    header = Depends(APIKeyHeader(name=KEY_HEADER, scheme_name=KEY_HEADER, auto_error=False))
    router = APIRouter(dependencies=[header, Depends(check_key)])

    @router.get("/model")
    async def model() -> View:
        """Describe the model, its columns, its scores."""
        return state.get_model().view

    @router.get("/model/card", response_class=PlainTextResponse)
    async def card(request: Request) -> Response:
        """Give the model card, as HTML to those who ask for that."""
        view = state.get_model().view
        return give_card(view.card, view.name, request.headers.get("accept", ""))

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Give the service's numbers to Prometheus."""
        return Response(state.metrics.write(), media_type=CONTENT_TYPE_LATEST)

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi() -> dict[str, Any]:
        view = state.get_model().view
        app.title, app.version, app.description = view.name, view.version, view.description
        return describe_api(app.openapi(), view)

    return router
