"""Native ids of a source, and where the issues they name live. Pure but for ``renames``."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from connectors.github.options import Options
from connectors.github.renames import present_name

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


def native_id(options: Options, repository: str, number: int | str) -> str:
    """See ``Options``. A renamed repository keeps the name that the product file gives it."""
    if options.repository:
        return str(number)
    configured = configured_repository(repository, options) or repository
    return f"{configured.lower()}#{number}"


def parse_native_ids(native_ids: Iterable[str], options: Options) -> Wanted:
    """Those that can name something in this source; see ``Options`` for their form."""
    wanted = Wanted({}, {}, [])
    for native in dict.fromkeys(native_ids):
        if native.startswith(_NODE):
            wanted.ids.append(native.removeprefix(_NODE))
            continue
        match = _NAMED.fullmatch(native)
        repository = configured_repository(match["repository"], options) if match else None
        if match is None or repository is None or int(match["number"]) > _LARGEST:
            continue
        held = wanted.milestones if match["milestone"] else wanted.numbers
        held.setdefault(repository, []).append(int(match["number"]))
    return wanted


def configured_repository(repository: str | None, options: Options) -> str | None:
    """As the product file writes a repository that this source reads, under whichever of its names.

    Any is, of a Project alone.
    """
    if repository is None:
        return options.repository
    if not options.repository_names:
        return repository.lower() if repository.count("/") == 1 else None
    present = present_name(options.site, repository)
    names = options.repository_names
    return next((name for name in names if present_name(options.site, name) == present), None)
