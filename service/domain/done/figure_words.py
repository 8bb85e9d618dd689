"""The words and signs around a figure, in English and Dutch, as parts of regular expressions. Folded."""

AT_MOST = (
    r"≤|<=|=<|<|(?:less|fewer|lower|smaller) than or equal to|kleiner dan of gelijk aan|no more than"
    r"|not more than|no longer than|no higher than|not exceed(?:ing)?|niet meer dan|niet hoger dan"
    r"|niet langer dan|at most|up to|less than|fewer than|lower than|faster than|minder dan|lager dan"
    r"|kleiner dan|korter dan|sneller dan|hoogstens|hooguit|ten hoogste|(?:a |een )?maximum (?:of|van)"
    r"|maximum|maximaal|max\.?|under|below|within|binnen|onder|tot"
)
AT_LEAST = (
    r"≥|>=|=>|>|(?:more|greater|higher) than or equal to|groter dan of gelijk aan|no less than|no fewer than"
    r"|not less than|not fewer than|niet minder dan|niet lager dan|at least|more than|greater than"
    r"|higher than|meer dan|groter dan|hoger dan|(?:a |een )?minimum (?:of|van)|minimum|minimaal"
    r"|minimal|minstens|ten minste|tenminste|op zijn minst|min\.?|exceeds?|above|over|boven"
)
AFTER_MOST = (
    r"or less|or fewer|or lower|or faster|of minder|of lager|of sneller|at most|hooguit|hoogstens|maximum"
    r"|maximaal|max"
)
AFTER_LEAST = (
    r"\+|or more|or higher|or above|or better|and above|of meer|of hoger|of beter|en hoger|at least|minimum"
    r"|minimaal|minimal|min"
)
UNITS = {
    "%": r"%|per\s?cent|procent|pct",
    "ms": r"ms|msec|milliseconds?|milliseconden?",
    "s": r"s|secs?|seconds?|seconden?",
    "min": r"min|mins|minutes?|minuut|minuten",
    "h": r"h|hrs?|hours?|u|uur|uren",
    "d": r"days?|dag|dagen",
    "w": r"weeks?|week|weken",
}
PEOPLE = (
    r"reviewers?|reviews?|approvals?|approvers?|developers?|colleagues?|people|persons?|peers?|engineers?"
    r"|team members?|ontwikkelaars?|collega|personen|mensen|goedkeuringen|teamleden"
)
_NO_THINGS = (
    r"(?:eyes|ogen|is|was|has|as|this|passes|less|always|across|works|runs|needs|zijn|worden|hebben|moeten"
    r"|kunnen|en|een|of|or|and|the|de|het|a|an|in|on|op|for|voor|to|by|door|with|met|are|per)\b"
)
THINGS = rf"(?:(?!{_NO_THINGS})[a-z][a-z-]*\s+){{0,2}}(?!{_NO_THINGS})[a-z-]{{2,}}(?:s|en|keer|maal)\b"
"""What may be counted: a noun in the plural, with up to two words before it."""

NAMES = (
    r"version|versie|release|v|level|niveau|tier|phase|fase|priority|prioriteit|prio|severity|sev|sprint|step"
    r"|stap|section|sectie|chapter|hoofdstuk|article|artikel|top|week|iso|nen|wcag|owasp|soc|pci|tls|ssl|http"
    r"|ipv|es|java|jdk|jre|python|node|nodejs|npm|php|ruby|rails|golang|rust|net|dotnet|angular|react|vue"
    r"|typescript|kotlin|swift|ios|ipados|iphone|ipad|android|macos|windows|chrome|firefox|safari|edge|ie"
    r"|postgres|postgresql|mysql|oracle|spring|boot|django|openapi|oauth"
)
"""What a number behind it belongs to: it is its version, its level or its name."""

_MONTHS = (
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mrt|maart|mei|okt|january|february|march|april|june"
    r"|july|august|september|october|november|december|januari|februari|juni|juli|augustus|oktober"
)
NO_FIGURES = (
    r"[0-9]{4}-[0-9]{1,2}(?:-[0-9]{1,2})?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{1,2}:[0-9]{2}"
    r"|v[0-9][0-9.]*|[0-9]+(?:\.[0-9]+){2,}(?<!\.[0-9]{3})|[a-z][a-z0-9_]*-[0-9]+|#[0-9]+"
    rf"|[0-9]{{1,2}}\.?\s+(?:{_MONTHS})(?!\w)\.?(?:\s+[0-9]{{4}})?|(?:{_MONTHS})\s+[0-9]{{1,4}}"
)
"""Dates, times, versions, issue keys."""
