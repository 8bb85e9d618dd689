"""Native ids of a source, and where the issues they name live. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from connectors.github.options import Options

_LARGEST = 2**31 - 1  # GraphQL's Int
_NAMED = re.compile(r"(?:(?P<repository>[^#]+)#)?(?P<milestone>milestone-)?(?P<number>[0-9]{1,10})")
_NODE = "id/"


class Wanted(NamedTuple):
    """Issues and milestones by repository; ``ids`` are node ids."""

    numbers: dict[str, list[int]]
    milestones: dict[str, list[int]]
    ids: list[str]


def native_id_of_node(node_id: str) -> str:
    """What ``read`` also takes: an issue of which only GitHub's node id is known."""
    return f"{_NODE}{node_id}"


def parse_native_ids(native_ids: Iterable[str], options: Options) -> Wanted:
    """Those that can name something in this source; see ``Options`` for their form."""
    found = Wanted({}, {}, [])
    for one in dict.fromkeys(native_ids):
        if one.startswith(_NODE):
            found.ids.append(one.removeprefix(_NODE))
            continue
        match = _NAMED.fullmatch(one)
        repository = configured_repository(match["repository"], options) if match else None
        if match is None or repository is None or int(match["number"]) > _LARGEST:
            continue
        held = found.milestones if match["milestone"] else found.numbers
        held.setdefault(repository, []).append(int(match["number"]))
    return found


def configured_repository(repository: str | None, options: Options) -> str | None:
    """As the product file writes a repository that this source reads; any is, of a Project alone."""
    if options.repository:
        is_own = repository is None or repository.lower() == options.repository.lower()
        return options.repository if is_own else None
    if repository is None:
        return None
    if not options.repositories:
        return repository.lower() if repository.count("/") == 1 else None
    return next((one for one in options.repositories if one.lower() == repository.lower()), None)
