"""One source of a drafted product file, with what a look at it found. Pure."""

import re
from collections.abc import Iterator, Mapping

from connectors.options import FieldMapping
from service.cli.drafting.chosen.chosen_source import ChosenSource, KeyedSource
from service.cli.drafting.written.mapping_text import mapping_lines
from service.cli.drafting.written.survey import Sample, Survey
from service.cli.drafting.written.yaml_text import address, beside, comments, indented, scalar, variable

_EPICS = re.compile(r"epics by (issue-type|label|milestone|sub-issues)$")
_SAYS = {
    "repository": "one repository; or repositories: [acme/stores, acme/tills]",
    "project": "its Project: dates, iteration, status, priority, order",
}


def source_lines(source: KeyedSource, survey: Survey) -> list[str]:
    """As one entry of ``sources``."""
    wanted = source.wanted
    lines = [
        f"key: {scalar(source.key)}",
        f"type: {wanted.type}",
        f"url: {address(wanted.url)}",
        *_reads(wanted),
        *_epics(wanted, survey),
        f"auth: {{{', '.join(f'{field}: {variable(name)}' for field, name in wanted.auth.items())}}}",
        f"team: {scalar(source.team)}",
        *_hook(source),
        *_told(survey),
        *mapping_lines(survey),
    ]
    return ["- " + lines[0], *indented(lines[1:], 2)]


def _reads(wanted: ChosenSource) -> Iterator[str]:
    for field, value in wanted.reads.items():
        line = f"{field}: {scalar(value)}"
        yield beside(line, _SAYS[field]) if wanted.type == "github" else line
    if wanted.type == "jira":
        yield beside("# filter: issuetype != Sub-task", "JQL that narrows the project")


def _epics(wanted: ChosenSource, survey: Survey) -> Iterator[str]:
    notes = survey.capabilities.notes if survey.capabilities else ()
    for note in notes if wanted.type == "github" else ():
        if match := _EPICS.search(note):
            yield beside(f"# epics: {match[1]}", "as found; issue-type, label, milestone or sub-issues")


def _hook(source: KeyedSource) -> Iterator[str]:
    name = f"{source.key.upper().replace('-', '_')}_HOOK"
    yield beside(f"# webhook_secret: {variable(name)}", "changes are told, not polled for")


def _told(survey: Survey) -> Iterator[str]:
    if survey.error:
        yield from comments(f"NOT READ by attune init: {survey.error}")
    if survey.capabilities is None:
        return
    if survey.sample.items:
        yield from comments(f"Found in {_read(survey.sample)}.")
    yield from comments(f"Definition of Done: {_done(survey)}.")
    if others := _other_fields(survey.capabilities.fields):
        yield from comments(f"Also read: {others}.")
    for missing in survey.capabilities.missing:
        yield from comments(f"Not seen there: {missing}")
    for note in survey.capabilities.notes:
        if not _EPICS.search(note):
            yield from comments(note)


def _read(sample: Sample) -> str:
    """``82 items: 70 story, 12 epic``"""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sample.kinds.items())
    of_all = f" of about {sample.total}" if sample.total and sample.total > sample.items else ""
    first = f"the first {sample.items}{of_all}" if of_all else str(sample.items)
    return f"{first} items: {kinds}"


def _done(survey: Survey) -> str:
    sample, fields = survey.sample, survey.capabilities.fields if survey.capabilities else {}
    said = []
    if name := fields.get("definition_of_done"):
        said.append(f"in {name}")
    if sample.dod_document:
        said.append(f"{sample.dod_document} lines in a document of the repository")
    if sample.with_dod:
        said.append(f"{sample.with_dod} of {sample.items} items carry one")
    return ", ".join(said) or "none found"


def _other_fields(fields: Mapping[str, str]) -> str:
    mapped = {*FieldMapping.model_fields}
    return "; ".join(
        f"{slot.replace('_', ' ')} in {name}" for slot, name in fields.items() if slot not in mapped
    )
