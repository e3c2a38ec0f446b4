"""What is wrong with a file is said in the reader's language; what is stored and logged stays English."""

import pytest
from django.utils import translation

from checklists.documents import DocumentRefused
from checklists.frameworks import parse_framework
from checklists.said import restored, stored_parts
from readiness.importing import mapping_file
from readiness.ui.saying import say
from tests.unit.importing.building import HEADER, MAPPING
from tests.unit.small_framework import changed
from tests.unit.test_framework_mistakes import WRONG

MAPPINGS = [
    ("Idea: intake", "Idea: intaek", "muss eines von intake, poc"),
    ("poc: 30", "poc: 30 days", "muss eine ganze Zahl sein"),
    ("as_of: '2026-06-30'", "as_of: '2026-06-31'", "einen Tag 2026-06-31 gibt es nicht"),
    ("column: Name", "column: Nam", "die Datei hat keine Spalte 'Nam'; meinten Sie 'Name'?"),
]


def german(sentence: str) -> str:
    with translation.override("de"):
        return str(say(sentence))


@pytest.mark.parametrize(("right", "wrong", "_reason"), WRONG.values(), ids=WRONG)
def test_each_mistake_of_a_framework_has_german_words(right: str, wrong: str, _reason: str) -> None:
    text, _line = changed(right, wrong)
    with pytest.raises(DocumentRefused) as refused:
        parse_framework(text.encode(errors="surrogatepass"), "small.yaml")
    for mistake in refused.value.mistakes:
        assert german(mistake.reason) != str(mistake.reason), "it is said, and has a translation"
    told, first = german(refused.value.sentence), refused.value.mistakes[0]
    assert told.startswith(f"small.yaml, Zeile {first.line}: ")
    assert str(refused.value).startswith(f"small.yaml, line {first.line}: ")
    assert german(restored(str(refused.value), stored_parts(refused.value.sentence))) == told


@pytest.mark.parametrize(("right", "wrong", "words"), MAPPINGS)
def test_so_have_those_of_a_mapping(right: str, wrong: str, words: str) -> None:
    assert right in MAPPING
    with pytest.raises(DocumentRefused) as refused:
        mapping_file.parse(MAPPING.replace(right, wrong).encode(), "acme.yaml", HEADER)
    assert words in german(refused.value.sentence)


def test_a_text_of_somebody_with_braces_stays_as_it_is() -> None:
    text, _line = changed("slug: small", "slug: '{key} {0} %s'")
    with pytest.raises(DocumentRefused) as refused:
        parse_framework(text.encode(), "{source}.yaml")
    assert "{key} {0} %s" in german(refused.value.sentence)
    assert german(refused.value.sentence).startswith("{source}.yaml, Zeile ")
