"""How much of GitHub's limit a token has left: one count for all sources that use it on the same host."""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from connectors.contract import Quota
from connectors.github.api.errors import date_of
from connectors.github.options import Options, TokenAuth
from connectors.transport import Answer, Retry

_GRAPHQL, _REST = "graphql", "core"  # GitHub counts them apart


class TokenQuota:
    """Fed by every answer; asked before every request."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._left: dict[str, tuple[Quota, float]] = {}  # with our own clock's moment of the reset

    @property
    def present(self) -> Quota | None:
        """Of GraphQL where it is asked, else of REST; None before the first answer."""
        known = [self._left[kind][0] for kind in (_GRAPHQL, _REST) if kind in self._left]
        return known[0] if known else None

    def note(self, answer: Answer, is_graphql: bool) -> None:
        headers = answer.headers
        kind = headers.get("x-ratelimit-resource") or (_GRAPHQL if is_graphql else _REST)
        told = [headers.get(f"x-ratelimit-{name}", "") for name in ("remaining", "limit", "reset")]
        if not all(text.isdecimal() and len(text) < 12 for text in told):
            return
        remaining, limit, reset = map(int, told)
        try:
            quota = Quota(remaining, limit, datetime.fromtimestamp(reset, UTC))
        except (OverflowError, ValueError, OSError):
            return
        before = self._left.get(kind)
        if before and before[0].resets_at == quota.resets_at:  # answers may overtake each other
            quota = quota._replace(remaining=min(remaining, before[0].remaining))
        host_now = date_of(answer)
        now = self._clock()
        self._left[kind] = quota, now + reset - (host_now.timestamp() if host_now else now)

    def check(self, is_graphql: bool) -> None:
        """Raises Retry ``limited`` when the token's limit is known to be used up until its reset."""
        quota, reset = self._left.get(_GRAPHQL if is_graphql else _REST, (None, 0.0))
        wait = reset - self._clock()
        if quota and quota.remaining == 0 and wait > 0:
            raise Retry("limited", "GitHub's rate limit is used up", wait)


_SHARED: "WeakValueDictionary[tuple[str, str], TokenQuota]" = WeakValueDictionary()


def quota_for(options: Options) -> TokenQuota:
    """The same one for the same credential at the same host, for as long as a source uses it."""
    key = urlsplit(options.url).netloc.lower(), _fingerprint(options)
    return _SHARED.setdefault(key, TokenQuota())


def _fingerprint(options: Options) -> str:
    auth = options.auth
    secret = (
        auth.token.get_secret_value()
        if isinstance(auth, TokenAuth)
        else f"{auth.app_id}/{auth.installation_id}"
    )
    return hashlib.sha256(secret.encode()).hexdigest()
