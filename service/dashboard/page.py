"""Serves the page's files, with a policy that lets nothing run or load but what stands beside them."""

import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response

FOLDER = Path(__file__).parent
KINDS = frozenset({".html", ".js", ".css", ".svg"})

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
}


def install(app: FastAPI) -> None:
    """One route per file: every other address stays unknown, every other method not allowed."""
    for file in sorted(FOLDER.rglob("*")):
        if file.suffix in KINDS:
            name = file.relative_to(FOLDER).as_posix()
            address = "/" if name == "index.html" else f"/{name}"
            app.add_route(address, _giving(file), methods=["GET"], include_in_schema=False)


def _giving(file: Path) -> Callable[[Request], Awaitable[Response]]:
    kind = mimetypes.guess_type(file.name)[0]

    async def give(_request: Request) -> Response:
        return FileResponse(file, media_type=kind, headers=_HEADERS)

    return give
