import pytest

from service.rules.support.titles import are_alike

ALIKE = [
    ("Pay in the shop", "Pay in the shop"),
    ("Pay in the shop", "CLONE - Pay in the shop"),
    ("Pay in the shop", "CLONE - CLONE - pay in the shop!"),
    ("Pay in the shop", "Clone 2: Pay in the shop"),
    ("Pay in the shop", "[CLONE] Pay in the shop"),
    ("Pay in the shop", "(clone) Pay in the shop"),
    ("Pay in the shop", "Copy of Pay in the shop"),
    ("Pay in the shop", "Copy (2) of Pay in the shop"),
    ("Betalen in de winkel", "Kopie van Betalen in de winkel"),
    ("Betalen in de winkel", "Betalen in de winkel (kopie)"),
    ("Betalen in de winkel", "CLONE betalen in de winkel"),
    ("Pay in the shop", "Pay in the shop - copy"),
    ("Café-crème: één kop", "cafe creme een KOP"),
    ("Pay in the shop", "Pay in the new shop"),
    ("one two three four", "one two three five"),  # 3 of 5 words
    ("Clone", "Clone"),
    ("???", "???"),
]
OTHER_WORK = [
    ("one two three four", "one two five"),  # 2 of 5 words
    ("Onboarding checklist for Kim", "Onboarding checklist for Robin and Sam"),
    ("Ti.Admob: ad not received", "Android: Ti.Admob - Ad not received on 6.0.2.GA with latest Admob 3.0.1"),
    ("Release 7 of the app", "Checklist for stock counting"),
    ("CLONE - Pay in the shop", "CLONE - Count the stock"),
    ("Copy of the invoice", "Copy of the contract"),
    ("Pay in the shop", ""),
    ("Pay in the shop", "CLONE -"),
    ("???", "!!!"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_titles_with_most_words_in_common_are_alike(one: str, other: str) -> None:
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER_WORK)
def test_titles_with_few_words_in_common_are_other_work(one: str, other: str) -> None:
    assert not are_alike(one, other)
    assert not are_alike(other, one)
