"""The catalogues of the languages: whole, up to date, and without mistakes that a reader would see."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from babel.messages import Catalog

from tests.messages import DOMAINS, LANGUAGES, extracted, mo_of, of_template, path_of, po_of, renewed, stored

EACH = pytest.mark.parametrize(("language", "domain"), [(one, two) for one in LANGUAGES for two in DOMAINS])
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|%%|\{[a-z_0-9]*\}")


class Tags(HTMLParser):
    """Whether every tag that opens closes again, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.all: Counter[str] = Counter()
        self.balanced = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all[tag] += 1
        if tag not in ("br", "img", "input", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag


def tags_of(text: str) -> Tags:
    found = Tags()
    found.feed(text)
    found.close()
    return found


def forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]


def mistakes(catalogue: Catalog) -> list[str]:
    """What is wrong with its translations. Of a plural, each form may leave out what its singular leaves out."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        if message.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        wanted = [Counter(PLACEHOLDER.findall(form)) for form in forms(message.id)]
        tags = [tags_of(form).all for form in forms(message.id)]
        translated = [form for form in forms(message.string) if form]
        if translated and len(translated) != len(forms(message.string)):
            found.append(f"one form is missing: {message.id!r}")
        for form in translated:
            if Counter(PLACEHOLDER.findall(form)) not in wanted:
                found.append(f"placeholders: {form!r}")
            if not tags_of(form).balanced or tags_of(form).open or tags_of(form).all not in tags:
                found.append(f"tags: {form!r}")
            if form[:1].isspace() != forms(message.id)[0][:1].isspace():
                found.append(f"begins with another space: {form!r}")
    return found


@EACH
def test_it_has_what_the_sources_say(language: str, domain: str) -> None:
    """`make messages` brings it up to date."""
    kept = {(message.id, message.context) for message in stored(language, domain) if message.id}
    said = set(extracted(domain))
    assert not said - kept, "not in the catalogue"
    assert not kept - said, "said nowhere any more"


@EACH
def test_what_is_compiled_is_what_is_written(language: str, domain: str) -> None:
    assert path_of(language, domain, "mo").read_bytes() == mo_of(stored(language, domain))


@EACH
def test_to_renew_it_changes_nothing(language: str, domain: str) -> None:
    assert po_of(renewed(language, domain)) == path_of(language, domain).read_bytes()


@EACH
def test_every_message_is_translated(language: str, domain: str) -> None:
    """A sentence that is added comes with its translations."""
    empty = [
        message.id
        for message in stored(language, domain)
        if message.id and not all(text.strip() for text in forms(message.string))
    ]
    assert empty == []


@EACH
def test_no_translation_has_a_mistake(language: str, domain: str) -> None:
    assert mistakes(stored(language, domain)) == []


@pytest.mark.parametrize(
    ("msgid", "string"),
    [
        ("%(name)s is away", "ist weg"),
        ("{name} is away", "{nam} ist weg"),
        ("100 %% of it", "100 % davon"),
        ("a <b>word</b>", "ein <b>Wort"),
        ("a <b>word</b>", "ein Wort"),
        (("%(n)s day", "%(n)s days"), ("%(n)s Tag", "Tage")),
        (("%(n)s day", "%(n)s days"), ("%(n)s Tag", "")),
    ],
)
def test_mistakes_are_found(msgid: str | tuple[str, str], string: str | tuple[str, str]) -> None:
    catalogue = Catalog(locale="de")
    catalogue.add(msgid, string)
    assert len(mistakes(catalogue)) == 1


def test_a_good_one_has_none() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("<b>%(name)s</b> is away", "<b>%(name)s</b> ist weg")
    catalogue.add(("one day", "%(n)s days"), ("ein Tag", "%(n)s Tage"))
    assert mistakes(catalogue) == []


def test_every_way_to_say_something_in_a_template_is_found() -> None:
    source = """{% load i18n %}It's {% translate "One" %}<p title="{% translate 'Two' %}">
      {% button _("Three") icon="x" %}
      {% blocktranslate trimmed with name=person.name %}
        Four <b>{{ name }}</b> "quoted" (a) it's
      {% endblocktranslate %} 'lonely
    {% blocktranslate count n=number trimmed %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
    {% translate "Five" context "a verb" %}"""
    assert list(of_template(source)) == [
        ("One", None),
        ("Two", None),
        ("Three", None),
        ('Four <b>%(name)s</b> "quoted" (a) it\'s', None),
        (("%(n)s day", "%(n)s days"), None),
        ("Five", "a verb"),
    ]


def test_sentences_of_the_rules_are_among_them() -> None:
    said = extracted("django")
    assert ("“{item}” is critical and must be Met; it is {answer}.", None) in said
    assert (("for {count} week", "for {count} weeks"), None) in said


def test_contents_are_texts_and_no_words_of_the_rules() -> None:
    texts = {text for text, _ in extracted("content")}
    assert "Source quality proven" in texts
    assert "The {name} gate was submitted on {since} and waits for a decision." in texts
    assert not {"five-gate", "momentum", "DATA-1", "sequential", "days"} & texts
