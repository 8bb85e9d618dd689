"""What ``attune init`` says of each source it looked at, as markup for a terminal. Pure."""

from collections.abc import Sequence

from rich.markup import escape

from connectors.options import FieldMapping
from service.cli.drafting.chosen.tracker_addresses import host
from service.cli.drafting.written.product_text import SurveyedSource
from service.cli.drafting.written.survey import Survey, WordUse
from service.cli.drafting.written.yaml_text import clean

_MOST = 6  # words of a kind


def told(look: SurveyedSource) -> str:
    source, survey = look.source, look.found
    if survey.capabilities is None:
        return f"[red]✗[/] {source.key}: {escape(clean(survey.error or ''))}"
    place = f"{escape(source.wanted.place)} at {escape(host(source.wanted.url))}"
    lines = [f"[green]✓[/] {source.key}: {place}, {survey.sample.items} items looked at"]
    if survey.error:
        lines = [f"[red]✗[/] {source.key}: {escape(clean(survey.error))}"]
    return "\n".join([*lines, *(f"    {line}" for line in _details(survey))])


def _details(survey: Survey) -> list[str]:
    sample, fields = survey.sample, survey.capabilities.fields if survey.capabilities else {}
    details = {slot: fields[slot] for slot in FieldMapping.model_fields if slot in fields}
    if sample.dod_document and "definition_of_done" not in details:
        details["definition_of_done"] = f"{sample.dod_document} lines of a document"
    details["priorities"] = _listed(sample.priorities)
    details["states"] = _listed(sample.states)
    lines = [f"{name.replace('_', ' ')}: {escape(clean(value))}" for name, value in details.items() if value]
    unknown = [one.text for one in (*sample.priorities, *sample.states) if one.meaning is None]
    if unknown:
        lines.append(f"[yellow]not understood[/]: {escape(clean(', '.join(unknown)))}")
    return lines


def _listed(words: Sequence[WordUse]) -> str:
    mapped = [one for one in words if one.meaning is not None]
    shown = ", ".join(f"{one.text} → {one.meaning}" for one in mapped[:_MOST])
    return f"{shown}, …" if len(mapped) > _MOST else shown
