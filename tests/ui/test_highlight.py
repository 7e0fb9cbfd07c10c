import pytest

from ui.highlight import marks, sought


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("the annual report", {"annual", "report"}),
        ('text:invoice type:pdf "net income"', {"invoice", "net", "income"}),
        ("said:Café", {"cafe"}),
        ("like:@a.jpg", set()),
        ("broken (", set()),
    ],
)
def test_only_words_for_texts_are_sought(query: str, words: set[str]) -> None:
    assert sought(query) == words


def test_words_and_their_longer_forms_are_marked() -> None:
    text = "The Report reports on cafés; ale, stale."
    found = [text[start : start + length] for start, length in marks(text, {"report", "cafe", "ale"})]
    assert found == ["Report", "reports", "cafés", "ale"]
    assert marks(text, ()) == []


def test_words_without_spaces_between_them_are_found_inside() -> None:
    assert marks("我喜欢东京塔", {"东京"}) != []
