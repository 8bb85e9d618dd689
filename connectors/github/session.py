"""GitHub over HTTP: the credential, one request, and what its failures mean."""

import base64
import json
import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from connectors.contract import SourceError
from connectors.github.options import AppAuth, Options, TokenAuth
from connectors.transport import Answer, Retry, exchange, http_client, parse_retry_after

_RENEW = 300.0  # seconds before an installation token ends
_SECONDARY = 60.0  # seconds to wait at least when GitHub does not say how long


class GraphAnswer(NamedTuple):
    data: dict[str, Any]
    errors: list[dict[str, Any]]


class Session:
    """One credential at one host. Every method sends once; retrying is the caller's."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.requests = 0
        self.now = datetime.now(UTC)  # by the host's clock, at its last answer
        self._client = http_client()
        self._app_token: tuple[str, float] = ("", 0.0)

    async def close(self) -> None:
        await self._client.aclose()

    async def graphql(self, query: str, variables: Mapping[str, Any]) -> GraphAnswer:
        """Data and errors as they came; limits and lost credentials are raised."""
        body = orjson.dumps({"query": query, "variables": variables})
        answer = await self._send("POST", self.options.graphql_url, body)
        judge(answer, f"GitHub's GraphQL at {self.options.site}")
        found = decode(answer)
        errors = found.get("errors") or []
        judge_errors(errors, answer)
        return GraphAnswer(found.get("data") or {}, errors)

    async def rest(self, path: str) -> tuple[Any, Answer]:
        """``path`` from the API's root, or a whole address on the same host (a Link header's)."""
        url = path if path.startswith(self.options.url) else f"{self.options.url}/{path.lstrip('/')}"
        answer = await self._send("GET", url)
        judge(answer, f"repository {self.options.repository}")
        return decode(answer), answer

    async def _send(self, method: str, url: str, body: bytes | None = None) -> Answer:
        authorization = f"Bearer {await self._token()}"
        return await self._exchange(method, url, authorization, body)

    async def _exchange(self, method: str, url: str, authorization: str, body: bytes | None) -> Answer:
        headers = {"Authorization": authorization, "Accept": "application/vnd.github+json"}
        headers |= {"User-Agent": "attune", "Content-Type": "application/json"}
        self.requests += 1
        request = self._client.build_request(method, url, headers=headers, content=body)
        answer = await exchange(self._client, request)
        self.now = _clock(answer) or datetime.now(UTC)
        return answer

    async def _token(self) -> str:
        auth = self.options.auth
        if isinstance(auth, TokenAuth):
            return auth.token.get_secret_value()
        if time.time() > self._app_token[1] - _RENEW:
            self._app_token = await self._installation_token(auth)
        return self._app_token[0]

    async def _installation_token(self, auth: AppAuth) -> tuple[str, float]:
        url = f"{self.options.url}/app/installations/{auth.installation_id}/access_tokens"
        answer = await self._exchange("POST", url, f"Bearer {app_jwt(auth, time.time())}", b"")
        judge(answer, f"installation {auth.installation_id} of the GitHub App")
        found = decode(answer)
        return found["token"], datetime.fromisoformat(found["expires_at"]).timestamp()


def app_jwt(auth: AppAuth, now: float) -> str:
    """RS256, good for nine minutes (GitHub allows ten), a minute early for clocks that differ."""
    try:
        key = serialization.load_pem_private_key(auth.private_key.get_secret_value().encode(), None)
    except (ValueError, TypeError) as wrong:
        raise SourceError("authentication", "the GitHub App's private_key is not a PEM key") from wrong
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SourceError("authentication", "the GitHub App's private_key is not an RSA key")
    claims = {"iat": int(now) - 60, "exp": int(now) + 540, "iss": str(auth.app_id)}
    signed = b".".join(_base64(orjson.dumps(part)) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    return b".".join((signed, _base64(key.sign(signed, padding.PKCS1v15(), hashes.SHA256())))).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _clock(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None


def judge(answer: Answer, what: str) -> None:
    """Raise what a status means; nothing for success."""
    status = answer.status
    if status == 401:
        raise SourceError("authentication", "authentication failed: GitHub does not accept the credential")
    if status == 429 or (status == 403 and _is_limit(answer)):
        raise Retry("limited", "GitHub's rate limit is used up", limit_wait(answer))
    if status == 403:
        raise SourceError("authentication", f"the credential may not read {what}")
    if status in (404, 410):
        raise SourceError("not-found", f"{what} does not exist, or the credential may not see it")
    if status >= 500:
        raise Retry(
            "unreachable", f"GitHub answered {status}", parse_retry_after(answer.headers.get("retry-after"))
        )
    if not 200 <= status < 300:
        raise SourceError("answer", f"GitHub answered {status} for {what}")


def _is_limit(answer: Answer) -> bool:
    if answer.headers.get("retry-after") or answer.headers.get("x-ratelimit-remaining") == "0":
        return True
    text = answer.body[:2000].lower()
    return b"rate limit" in text or b"abuse" in text


def limit_wait(answer: Answer) -> float:
    """Seconds: Retry-After, else until the limit's reset, else at least a minute."""
    asked = parse_retry_after(answer.headers.get("retry-after"))
    if asked is not None:
        return asked
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(1.0, int(reset) - time.time())
    return _SECONDARY


def judge_errors(errors: list[dict[str, Any]], answer: Answer) -> None:
    """Raise those GraphQL errors that concern the whole credential; an exceeded limit is a 200."""
    for one in errors:
        kind = one.get("type")
        if kind in ("RATE_LIMITED", "RATE_LIMIT"):
            raise Retry("limited", "GitHub's rate limit is used up", limit_wait(answer))
        if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES") and len(one.get("path") or ()) <= 1:
            raise SourceError("authentication", "the credential may not read this from GitHub")


def decode(answer: Answer) -> Any:
    """JSON without NUL and lone surrogates (they become U+FFFD).

    Raises SourceError for a page of HTML, Retry for JSON that ends too early.
    """
    body = answer.body
    if body.lstrip()[:1] == b"<":
        raise SourceError(
            "answer", "GitHub answered with a web page instead of data (a login page or a proxy?)"
        )
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _clean(_decode_leniently(body))
    return _clean(found) if b"\\u0000" in body else found


def _decode_leniently(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8", "replace"), parse_int=_integer)
    except (ValueError, RecursionError) as broken:
        raise Retry("answer", "GitHub's answer is not complete JSON") from broken


def _integer(digits: str) -> int | float:
    """A number of thousands of digits must not end the page."""
    return int(digits) if len(digits) < 100 else math.inf


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return value
