"""The whole text from hand-made findings: it is a product file, and says what was found."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.product import Product, load_product
from connectors.contract import Capabilities, Page
from connectors.item import DodLine, TrackerItem
from service.cli.drafting.chosen.chosen_source import ChosenSource
from service.cli.drafting.chosen.source_names import keyed, plain_name
from service.cli.drafting.written.mapping_text import field_names
from service.cli.drafting.written.product_text import About, SurveyedSource, product_text
from service.cli.drafting.written.survey import Survey, sampled

ABOUT = About("Webshop", "Europe/Amsterdam", "en")
TODAY = date(2028, 2, 29)
MOMENT = datetime(2028, 1, 1, tzinfo=UTC)
VALUES = dict.fromkeys(("JIRA_EMAIL", "JIRA_TOKEN", "GH_TOKEN"), "very-secret")
JIRA = ChosenSource(
    "jira",
    "https://acme.atlassian.net",
    {"project": "ONL"},
    {"email": "JIRA_EMAIL", "token": "JIRA_TOKEN"},
)
GITHUB = ChosenSource(
    "github",
    "https://api.github.com",
    {"repository": "acme/stores", "project": "acme/12"},
    {"token": "GH_TOKEN"},
)
CAPABILITIES = Capabilities(
    account="attune",
    site="acme.atlassian.net",
    fields={
        "due": "Target end (customfield_1), Due date (duedate)",
        "sprint": "Sprint (customfield_2)",
        "definition_of_done": "Definition of Done (customfield_3)",
    },
    missing=["start dates"],
    notes=["Jira Cloud 1001"],
)


def item(number: int, **more: Any) -> TrackerItem:
    usual = TrackerItem(
        native_id=str(number),
        identity=f"jira://acme.atlassian.net/id/{number}",
        name=f"jira://acme.atlassian.net/ONL-{number}",
        key=f"ONL-{number}",
        url=f"https://acme.atlassian.net/browse/ONL-{number}",
        title="A basket",
        kind="story",
        type="Story",
        state="todo",
        status="To Do",
        created=MOMENT,
        updated=MOMENT,
    )
    return replace(usual, **more)


def found(*items: TrackerItem, **more: Any) -> Survey:
    return Survey(CAPABILITIES, sampled([Page(items, {}, **more)]))


def drafted(*looks: tuple[ChosenSource, Survey]) -> str:
    wanted = [one for one, _ in looks]
    names = [seen.name or plain_name(one) for one, seen in looks]
    return product_text(
        ABOUT,
        [SurveyedSource(key, seen) for key, (_, seen) in zip(keyed(wanted, names), looks, strict=True)],
        TODAY,
    )


def loaded(text: str, folder: Path) -> Product:
    path = folder / "product.yaml"
    path.write_text(text, encoding="utf-8")
    return load_product(path, VALUES)


def test_each_source_becomes_a_team_and_the_file_is_one_that_attune_takes(tmp_path: Path) -> None:
    product = loaded(drafted((JIRA, found(item(1))), (GITHUB, Survey())), tmp_path)
    assert [team.key for team in product.teams] == ["onl", "stores"]
    assert [(one.key, one.team) for one in product.sources] == [
        ("onl-jira", "onl"),
        ("stores-github", "stores"),
    ]
    assert product.product.timezone == "Europe/Amsterdam"
    assert product.sources[0].mapping.priority == {}


def test_the_file_names_variables_and_holds_no_credential() -> None:
    text = drafted((JIRA, found(item(1))), (GITHUB, Survey()))
    assert 'auth: {email: "${JIRA_EMAIL}", token: "${JIRA_TOKEN}"}' in text
    assert "# JIRA_EMAIL, JIRA_TOKEN, GH_TOKEN." in text


def test_priorities_and_statuses_in_use_are_there_with_what_they_are_taken_for() -> None:
    items = [
        item(1, priority_name="Blocker", priority=1),
        item(2, priority_name="P-High"),
        item(3, priority_name="P-High", status="Ready"),
        item(4, status="Won't come", state="dropped"),
    ]
    text = drafted((JIRA, found(*items, unmapped={"state": ["Ready"]})))
    assert "#     P-High:                      # 2 items; not understood: fill in 1 (highest) to 5" in text
    assert "#     Blocker: 1                   # 1 item" in text
    assert (
        "#     Ready:                       # 1 item; not understood: fill in todo, doing, done or dropped"
        in text
    )
    assert "#     To Do: todo                  # 2 items" in text
    assert "# NOT UNDERSTOOD, fill in: P-High, Ready" in text
    assert "# Won't come: more than the word tells what it means" in text
    assert text.index("P-High:") < text.index("Blocker: 1")


def test_the_mapping_counts_once_it_is_uncommented(tmp_path: Path) -> None:
    text = drafted((JIRA, found(item(1, priority_name="Blocker", priority=1), item(2))))
    lines = text.splitlines()
    first = lines.index("    # mapping:")
    last = next(place for place, line in enumerate(lines) if place > first and not line.startswith("    #"))
    lines[first:last] = [line.replace("    # ", "    ", 1) for line in lines[first:last]]
    mapping = loaded("\n".join(lines), tmp_path).sources[0].mapping
    assert mapping.priority == {"Blocker": 1}
    assert mapping.state == {"To Do": "todo"}
    assert mapping.fields.due == "Target end"
    assert mapping.fields.definition_of_done == ("Definition of Done",)


def test_what_is_proposed_for_the_product_counts_once_it_is_uncommented(tmp_path: Path) -> None:
    shared = {"labels": ("promo", "bug", "area: till"), "components": ("till",)}
    lines = (DodLine("Code reviewed", True), DodLine("Coverage at least 80%", False))
    text = drafted((JIRA, found(item(1, dod=lines, **shared))), (GITHUB, found(item(2, dod=lines, **shared))))
    head, _, rest = text.partition("\n# Shared outcomes")
    uncommented = [line.removeprefix("# ") for line in rest.splitlines()[1:] if not line[2:3].isupper()]
    product = loaded(head + "\n" + "\n".join(uncommented), tmp_path)
    assert [(goal.key, goal.select.labels) for goal in product.goals] == [("promo", ("promo",))]
    assert [part.component for part in product.shared] == ["till"]
    assert [line.text for line in product.definition_of_done] == ["Code reviewed", "Coverage at least 80%"]
    assert [step.decider for step in product.escalation] == ["chief_po"]


def test_a_source_that_could_not_be_read_is_written_and_says_why(tmp_path: Path) -> None:
    text = drafted(
        (JIRA, Survey(error="Authentication failed: acme.atlassian.net answers 401 Unauthorized."))
    )
    assert "# NOT READ by attune init: Authentication failed: acme.atlassian.net answers 401" in text
    assert len(loaded(text, tmp_path).sources) == 1


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (found(item(1)), "in Definition of Done (customfield_3)."),
        (found(item(1, dod=(DodLine("Reviewed", True),)), item(2)), "1 of 2 items carry one."),
        (found(item(1), definition_of_done=["a", "b"]), "2 lines in a document of the repository."),
        (Survey(replace(CAPABILITIES, fields={})), "none found."),
    ],
)
def test_where_a_definition_of_done_is_is_told(seen: Survey, words: str) -> None:
    told = " ".join(line.strip().removeprefix("#").strip() for line in drafted((JIRA, seen)).splitlines())
    assert words in told


def test_a_team_without_any_definition_of_done_is_asked_to_write_it() -> None:
    asked = '# definition_of_done: ["Code reviewed"]'
    assert asked in drafted((JIRA, found(item(1))))
    assert asked not in drafted((JIRA, found(item(1, dod=(DodLine("Reviewed", True),)))))


@pytest.mark.parametrize("how", ["issue-type", "label", "milestone", "sub-issues"])
def test_how_a_repository_marks_its_epics_is_shown_as_the_setting_it_would_be(how: str) -> None:
    capabilities = replace(CAPABILITIES, notes=[f"acme/stores: epics by {how}"])
    assert f"# epics: {how} " in drafted((GITHUB, Survey(capabilities)))


def test_a_sample_says_that_it_is_one() -> None:
    assert "# Found in the first 1 of about 5000 items: 1 story." in drafted(
        (JIRA, found(item(1), total=5000))
    )


def test_an_item_that_two_pages_bring_counts_once() -> None:
    seen = sampled([Page([item(1), item(2)], {}), Page([item(2)], {})])
    assert (seen.items, seen.kinds) == (2, {"story": 2})


@pytest.mark.parametrize(
    ("described", "names"),
    [
        ("Target end (customfield_1), Due date (duedate)", ["Target end", "Due date"]),
        ("Points (new), rough (customfield_1)", ["Points", "rough"]),
        ("Start date (Project)", ["Start date"]),
        ("", []),
    ],
)
def test_names_are_read_from_what_a_connector_says_of_its_fields(described: str, names: list[str]) -> None:
    assert field_names(described) == names


HOSTILE = st.text(min_size=1) | st.sampled_from(
    ["a: b\nteams: []", "${HOME}", "'\"", "# x", "\u2028- y", "\t# z"]
)


@settings(deadline=None)
@given(word=HOSTILE, tracker=st.sampled_from([JIRA, GITHUB]))
def test_whatever_words_a_tracker_uses_the_file_stays_whole(
    tmp_path_factory: pytest.TempPathFactory, word: str, tracker: ChosenSource
) -> None:
    one = item(
        1, status=word, priority_name=word, labels=(word,), components=(word,), dod=(DodLine(word, True),)
    )
    capabilities = replace(
        CAPABILITIES, fields={"due": f"{word} (customfield_1)"}, notes=[word], missing=[word]
    )
    seen = Survey(capabilities, sampled([Page([one], {})]), error=word, name=word)
    product = loaded(
        drafted((tracker, seen), (tracker, seen))
        .replace("acme/stores", "acme/other", 1)
        .replace("project: ONL", "project: STO", 1),
        tmp_path_factory.mktemp("drafted"),
    )
    assert len(product.sources) == len(product.teams) == 2
    assert product.goals == ()
    assert product.sources[0].mapping.fields.due is None
