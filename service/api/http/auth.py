"""Who is asking, and what they may do. Tokens travel as ``Authorization: Bearer att_…``."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import Depends, Request
from fastapi.security.utils import get_authorization_scheme_param

from service.api.http.deps import InContext
from service.api.http.problems import Problem
from service.api.http.revisions import revision_of
from service.flow.context import Context
from service.store.database.engine import UnavailableError
from service.store.process import tokens

Role = Literal["viewer", "po", "chief_po", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

TRUSTED = 2.0  # seconds a token that was found is not looked up again
_MOST_TRUSTED = 1000
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Principal:
    """``teams`` are those a ``po`` acts for; the roles above it act for all."""

    id: str
    name: str
    role: Role
    teams: tuple[str, ...] = ()

    def may(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)

    def may_write(self, team: str) -> bool:
        return self.may("chief_po") or (self.role == "po" and team in self.teams)

    def may_write_any(self, teams: tuple[str, ...]) -> bool:
        return self.may("chief_po") or any(self.may_write(team) for team in teams)


DEMONSTRATION = Principal("demonstration", "demonstration", "admin")
CONFIGURED_ADMIN = Principal("admin-token", "ATTUNE_ADMIN_TOKEN", "admin")


def new_token() -> str:
    return "att_" + secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Tokens are 256 random bits: a plain digest cannot be searched backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


class Trusted:
    """Tokens found a moment ago, so that a burst of requests looks each one up once.

    They hold for one revision only: revoking a token makes a new one, for every process at once.
    """

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[float, int, Principal]] = OrderedDict()

    def get(self, key: str, now: float, revision: int) -> Principal | None:
        at, then, principal = self._found.get(key, (-TRUSTED, -1, None))
        return principal if then == revision and 0 <= now - at < TRUSTED else None

    def put(self, key: str, now: float, revision: int, principal: Principal) -> None:
        self._found[key] = (now, revision, principal)
        if len(self._found) > _MOST_TRUSTED:
            self._found.popitem(last=False)


async def authenticate(request: Request, context: Context) -> Principal:
    """Raises Problem 401. What an answer says never depends on how nearly right a token was."""
    authorization = request.headers.get("authorization")
    scheme, token = get_authorization_scheme_param(authorization)
    if scheme.lower() != "bearer" or not token:
        raise _unauthorised("Send `Authorization: Bearer att_…`.")
    key = hashed(token)
    now = context.clock()
    configured = context.settings.admin_token
    if configured and hmac.compare_digest(hashed(configured.get_secret_value()), key):
        return CONFIGURED_ADMIN
    trusted: Trusted = request.app.state.trusted
    revision = await revision_of(request)
    if cached := trusted.get(key, now, revision):
        return cached
    async with context.database.read() as connection:
        row = await tokens.by_hash(connection, key)
    if row is None:
        raise _unauthorised("This token is unknown or revoked.")
    principal = Principal(row.id, row.name, row.role, row.teams)
    trusted.put(key, now, revision, principal)
    if row.last_used is None or now - row.last_used > tokens.USE_NOTED_SECONDS:
        await _note_use(context, row.id, now)
    return principal


async def _note_use(context: Context, token_id: str, now: float) -> None:
    """A database that takes no more still answers whoever reads (faults.md, 54)."""
    with suppress(UnavailableError):
        async with context.database.write() as connection:
            await tokens.note_use(connection, token_id, now)


def _unauthorised(detail: str) -> Problem:
    return Problem(401, "Unauthorised", detail, headers={"www-authenticate": "Bearer"})


def is_local(host: str | None) -> bool:
    """Whether a request names this machine: a foreign page whose name resolves here does not."""
    return host in _LOOPBACK


def _is_from_here(request: Request) -> bool:
    """Browsers say when another site's page makes them ask."""
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")


async def principal(request: Request, context: InContext) -> Principal:
    if context.open_access and is_local(request.url.hostname) and _is_from_here(request):
        return DEMONSTRATION
    return await authenticate(request, context)


Asking = Annotated[Principal, Depends(principal)]


def _demand(asking: Principal, role: Role) -> Principal:
    if not asking.may(role):
        raise Problem(403, "Forbidden", f"This takes the role {role}; the token's role is {asking.role}.")
    return asking


async def viewer(asking: Asking) -> Principal:
    return asking


async def po(asking: Asking) -> Principal:
    return _demand(asking, "po")


async def chief_po(asking: Asking) -> Principal:
    return _demand(asking, "chief_po")


async def admin(asking: Asking) -> Principal:
    return _demand(asking, "admin")


Viewer = Annotated[Principal, Depends(viewer)]
Po = Annotated[Principal, Depends(po)]
ChiefPo = Annotated[Principal, Depends(chief_po)]
Admin = Annotated[Principal, Depends(admin)]
