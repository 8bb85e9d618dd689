"""What people write in descriptions: dependencies on other items, and lists of what done means. Pure."""

from connectors.text.done.checklists import checklist
from connectors.text.done.fields import field_lines
from connectors.text.done.sections import dod_section
from connectors.text.phrases import may_have_dependencies
from connectors.text.relations import find_dependencies

__all__ = ["checklist", "dod_section", "field_lines", "find_dependencies", "may_have_dependencies"]
