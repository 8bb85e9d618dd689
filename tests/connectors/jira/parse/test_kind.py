"""What kind an issue is: by what its type is first, by its name in any language else."""

from typing import Any

import pytest

from connectors.item import Kind
from connectors.jira.parse.kind import read_kind
from connectors.jira.simulator import Flavour, JiraSite, issue
from connectors.jira.simulator import fields as known
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything

NAMED: dict[Kind, str] = {
    "epic": "Epic, EPIK, épopée, Épica, Épico, Эпик, エピック, 에픽, 长篇故事, e\u0301pica",
    "story": "Story, User Story, Feature, Verhaal, Gebruikersverhaal, Historia, História, Récit, История,"
    " ストーリー, 스토리, 故事, Scénář, Storia, Fonctionnalité",
    "bug": "Bug, Defect, Fout, Fehler, Bogue, Error, Erro, Ошибка, バグ, 버그, 缺陷, Chyba, Błąd,  fout ",
    "subtask": "Sub-task, Subtask, Subtaak, Unteraufgabe, Sous-tâche, Subtarea, Subtarefa, Подзадача,"
    " サブタスク, 하위 작업, 子任务, Dílčí úkol",
    "task": "Task, Taak, Aufgabe, Tâche, Tarea, Tarefa, Задача, タスク, 작업, 任务, Úkol, Improvement, Spike",
    "initiative": "Initiative, Initiatief",
}


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for kind, names in NAMED.items() for name in names.split(",")]
)
def test_names_in_every_language(name: str, kind: Kind) -> None:
    assert read_kind({"issuetype": {"name": name}}, ()) == kind


@pytest.mark.parametrize(
    ("issue_type", "fields", "kind"),
    [
        ({"name": "Thema"}, {"epic-name": "Checkout"}, "epic"),
        ({"name": "Epik"}, {"epic-name": None}, "epic"),
        ({"name": "Verhaal"}, {"epic-name": None}, "story"),
        ({"name": "Verhaal"}, {"epic-name": "Left from when it was an epic"}, "epic"),
        ({"name": "Subtaak", "subtask": True}, {"epic-name": "Checkout"}, "subtask"),
        ({"name": "Legend", "hierarchyLevel": 2}, {"epic-name": "Checkout"}, "initiative"),
        ({"name": "Thema", "hierarchyLevel": 1}, {}, "epic"),
        ({"name": "Bug", "hierarchyLevel": 1}, {}, "epic"),
        ({"name": "Epic", "hierarchyLevel": 2}, {}, "initiative"),
        ({"name": "Onderdeel", "hierarchyLevel": -1}, {}, "subtask"),
        ({"name": "Verhaal", "hierarchyLevel": 0}, {}, "story"),
        ({"name": "Histoire à dormir", "untranslatedName": "Story", "hierarchyLevel": 0}, {}, "story"),
        ({"name": "Onbekend", "untranslatedName": "Onbekend"}, {}, "task"),
    ],
)
def test_what_a_type_is_goes_before_its_name(
    issue_type: dict[str, Any], fields: dict[str, Any], kind: Kind
) -> None:
    assert read_kind({"issuetype": issue_type, **fields}, ["epic-name"]) == kind


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("type_", ["Epik", "Verhaal", "Thema"])
async def test_an_issue_with_an_epic_name_is_an_epic(reading: Reading, flavour: Flavour, type_: str) -> None:
    named = issue("ONL-1", "Checkout", flavour, type=type_, more={known.EPIC_NAME: "Checkout"})
    plain = issue("ONL-2", "Search", flavour, type="Verhaal", parent="ONL-1")
    async with reading(JiraSite(flavour, {"ONL": "Online"}, [named, plain])) as connector:
        found = await connector.probe()
        items = {item.key: item for page in await everything(connector) for item in page.items}
    assert (items["ONL-1"].kind, items["ONL-1"].type) == ("epic", type_)
    assert (items["ONL-2"].kind, items["ONL-2"].parent is not None) == ("story", True)
    assert "epic_name" not in found.fields
