"""Which addresses a webhook may reach: those of the public internet, and what the settings add. Pure."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_CLOSED_V4 = [
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network, and "any address"
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, where clouds serve their metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
"""IANA's special-purpose registry. ``is_global`` alone passes multicast and 6to4 relays."""

_OPEN_V6 = ip_network("2000::/3")
"""Global unicast; mapped, NAT64, unique-local, link-local and multicast addresses lie outside it."""

_CLOSED_V6 = [
    ip_network(block)
    for block in (
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",
    )
]


def parse_networks(blocks: Sequence[object]) -> tuple[Network, ...]:
    """CIDRs from text or network objects; raises ValueError."""
    return tuple(ip_network(str(block)) for block in blocks)


def refusal(address: str, allowed: Sequence[Network]) -> str | None:
    """Why this address may not be reached; None when it may. ``allowed`` are private ranges let through."""
    try:
        found = ip_address(address)
    except ValueError:
        return f"{address} is not an address"
    if any(found.version == block.version and found in block for block in allowed):
        return None
    return None if _is_public(found) else f"{found} is not an address of the public internet"


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _CLOSED_V4)
    return address in _OPEN_V6 and not any(address in block for block in _CLOSED_V6)
