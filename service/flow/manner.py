"""How the product file has a source read: when that changes, everything is read anew. Pure."""

import hashlib

from config.check import setting
from config.product import Product
from connectors.options import SourceOptions

_NO_MATTER = {
    "auth",
    "webhook_secret",
    "poll",
    "sweep",
    "full_scan",
    "max_requests_per_hour",
    "max_requests_at_once",
}
"""Says who reads and how often, not what is read."""


def manner_of(product: Product, options: SourceOptions) -> str:
    """Of all in the product file that decides what is read of a source and how; never of a secret."""
    told = options.model_dump_json(exclude=_NO_MATTER)
    about = setting(product)
    text = f"{told}\n{about.timezone}\n{sorted(about.components)}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
