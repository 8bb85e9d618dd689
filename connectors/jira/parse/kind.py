"""What kind of item an issue is: by what its type is in Jira, by the type's name where nothing else tells.

The names are those under which Jira shows its own types in the languages it ships. Seen in real answers
(recorded sites, public bug reports): Chinese, Czech, Dutch, French, Korean, Russian, Spanish. The others
are the usual translations, not seen in an answer: a name too many costs nothing, one too few is a task.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.item import Kind

_EPIC = """
    epic; epik; epos; épopée; epopée; épica; epica; épico; epico; эпик; епік; エピック; 에픽; 长篇故事;
    史诗; 史詩; 大型故事; epika; epický příběh; eepos; eepinen; episk; destan
"""
_INITIATIVE = """
    initiative; initiatief; iniciativa; iniziativa; инициатива; ініціатива; イニシアチブ; 이니셔티브;
    计划; inicjatywa; kezdeményezés; initiativ; aloite; inițiativă
"""
_STORY = """
    story; user story; feature; verhaal; gebruikersverhaal; functie; functionaliteit; anwenderstory;
    benutzerstory; funktion; récit; récit utilisateur; histoire; histoire utilisateur; fonctionnalité;
    historia; historia de usuario; función; funcionalidad; característica; história;
    história de usuário; história do usuário; história de utilizador; funcionalidade; recurso; storia;
    storia utente; racconto; funzionalità; история; пользовательская история; функция; історія;
    історія користувача; функція; ストーリー; ユーザーストーリー; 機能; 스토리; 사용자 스토리; 기능;
    故事; 用户故事; 使用者故事; 功能; historyjka; historyjka użytkownika; historia użytkownika; funkcja;
    scénář; příběh; uživatelský příběh; funkce; príbeh; používateľský príbeh; scenár; funkcia; történet;
    felhasználói történet; funkció; berättelse; användarberättelse; historie; brugerhistorie;
    brukerhistorie; fortelling; funksjon; tarina; käyttäjätarina; ominaisuus; kasutajalugu; lugu;
    funktsioon; notandasaga; poveste; poveste utilizator; funcționalitate; hikâye; hikaye;
    kullanıcı hikayesi; özellik
"""
_BUG = """
    bug; defect; fout; fehler; bogue; anomalie; défaut; error; defecto; erro; defeito; errore; difetto;
    ошибка; баг; дефект; помилка; バグ; 不具合; 버그; 결함; 缺陷; 错误; 錯誤; błąd; defekt; usterka;
    chyba; hiba; fel; bugg; feil; fejl; virhe; vika; viga; villa; eroare; hata
"""
_SUBTASK = """
    sub-task; subtask; sub task; subtaak; deeltaak; unteraufgabe; teilaufgabe; sous-tâche; subtarea;
    subtarefa; sub-tarefa; sottotask; sottoattività; sotto-attività; подзадача; підзавдання; サブタスク;
    하위 작업; 부작업; 子任务; 子任務; podzadanie; dílčí úkol; podúkol; podúloha; čiastková úloha;
    alfeladat; részfeladat; deluppgift; underuppgift; underopgave; delopgave; deloppgave; underoppgave;
    alitehtävä; alatehtävä; alamülesanne; undirverk; subsarcină; sarcină secundară; alt görev
"""


def _by_name(listed: Mapping[Kind, str]) -> dict[str, Kind]:
    return {_plain(name): kind for kind, names in listed.items() for name in names.split(";")}


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


_KINDS = _by_name(
    {"epic": _EPIC, "initiative": _INITIATIVE, "story": _STORY, "bug": _BUG, "subtask": _SUBTASK},
)


def read_kind(fields: Mapping[str, Any], epic_names: Sequence[str]) -> Kind:
    """``epic_names``: ids of the field Epic Name, which only epics have, whatever their type is called.

    Raises KeyError and its like for an issue without a type.
    """
    issue_type = fields["issuetype"]
    level = issue_type.get("hierarchyLevel")
    if issue_type.get("subtask") or level == -1:
        return "subtask"
    if level is not None and level > 1:
        return "initiative"
    if level == 1 or any(fields.get(field_id) for field_id in epic_names):
        return "epic"
    english = issue_type.get("untranslatedName")
    by_name = _KINDS.get(_plain(str(english))) if english else None
    return by_name or _KINDS.get(_plain(str(issue_type["name"])), "task")
