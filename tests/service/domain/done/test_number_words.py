import pytest

from service.domain.done.number_words import NUMBER_WORDS, number_of


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("zero", 0),
        ("nul", 0),
        ("een", 1),
        ("twelve", 12),
        ("twaalf", 12),
        ("veertien", 14),
        ("twenty", 20),
        ("twenty-one", 21),
        ("twenty one", 21),
        ("twentyone", 21),
        ("eenentwintig", 21),
        ("drieendertig", 33),
        ("achtentachtig", 88),
        ("ninety-nine", 99),
        ("negenennegentig", 99),
        ("hundred", 100),
        ("one hundred", 100),
        ("honderd", 100),
    ],
)
def test_numbers_in_words_have_their_value(words: str, value: int) -> None:
    assert number_of(words) == value


@pytest.mark.parametrize("words", ["", "dozen", "twintigeen", "twenty-eleven", "20", "eleventy"])
def test_other_words_are_no_numbers(words: str) -> None:
    assert number_of(words) is None


def test_every_number_to_a_hundred_has_words_in_both_languages() -> None:
    assert set(NUMBER_WORDS.values()) == set(range(101))
    assert all(list(NUMBER_WORDS.values()).count(number) >= 2 for number in range(101))
