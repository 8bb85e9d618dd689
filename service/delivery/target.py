"""A webhook's URL taken apart once, strictly, so that what is judged is what is connected to. Pure."""

import re
import socket
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import SplitResult, urlsplit

from service.errors import AttuneError

LONGEST = 2000
CLOSED_PORTS = frozenset({0, 22})

_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")


class TargetError(AttuneError, ValueError):
    """The URL cannot be a webhook's; ``str()`` says why without repeating it."""


@dataclass(frozen=True, slots=True)
class Target:
    """``host`` is lower-case ASCII: a name, or an address in its usual form (IPv6 without brackets)."""

    scheme: str
    host: str
    port: int
    path: str  # with the query; begins with a slash

    @property
    def is_name(self) -> bool:
        return ":" not in self.host and not self.host.replace(".", "").isdigit()

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return name if self.port == usual else f"{name}:{self.port}"

    def at(self, address: str) -> str:
        """The URL of the same thing with an address in place of the name."""
        place = f"[{address}]" if ":" in address else address
        return f"{self.scheme}://{place}:{self.port}{self.path}"


def parse_target(url: str) -> Target:
    """Raises TargetError. Odd forms of an address (2130706433, 0x7f000001, 127.1) become the usual one."""
    if len(url) > LONGEST:
        raise TargetError(f"is longer than {LONGEST} characters")
    if _UNPRINTABLE.search(url):
        raise TargetError("holds spaces, backslashes or control characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetError("is not a URL") from None
    if parts.scheme not in ("https", "http"):
        raise TargetError("has to begin with https:// or http://")
    if "@" in parts.netloc:
        raise TargetError("carries user information; put a secret in its path or query")
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    if port in CLOSED_PORTS:
        raise TargetError(f"names port {port}")
    return Target(parts.scheme, _host(parts), port, _path(parts))


def masked(url: str) -> str:
    """As much of a URL as anyone may read: chat channels' addresses are secrets from their path on."""
    parts = urlsplit(url)
    rest = "/…" if parts.path.strip("/") or parts.query else "/"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{rest}"


def _path(parts: SplitResult) -> str:
    try:
        path = (parts.path or "/").encode("ascii").decode()
        return f"{path}?{parts.query.encode('ascii').decode()}" if parts.query else path
    except UnicodeEncodeError:
        raise TargetError("has characters in its path that need percent-encoding") from None


def _host(parts: SplitResult) -> str:
    host = unicodedata.normalize("NFKC", parts.hostname or "").lower().removesuffix(".")
    if not host:
        raise TargetError("names no host")
    if ":" in host:
        return _ipv6(host)
    if _NUMERIC.fullmatch(host):
        return _ipv4(host)
    if not host.isascii():
        raise TargetError("names a host with characters outside ASCII; write it in its xn-- form")
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise TargetError("names a host that cannot be")
    return host


def _ipv6(host: str) -> str:
    try:
        return IPv6Address(host.replace("%", "no zone")).compressed
    except ValueError:
        raise TargetError("names an IPv6 address that cannot be") from None


def _ipv4(host: str) -> str:
    """What the C library makes of it, as resolvers do: short, decimal, octal and hexadecimal forms."""
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        raise TargetError("names an IPv4 address that cannot be") from None
