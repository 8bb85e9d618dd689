"""A source's ``mapping`` as attune reads it, commented out so that a person can settle it. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence

from connectors.options import FieldMapping
from service.cli.drafting.written.survey import Survey, WordUse
from service.cli.drafting.written.yaml_text import beside, clean, commented, indented, listing, scalar

_FIELD = re.compile(r"(?P<name>.+?) \((?P<place>[^()]+)\)(?:, |$)")
_MOST = 20  # priorities, statuses


def mapping_lines(survey: Survey) -> list[str]:
    """Nothing where nothing was found."""
    fields = survey.capabilities.fields if survey.capabilities else {}
    sections = {
        "priority": _words(survey.sample.priorities, _SAYS["priority"]),
        "state": _words(survey.sample.states, _SAYS["state"]),
        "fields": list(_fields(fields)),
    }
    inside = [
        line
        for name, lines in sections.items()
        if lines
        for line in [beside(f"{name}:", _SAYS[name]), *indented(lines, 2)]
    ]
    if not inside:
        return []
    head = [
        '# What attune makes of it. To settle it by hand, uncomment "mapping:", a heading and its lines.',
    ]
    unknown = [one.text for one in (*survey.sample.priorities, *survey.sample.states) if one.meaning is None]
    if unknown:
        head.append(f"# NOT UNDERSTOOD, fill in: {clean(', '.join(unknown[:_MOST]))}")
    return [*head, *commented(["mapping:", *indented(inside, 2)]), *_mixed(survey.sample.mixed)]


_SAYS = {
    "priority": "1 (highest) to 5",
    "state": "todo, doing, done or dropped",
    "fields": "what stands for what",
}


def _words(words: Sequence[WordUse], choices: str) -> list[str]:
    """What is not understood first, then from the highest to the lowest, from todo to dropped."""
    order = [None, 1, 2, 3, 4, 5, "todo", "doing", "done", "dropped"]
    return [_word(one, choices) for one in sorted(words[:_MOST], key=lambda one: order.index(one.meaning))]


def _word(word_use: WordUse, choices: str) -> str:
    times = f"{word_use.items} item{'s' if word_use.items != 1 else ''}"
    if word_use.meaning is None:
        return beside(f"{scalar(word_use.text)}:", f"{times}; not understood: fill in {choices}")
    return beside(f"{scalar(word_use.text)}: {word_use.meaning}", times)


def _fields(fields: Mapping[str, str]) -> Iterator[str]:
    """Those that a product file can name, by the name that comes first."""
    for slot in FieldMapping.model_fields:
        names = field_names(fields.get(slot, ""))
        if names:
            value = listing(names) if slot == "definition_of_done" else scalar(names[0])
            yield beside(f"{slot}: {value}", f"found: {fields[slot]}")


def field_names(described: str) -> list[str]:
    """Of ``Target end (customfield_10023), Due date (duedate)``, each once."""
    return list(dict.fromkeys(found["name"] for found in _FIELD.finditer(described)))


def _mixed(statuses: Sequence[str]) -> list[str]:
    if not statuses:
        return []
    shown = clean(", ".join(statuses))
    return [
        f"# {shown}: more than the word tells what it means (resolution, reason, pull request)",
    ]
