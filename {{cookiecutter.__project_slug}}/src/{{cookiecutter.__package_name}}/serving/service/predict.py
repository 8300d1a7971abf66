"""The endpoint /predict."""

import asyncio
from time import monotonic, perf_counter

from fastapi import HTTPException, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from .refusals import check_faults, refuse
from .scoring import JSON, TABLES, Job, Result
from .state import State

# Bytes and objects up to which a request is answered sooner than a thread for it would begin; 8 kB
# of empty rows are 190 ms of faults, in which nobody else would be answered.
SMALL, FEW = 8192, 10


class Predict:
    """Rows in, predictions out."""

    def __init__(self, state: State) -> None:
        """Take what the requests share."""
        self._state = state
        self._options = state.options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application, and count it."""
        start, status = perf_counter(), 500
        try:
            response = await self._answer(Request(scope, receive))
            status = response.status_code
        except HTTPException as refused:
            status = refused.status_code
            response = JSONResponse({"detail": refused.detail}, status, refused.headers)
        finally:
            self._state.metrics.count_request(status, perf_counter() - start)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            raise HTTPException(405, "send rows by POST", {"Allow": "POST"})
        self._state.check_key(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != JSON and kind not in TABLES:
            raise refuse(415, f"Content-Type must be one of {', '.join([JSON, *TABLES])}")
        contributions = _read_flag(request)
        deadline = monotonic() + self._options.timeout
        late = 408, "the body came too slowly"
        try:
            async with asyncio.timeout(self._options.timeout):
                body = await self._read_body(request)
                late = 503, "the rows take too long; send fewer in a request"
                result = await self._run(Job(kind, body, contributions, deadline))
        except TimeoutError as error:
            raise refuse(*late) from error
        faulty = sum(bool(each.faults) for each in result.scored)
        self._state.metrics.count_rows(len(result.scored) - faulty, faulty)
        if self._state.log is not None:
            self._state.log.put(result.rows, result.scored)
        if kind == JSON:
            check_faults(result.scored)
        return Response(result.content, media_type=kind)

    async def _read_body(self, request: Request) -> bytes:
        declared = request.headers.get("content-length", "")
        self._check_size(int(declared) if declared.isdecimal() else 0)
        body, more = bytearray(), True
        while more:
            message = await request.receive()
            if message["type"] == "http.disconnect":
                raise refuse(400, "the body ends too early")
            body += message.get("body", b"")
            self._check_size(len(body))
            more = message.get("more_body", False)
        return bytes(body)

    def _check_size(self, size: int) -> None:
        if size > self._options.max_body:
            limit = f"{self._options.max_body:,}"
            raise refuse(413, f"the body must have at most {limit} bytes")

    async def _run(self, job: Job) -> Result:
        model = self._state.get_model()
        small = job.kind == JSON and len(job.body) <= SMALL
        if small and job.body.count(b"{") <= FEW and model.scorer.not_compiled is None:
            return model.scoring.run(job)
        return await asyncio.to_thread(model.scoring.run, job)


def _read_flag(request: Request) -> bool:
    if not request.scope["query_string"]:
        return False
    given = request.query_params.get("contributions", "false")
    if given not in ("true", "false"):
        raise refuse(400, "contributions must be true or false")
    return given == "true"
