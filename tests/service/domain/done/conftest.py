from importlib.resources import files
from typing import Any

import pytest
from ruamel.yaml import YAML

from service.domain.done import Catalogue, catalogue


@pytest.fixture(scope="session")
def vocabulary() -> dict[str, Any]:
    text = files("config.vocabulary").joinpath("definition_of_done.yaml").read_text("utf-8")
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return found


@pytest.fixture(scope="session")
def known(vocabulary: dict[str, Any]) -> Catalogue:
    return catalogue(vocabulary["criteria"])
