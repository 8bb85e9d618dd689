"""Serves the page's files, with a policy that lets nothing run or load but what stands beside them."""

from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class _Page(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["content-security-policy"] = _POLICY
        response.headers["cache-control"] = "no-cache"
        return response

    def lookup_path(self, path: str) -> tuple[str, "object | None"]:  # type: ignore[override]
        """No Python among the files that are given out."""
        return ("", None) if path.endswith((".py", ".pyc")) else super().lookup_path(path)


def install(app: FastAPI) -> None:
    """Last, for it takes every address that nothing else has."""
    app.mount("/", _Page(directory=Path(__file__).parent, html=True), name="page")
