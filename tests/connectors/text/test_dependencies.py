"""The clauses of the rulebook's "Edges", one by one."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.item import Link
from connectors.reference import TextLocation
from connectors.text import find_dependencies, may_have_dependencies
from connectors.vocabulary import Vocabulary
from tests.connectors.text.conftest import LOCATIONS, Edges

PHRASES = [
    ("blocked by", "blocked-by"),
    ("is blocked by", "blocked-by"),
    ("depends on", "blocked-by"),
    ("depend on", "blocked-by"),
    ("dependent on", "blocked-by"),
    ("needs", "blocked-by"),
    ("requires", "blocked-by"),
    ("waiting for", "blocked-by"),
    ("waits for", "blocked-by"),
    ("geblokkeerd door", "blocked-by"),
    ("afhankelijk van", "blocked-by"),
    ("is afhankelijk van", "blocked-by"),
    ("hangt af van", "blocked-by"),
    ("wacht op", "blocked-by"),
    ("wachten op", "blocked-by"),
    ("blocks", "blocks"),
    ("blokkeert", "blocks"),
    ("conflicts with", "conflicts"),
    ("excludes", "conflicts"),
    ("contradicts", "conflicts"),
    ("sluit uit", "conflicts"),
    ("onverenigbaar met", "conflicts"),
]

REFERENCES = [
    ("ONL-12", "jira:ONL-12"),
    ("#12", "github://github.com/acme/web#12"),
    ("Acme/Stores#7", "github:acme/stores#7"),
    ("https://acme.atlassian.net/browse/ONL-12", "jira://acme.atlassian.net/ONL-12"),
    ("https://intranet.example/Jira/browse/onl-12/", "jira://intranet.example/jira/ONL-12"),
    ("https://acme.atlassian.net/browse/ONL-12?focusedCommentId=5#c", "jira://acme.atlassian.net/ONL-12"),
    (
        "https://acme.atlassian.net/jira/software/c/projects/ONL/issues/ONL-12",
        "jira://acme.atlassian.net/ONL-12",
    ),
    (
        "https://dc.example/jira/secure/RapidBoard.jspa?rapidView=1&selectedIssue=ONL-3",
        "jira://dc.example/jira/ONL-3",
    ),
    (
        "https://kim@ghe.example:8443/Acme/Till/issues/5#issuecomment-1",
        "github://ghe.example:8443/acme/till#5",
    ),
    ("<https://github.com/acme/till/issues/5>", "github://github.com/acme/till#5"),
    ("[till](https://github.com/acme/till/issues/5)", "github://github.com/acme/till#5"),
    ("[ONL-12](https://wiki.example/vouchers)", "jira:ONL-12"),
    ("[ONL-12|https://acme.atlassian.net/browse/ONL-12|smart-link]", "jira://acme.atlassian.net/ONL-12"),
    ("[ONL-12]", "jira:ONL-12"),
    ("**ONL-12**", "jira:ONL-12"),
]

SILENT = [
    "`{}`",
    "`` {} ``",
    "```\n{}\n```",
    "~~~\n{}\n~~~",
    "```\n{}",
    "- x\n  ```\n  {}\n  ```",
    "<pre>{}</pre>",
    "<code>{}</code>",
    "> {}",
    "> > {}",
    "- > {}",
    "<blockquote>\n{}\n</blockquote>",
    "~~{}~~",
    "<del>{}</del>",
    "<s>{}</s>",
    "<!-- {} -->",
    "<!--\n{}\n-->",
    "<!--\n{}",
    'They say "{}".',
]
SILENT_IN_JIRA = [
    "{{code}}{}{{code}}",
    "{{code:sql|title=x}}\n{}\n{{code}}",
    "{{noformat}}\n{}\n{{noformat}}",
    "{{{{{}}}}}",
    "{{quote}}\n{}\n{{quote}}",
    "bq. {}",
    "-{}-",
    "* -{}-",
]

NEGATED = [
    "Not {}",
    "This is not {}",
    "This isn't {}",
    "This isn’t really {}",
    "It is no longer {}",
    "It was {}",
    "They were {}",
    "It was never {}",
    "Dit is niet {}",
    "Niet meer {}",
    "Dit werd {}",
    "Geen kassa is {}",
    "Nooit {}",
    "It is **not** {}",
    "This is not\n{}",
    "It was until May {}",
]


@pytest.mark.parametrize(("phrase", "relation"), PHRASES)
@pytest.mark.parametrize(
    "shape", ["{} ONL-12", "This {} ONL-12.", "**{}:** ONL-12", "{}:\n- ONL-12", "| {} | ONL-12 |"]
)
def test_every_phrase_counts_however_it_is_set(edges: Edges, phrase: str, relation: str, shape: str) -> None:
    for words in (phrase, phrase.capitalize(), phrase.upper()):
        assert edges(shape.format(words)) == [f"{relation} jira:ONL-12"]


@pytest.mark.parametrize(("written", "ref"), REFERENCES)
@pytest.mark.parametrize("shape", ["Blocked by {}.", "Blocked by\n\n* [x] {} and more", "|Blocked by|{}|"])
def test_every_form_of_reference_becomes_canonical(edges: Edges, written: str, ref: str, shape: str) -> None:
    assert edges(shape.format(written), "github") == [f"blocked-by {ref}"]


def test_a_bare_number_means_something_in_github_only(edges: Edges) -> None:
    assert edges("Blocked by #12", "github") == ["blocked-by github://github.com/acme/web#12"]
    assert edges("Blocked by #12", "jira") == []


def test_a_number_belongs_to_the_repository_of_the_text(vocabulary: Vocabulary) -> None:
    location = TextLocation("ghe.example:8443", "github", "acme/till")
    (found,) = find_dependencies("Blocked by #3", vocabulary, location)
    assert found == Link("blocked-by", "github://ghe.example:8443/acme/till#3", "text", "Blocked by")


def test_words_are_the_phrase_as_written(vocabulary: Vocabulary) -> None:
    found = find_dependencies("WACHT  op ONL-1. Heeft ONL-2 nodig.", vocabulary, LOCATIONS["jira"])
    assert [one.words for one in found] == ["WACHT op", "heeft … nodig"]


@pytest.mark.parametrize("joiner", [",", ", ", " and ", " en ", " & ", ", and ", ",\n", " AND ", " en van "])
def test_references_are_joined(edges: Edges, joiner: str) -> None:
    assert edges(f"Blocked by ONL-1{joiner}ONL-2 for now") == [
        "blocked-by jira:ONL-1",
        "blocked-by jira:ONL-2",
    ]


@pytest.mark.parametrize("other", ["; ", ". ", " or ", " see ", " (or ", " - ", " ", "\n", "\n\n", "\n* "])
def test_what_is_not_joined_does_not_count(edges: Edges, other: str) -> None:
    assert edges(f"Blocked by ONL-1{other}ONL-2 for now") == ["blocked-by jira:ONL-1"]


@pytest.mark.parametrize(
    "between", ["the", "issue", "team Stores:", "(see)", "→ their", "`x`", "by", "none\n-"]
)
def test_other_words_between_phrase_and_reference_spoil_it(edges: Edges, between: str) -> None:
    assert edges(f"Blocked by {between} ONL-1") == []


@pytest.mark.parametrize("shape", SILENT)
@pytest.mark.parametrize("at", ["jira", "github"])
def test_code_quotes_struck_text_and_comments_are_silent(edges: Edges, shape: str, at: str) -> None:
    assert edges(shape.format("blocked by ONL-1"), at) == []
    assert edges("Blocks ONL-2\n\n" + shape.format("blocked by ONL-1"), at) == ["blocks jira:ONL-2"]


@pytest.mark.parametrize("shape", SILENT_IN_JIRA)
def test_wiki_markup_is_silent_in_jira(edges: Edges, shape: str) -> None:
    assert edges(shape.format("blocked by ONL-1") + "\nblocks ONL-2") == ["blocks jira:ONL-2"]


def test_indented_code_is_silent_but_an_indented_list_is_not(edges: Edges) -> None:
    assert edges("Say:\n\n    blocked by #1\n", "github") == []
    assert edges("- item\n\n    blocked by ONL-1\n", "github") == ["blocked-by jira:ONL-1"]


@pytest.mark.parametrize("shape", NEGATED)
def test_a_negated_or_past_phrase_does_not_count(edges: Edges, shape: str) -> None:
    assert edges(shape.format("blocked by ONL-1")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Not ready. {}",
        "Not ready, {}",
        "It was late and is {}",
        "Not only {}",
        "Was it late? {}",
        "No date\n{}",
        "| not | {} |",
        "- was\n- {}",
    ],
)
def test_a_negation_of_something_else_does_not_spoil_it(edges: Edges, text: str) -> None:
    assert edges(text.format("Blocked by ONL-1")) == ["blocked-by jira:ONL-1"]


@pytest.mark.parametrize("after", ["niet", "niet meer", "nooit", "no longer"])
def test_a_negation_behind_the_references_counts(edges: Edges, after: str) -> None:
    assert edges(f"Blokkeert ONL-1 en ONL-2 {after}.") == []


@pytest.mark.parametrize("text", ["kneeds ONL-1", "unblocks ONL-1", "needs-info ONL-1", "roadblocks ONL-1"])
def test_a_phrase_is_a_word_of_its_own(edges: Edges, text: str) -> None:
    assert edges(text) == []


@pytest.mark.parametrize("written", ["ONL-", "ONL-1x", "ONL-0", "O-1", "#0", "#1a", "a/b/c#1", "#", "12"])
def test_what_only_resembles_a_reference_is_none(edges: Edges, written: str) -> None:
    assert edges(f"Blocked by {written}.", "github") == []


def test_a_pull_request_is_nothing_and_hides_nothing(edges: Edges) -> None:
    assert edges("Blocked by https://github.com/acme/web/pull/3 and #4", "github") == [
        "blocked-by github://github.com/acme/web#4"
    ]


def test_the_list_ends_where_the_next_one_begins(edges: Edges) -> None:
    text = "Blocked by:\n- ONL-1\n  - ONL-9 inside\n- ONL-2\nBlocks:\n- ONL-3\n\nOther\n- ONL-4"
    assert edges(text) == ["blocked-by jira:ONL-1", "blocked-by jira:ONL-2", "blocks jira:ONL-3"]


def test_an_entry_has_the_list_inside_it_not_its_neighbours(edges: Edges) -> None:
    assert edges("- Blocked by:\n  - ONL-1\n- ONL-2") == ["blocked-by jira:ONL-1"]
    assert edges("* Blocked by:\n** ONL-1\n* ONL-2") == ["blocked-by jira:ONL-1"]
    assert edges("- Blocked by:\n- ONL-1") == []


def test_each_edge_is_told_once(edges: Edges) -> None:
    assert edges("Blocked by ONL-1. Needs ONL-1. Blocks ONL-1.") == [
        "blocked-by jira:ONL-1",
        "blocks jira:ONL-1",
    ]


def test_a_vocabulary_without_words_finds_nothing(vocabulary: Vocabulary) -> None:
    empty = dataclasses.replace(
        vocabulary, phrases_blocked_by=(), phrases_blocks=(), phrases_conflicts=(), negations=(), joiners=()
    )
    assert not may_have_dependencies("Blocked by ONL-1", empty)
    assert find_dependencies("Blocked by ONL-1", empty, LOCATIONS["jira"]) == ()


def test_letters_that_fold_to_ascii_do_no_harm(edges: Edges) -> None:
    assert edges("waİting for ONL-1, requıres ONL-2") == []


PIECES = st.sampled_from(
    [
        "blocked by",
        "needs:",
        "niet",
        "was",
        "ONL-1",
        "#2",
        "acme/web#3",
        "https://github.com/acme/web/issues/4",
        "`",
        "```",
        "~~",
        "<!--",
        "-->",
        "{code}",
        "{quote}",
        "{{",
        "}}",
        "[",
        "](",
        ")",
        "|",
        "||",
        ">",
        "-",
        "*",
        "# ",
        "h2. ",
        "\n",
        "\n\n",
        "  ",
        "\t",
        ",",
        "and",
        ":",
        "(/)",
        "- [x] ",
        "\u200b",
        "\u202e",
        "é",
        "😀",
        "\x00",
        "\ud800",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES).map("".join)
)


@given(text=TEXTS, at=st.sampled_from(sorted(LOCATIONS)))
def test_any_text_is_read_without_a_crash(vocabulary: Vocabulary, text: str, at: str) -> None:
    found = find_dependencies(text, vocabulary, LOCATIONS[at])
    assert len({(one.subject, one.relation, one.ref) for one in found}) == len(found)
    assert not found or may_have_dependencies(text, vocabulary)
    assert all(one.ref.startswith(("jira:", "github:")) for one in found)


PROSE = st.lists(
    st.sampled_from(
        ["The till is slow.", "See ONL-7.", "Kim knows more.", "- a list", "h2. Notes", "Was it late?"]
    )
)


@given(before=PROSE, after=PROSE, key=st.integers(1, 9999), phrase=st.sampled_from(PHRASES))
def test_a_removed_sentence_removes_its_edge(
    edges: Edges, before: list[str], after: list[str], key: int, phrase: tuple[str, str]
) -> None:
    words, relation = phrase
    sentence = f"This {words} STO-{key}."
    assert edges("\n\n".join([*before, sentence, *after])) == [f"{relation} jira:STO-{key}"]
    assert edges("\n\n".join([*before, *after])) == []


@given(inside=st.lists(PIECES.filter(lambda one: "`" not in one and "\n" not in one)).map(" ".join))
def test_nothing_in_code_ever_counts(edges: Edges, inside: str) -> None:
    assert edges(f"```\nblocked by #1 {inside}\n```", "github") == []
    assert edges(f"a `blocked by #1 {inside}` b", "github") == []
