"""The connectors there are, by the ``type`` that a source of the product file names."""

from collections.abc import Mapping
from functools import cache
from typing import cast, get_args

from config.extensions import CONNECTORS, BrokenExtensionError, extensions
from connectors.contract import Kind


@cache
def connector_kinds() -> Mapping[str, Kind]:
    """Raises BrokenExtensionError."""
    found = extensions(CONNECTORS)
    for name, extension in sorted(found.items()):
        types = get_args(extension.module.Options.model_fields["type"].annotation)
        if types != (name,):
            raise BrokenExtensionError(f'{extension.offer}: its Options must have type: Literal["{name}"]')
    return {name: cast("Kind", extension.module) for name, extension in sorted(found.items())}
