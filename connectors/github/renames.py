"""Repositories that were renamed: both names mean the one repository.

GitHub answers under an older name for as long as no other repository takes it. What this process learnt
from its answers is kept here, so that webhooks, texts and native ids under either name are understood.
"""

from collections.abc import Mapping

_PRESENT: dict[tuple[str, str], str] = {}  # (site, older name) → present name, in lower case
_NAMES: dict[tuple[str, str], str] = {}  # (site, node id of a repository) → the name it was last known by


def learn(site: str, name: str, present: str) -> None:
    """``name`` is what we asked for or knew, ``present`` what the repository is called now."""
    older, newer = name.lower(), present.lower()
    _PRESENT.pop((site, newer), None)
    if older == newer:
        return
    for (place, former), known in list(_PRESENT.items()):
        if place == site and known == older:
            _PRESENT[place, former] = newer
    _PRESENT[site, older] = newer


def recall(site: str, former_names: Mapping[str, str]) -> None:
    """What another process learnt: older name → present one. What this one knows of a name counts more."""
    for former, present in former_names.items():
        newest = present_name(site, present)
        if newest != former.lower():
            _PRESENT.setdefault((site, former.lower()), newest)


def recognise(site: str, node_id: str, name: str) -> None:
    """A repository's id survives a rename: under another name than before it was renamed."""
    before = _NAMES.get((site, node_id), name)
    _NAMES[site, node_id] = name
    if before.lower() != name.lower():
        learn(site, before, name)


def is_known(site: str, node_id: str) -> bool:
    """Whether this process read a repository of this id."""
    return (site, node_id) in _NAMES


def present_name(site: str, name: str) -> str:
    """In lower case."""
    return _PRESENT.get((site, name.lower()), name.lower())


def former_names(site: str) -> dict[str, str]:
    """Every older name of a repository of this site → its present one, in lower case."""
    return {former: present for (place, former), present in _PRESENT.items() if place == site}
