"""The ``jira`` package's client, with answers bounded in size and time."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from jira import JIRA
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from connectors import transport
from connectors.contract import SourceError
from connectors.jira.http.answers import failure, is_web_page, login_page, refuse_anonymous
from connectors.jira.http.clock import ServerClock
from connectors.jira.options import CloudAuth, Options, TokenAuth
from connectors.jira.parse.decode import decode
from connectors.transport import Retry

_CHUNK = 256 * 1024


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
        self.adapter = _Adapter(options.max_requests_at_once)
        self._session.mount("https://", self.adapter)
        self._session.mount("http://", self.adapter)

    def _take_environment(self, url: str) -> None:
        """Proxies and certificates once, not at every request; no .netrc beside our credential."""
        environment = self._session.merge_environment_settings(url, {}, None, self._session.verify, None)
        self._session.trust_env = False
        self._session.proxies, self._session.verify = environment["proxies"], environment["verify"]

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._get_json(path, params=dict(params or {}))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._get_json(path, params=dict(body), use_post=True)


class _Answer(Response):
    def json(self, **_: Any) -> Any:
        """Raises ValueError for what is no JSON, SourceError for a web page."""
        try:
            return decode(self.content)
        except ValueError:
            if is_web_page(self.content, self.headers):
                raise login_page(urlsplit(self.url).netloc) from None
            raise


class _Adapter(HTTPAdapter):
    """Reads answers within bounds, hears the tracker's clock, and keeps the credential on its own host."""

    def __init__(self, connections: int) -> None:
        super().__init__(pool_maxsize=connections)
        self.clock = ServerClock()

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        answer = _Answer()
        answer.__dict__.update(super().build_response(req, resp).__dict__)
        return answer

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Raises SourceError for a foreign redirect and an oversized answer, Retry for a slow one,
        and either for a status that is no success.
        """
        deadline = time.monotonic() + transport.TOTAL_TIMEOUT
        response = super().send(request, *args, **{**options, "stream": True})
        try:
            self.clock.hear(response.headers.get("Date"))
            _refuse_foreign_redirect(str(request.url), response)
            if response.ok:
                refuse_anonymous(urlsplit(str(request.url)).netloc, response.headers)
            response._content = _read(response, deadline)
            if not response.ok:  # before the package looks for JSON in the body
                raise failure(str(request.url), response.status_code, response.headers, response._content)
        finally:
            if response.raw is not None and not response._content:
                response.close()
        return response


def _refuse_foreign_redirect(url: str, response: Response) -> None:
    if not response.is_redirect:
        return
    here, there = urlsplit(url), urlsplit(urljoin(url, response.headers["location"]))
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        place = f"{there.scheme}://{there.netloc}"
        raise SourceError("answer", f"{here.netloc} redirects to {place}, which is not followed")


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
