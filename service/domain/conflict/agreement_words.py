"""A step towards an agreement as one sentence in the product's language. Pure."""

from collections.abc import Mapping

from service.domain.conflict.agreement import Action
from service.domain.plan.relations import Agreement
from service.domain.plan.wording import Language, day_text


def title(action: Action, about: Agreement, names: Mapping[str, str], language: Language) -> str:
    """``names``: the keys of ``blocker`` and ``dependent``, and who is ``asked`` and the ``asker``.

    ``about`` is what the step led to, of a withdrawal what it ended.
    """
    needed = day_text(about.needed_by, language)
    day = day_text(about.date, language) if about.date else needed
    return _WORDS[language][action].format_map({**names, "needed": needed, "day": day})


_WORDS: Mapping[Language, Mapping[Action, str]] = {
    "en": {
        "request": "{asker} asks {asked} to have {blocker} by {needed} for {dependent}.",
        "commit": "{asked} commits to {asker} to have {blocker} by {day} for {dependent}.",
        "propose": "{asked} proposes to have {blocker} by {day} for {dependent}; {asker} asked for {needed}.",
        "decline": "{asked} declines the request of {asker} to have {blocker} by {needed} for {dependent}.",
        "accept": "{asker} accepts that {asked} has {blocker} by {day} for {dependent}.",
        "withdraw": "{asker} no longer asks {asked} to have {blocker} by {needed} for {dependent}.",
    },
    "nl": {
        "request": "{asker} vraagt {asked} om {blocker} uiterlijk op {needed} te hebben voor {dependent}.",
        "commit": "{asked} zegt {asker} toe {blocker} uiterlijk op {day} te hebben voor {dependent}.",
        "propose": "{asked} stelt voor {blocker} uiterlijk op {day} te hebben voor {dependent}; "
        "{asker} vroeg om {needed}.",
        "decline": "{asked} wijst de vraag van {asker} af om {blocker} uiterlijk op {needed} te hebben "
        "voor {dependent}.",
        "accept": "{asker} gaat ermee akkoord dat {asked} {blocker} uiterlijk op {day} heeft "
        "voor {dependent}.",
        "withdraw": "{asker} vraagt {asked} niet meer om {blocker} uiterlijk op {needed} te hebben "
        "voor {dependent}.",
    },
}
