"""REST: one router per resource, each a file; problems, paging, ETags and principals beside them."""

from fastapi import Depends, FastAPI

from service import __version__
from service.api.description import document
from service.api.http import problems
from service.api.http.auth import Trusted
from service.api.http.counted import Counted
from service.api.http.idempotent import Idempotent
from service.api.http.middleware import Door
from service.api.http.params import known_parameters
from service.api.http.respond import Responder
from service.api.http.revisions import Revisions
from service.api.routers import routers


def install(app: FastAPI) -> None:
    """Everything under ``/v1`` and the probes; ``app.state.context`` is set already."""
    app.title, app.version, app.description = "attune", __version__, document.DESCRIPTION
    app.state.trusted = Trusted()
    app.state.revisions = Revisions(app.state.context.database)
    app.state.responder = Responder.of(app.state.context)
    app.state.counted = Counted(app.state.context.database)
    for router in routers():
        app.include_router(router, dependencies=[Depends(known_parameters)])
    app.add_middleware(Idempotent)
    app.add_middleware(Door)
    problems.install(app)
    document.install(app)
