"""What the demonstration's product file needs to be read: where it is, and its variables. Pure."""

from collections.abc import Mapping
from pathlib import Path

from service.demo.addresses import Addresses

PRODUCT_FILE = Path(__file__).with_name("product.yaml")
TIMEZONE = "Europe/Amsterdam"  # the product file's
EMAIL = "attune@veldhuis.example"


def no_environment() -> Mapping[str, str]:
    """Makes PRODUCT_FILE readable where no tracker is asked."""
    nowhere = Addresses("http://127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:1")
    return environment_of(nowhere, {"online": "none", "backoffice": "none", "github": "none"})


def environment_of(addresses: Addresses, tokens: Mapping[str, str]) -> dict[str, str]:
    return {
        "DEMO_ONLINE_URL": addresses.online,
        "DEMO_ONLINE_EMAIL": EMAIL,
        "DEMO_ONLINE_TOKEN": tokens["online"],
        "DEMO_BACKOFFICE_URL": addresses.backoffice,
        "DEMO_BACKOFFICE_TOKEN": tokens["backoffice"],
        "DEMO_GITHUB_URL": addresses.github,
        "DEMO_GITHUB_TOKEN": tokens["github"],
    }
