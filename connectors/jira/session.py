"""The ``jira`` package's client, with answers bounded in size and time and decoded by orjson."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
from jira import JIRA
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from connectors import transport
from connectors.contract import SourceError
from connectors.jira.options import CloudAuth, Options, TokenAuth
from connectors.transport import Retry

_CHUNK = 256 * 1024
_ESCAPED_NUL = b"\\u0000"


class Client(JIRA):
    """One per source. ``get`` and ``post`` give the JSON below ``/rest/api/2/`` as it came.

    Version 2 of the API, which Cloud and Data Center share, writes text as wiki markup.
    """

    def __init__(self, options: Options) -> None:
        auth = options.auth
        if isinstance(auth, CloudAuth):
            given: dict[str, Any] = {"basic_auth": (auth.email, auth.token.get_secret_value())}
        elif isinstance(auth, TokenAuth):
            given = {"token_auth": auth.token.get_secret_value()}
        else:
            given = {"basic_auth": (auth.username, auth.password.get_secret_value())}
        super().__init__(
            options.url,
            **given,
            get_server_info=False,  # asked for later, with retries
            max_retries=0,  # connectors.transport retries
            timeout=(transport.CONNECT_TIMEOUT, transport.READ_TIMEOUT),
            logging=False,  # the package logs whole answers
        )
        self._take_environment(options.url)
        self.adapter = _Adapter()
        self._session.mount("https://", self.adapter)
        self._session.mount("http://", self.adapter)

    def _take_environment(self, url: str) -> None:
        """Proxies and certificates once, not at every request; no .netrc beside our credential."""
        found = self._session.merge_environment_settings(url, {}, None, self._session.verify, None)
        self._session.trust_env = False
        self._session.proxies, self._session.verify = found["proxies"], found["verify"]

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._get_json(path, params=dict(params or {}))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._get_json(path, params=dict(body), use_post=True)


class _Answer(Response):
    def json(self, **_: Any) -> Any:
        """Raises ValueError for what is no JSON, SourceError for a web page."""
        return decode(self.content, self.url)


def decode(body: bytes, url: str = "") -> Any:
    """JSON without NUL and lone surrogates, which neither a database nor UTF-8 can hold.

    orjson refuses lone surrogates, so such an answer takes the slower way. Raises ValueError, and
    SourceError for a web page: Jira answers a lost login so, with status 200.
    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        if body.lstrip()[:1] == b"<":
            host = urlsplit(url).netloc
            raise SourceError(
                "authentication", f"{host} answers with a web page, probably its login"
            ) from None
        return _cleaned(json.loads(body.decode("utf-8", "replace")))
    return _cleaned(found) if _ESCAPED_NUL in body else found


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        replaced = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return replaced.replace("\x00", "\ufffd")
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    return value


class _Adapter(HTTPAdapter):
    """Counts requests, reads answers within bounds, and keeps the credential on its own host."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=8)
        self.requests = 0

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        answer = _Answer()
        answer.__dict__.update(super().build_response(req, resp).__dict__)
        return answer

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Raises SourceError for a foreign redirect and an oversized answer, Retry for a slow one."""
        self.requests += 1
        deadline = time.monotonic() + transport.TOTAL_TIMEOUT
        response = super().send(request, *args, **{**options, "stream": True})
        try:
            _refuse_foreign_redirect(str(request.url), response)
            response._content = _read(response, deadline)
        finally:
            if response.raw is not None and not response._content:
                response.close()
        return response


def _refuse_foreign_redirect(url: str, response: Response) -> None:
    if not response.is_redirect:
        return
    here, there = urlsplit(url), urlsplit(urljoin(url, response.headers["location"]))
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise SourceError("answer", f"{here.netloc} redirects to {there.netloc}, which is not followed")


def _read(response: Response, deadline: float) -> bytes:
    """The whole body; ``read1`` returns what has arrived, so a dripping answer meets the deadline."""
    body = bytearray()
    while part := response.raw.read1(_CHUNK, decode_content=True):
        body += part
        if len(body) > transport.LARGEST_ANSWER:
            raise SourceError("answer", f"An answer is larger than {transport.LARGEST_ANSWER} bytes.")
        if time.monotonic() > deadline:
            raise Retry("unreachable", "An answer took too long to arrive.")
    return bytes(body)
