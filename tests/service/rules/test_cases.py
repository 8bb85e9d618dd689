import pytest

from service.domain.conflict.finding import Finding
from service.rules import rules
from tests.service.rules.cases import Case, all_cases, as_told, as_wanted, cases


def id_of(case: Case) -> str:
    return f"{case.rule}: {case.name}"


@pytest.mark.parametrize("case", all_cases(), ids=id_of)
def test_a_case_finds_what_it_says(case: Case) -> None:
    found = case.findings()
    mine = sorted((one for one in found if one.rule == case.rule), key=lambda one: one.identity)
    assert len(mine) == len(case.finds), [finding.wording().title for finding in mine]
    for finding, wanted in zip(mine, case.finds, strict=True):
        assert as_told(finding, wanted) == as_wanted(wanted)
    if "instead" in case.told:
        assert [finding.rule for finding in found if finding.rule != case.rule] == case.told["instead"]


@pytest.mark.parametrize("case", [case for case in all_cases() if case.finds], ids=id_of)
def test_a_finding_speaks_whole_sentences_in_both_languages(case: Case) -> None:
    for language in ("en", "nl"):
        for finding in case._replace(told={**case.told, "language": language}).findings():
            text = finding.wording()
            sentences = (text.title, text.explanation, *text.suggestions)
            assert all(is_whole(sentence) for sentence in sentences), text
            assert text.suggestions


def is_whole(sentence: str) -> bool:
    return sentence.endswith(".") and not any(sign in sentence for sign in ("{", "}", "None", "  "))


@pytest.mark.parametrize("case", [case for case in all_cases() if case.finds], ids=id_of)
def test_a_finding_keeps_to_the_roles_its_rule_declares(case: Case) -> None:
    for finding in findings_of(case):
        assert {role.role for role in finding.roles} <= set(rules()[case.rule].roles)
        assert len({role.item for role in finding.roles}) == len(finding.roles)


def findings_of(case: Case) -> list[Finding]:
    return [finding for finding in case.findings() if finding.rule == case.rule]


@pytest.mark.parametrize("rule", rules())
def test_every_rule_has_hits_and_near_misses(rule: str) -> None:
    told = cases(rule)
    assert any(case.finds for case in told)
    assert any(not case.finds for case in told)


@pytest.mark.parametrize("rule", rules())
def test_the_cases_of_a_rule_show_all_its_severities_and_roles_and_its_dutch(rule: str) -> None:
    told = [case for case in cases(rule) if case.finds]
    assert any(case.told.get("language") == "nl" and "title" in case.finds[0] for case in told)
    found = [finding for case in told for finding in findings_of(case)]
    assert {role.role for finding in found for role in finding.roles} == set(rules()[rule].roles)
    severities = {finding.severity for finding in found}
    assert len(severities) > 1 or rule in ONE_SEVERITY


ONE_SEVERITY = {
    *("dependency-contradiction", "dependency-unresolved", "order-deadlock"),
    *("exclusive-plans", "ownership-overlap", "ownership-gap", "priority-inflation"),
}
"""Rules whose severity nothing raises."""
