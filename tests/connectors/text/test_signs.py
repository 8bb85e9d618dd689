"""The words that spare a text the closer look."""

from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import load_vocabulary
from connectors.text.signs import has_any, signs

words = st.text("abc", min_size=1, max_size=3)
phrases = st.lists(st.lists(words, min_size=1, max_size=3).map(" ".join), max_size=6).map(tuple)


@given(phrases)
def test_every_phrase_holds_a_sign(found: tuple[str, ...]) -> None:
    assert all(has_any(signs(found), phrase) for phrase in found)


@given(phrases)
def test_every_sign_is_a_word_of_some_phrase(found: tuple[str, ...]) -> None:
    assert {word for phrase in found for word in phrase.split()} >= set(signs(found))


def test_names_of_a_definition_of_done_share_their_signs() -> None:
    names = load_vocabulary().dod_names
    assert len(signs(names)) < len(names) / 2
