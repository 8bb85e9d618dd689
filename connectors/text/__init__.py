"""What people write in descriptions: dependencies on other items, and lists of what done means. Pure."""

from connectors.text.checklists import checklist
from connectors.text.done_fields import field_lines
from connectors.text.phrases import may_have_dependencies
from connectors.text.relations import find_dependencies
from connectors.text.sections import dod_section

__all__ = ["checklist", "dod_section", "field_lines", "find_dependencies", "may_have_dependencies"]
