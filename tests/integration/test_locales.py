"""Days and numbers by the reader's language; what programs and drawings read stays as it is in every language."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from readiness.accounts.models import User
from readiness.portfolio.charts import money
from readiness.ui.levels import exact
from readiness.ui.local import long_day, month, short_day
from readiness.ui.markup import figure, signed
from readiness.ui.plots import date_ticks
from readiness.workbench.promises.forms import decimal, typed

DAY = date(2026, 11, 20)
SPOKEN = {"placeholder", "aria-label", "title", "aria-describedby", "id", "aria-labelledby"}


def template(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "short", "long", "named_month"),
    [
        ("en", "20 Nov 2026", "20 November 2026", "November 2026"),
        ("de", "20. Nov. 2026", "20. November 2026", "November 2026"),
    ],
)
def test_days(language: str, short: str, long: str, named_month: str) -> None:
    with translation.override(language):
        assert (short_day(DAY), long_day(DAY), month(DAY)) == (short, long, named_month)
        assert template("{% when day %}", day=DAY) == f'<time datetime="2026-11-20">{short}</time>'
        at = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
        assert f">{short}, 14:05<" in template("{% when at time=True %}", at=at)


def test_marks_of_an_axis() -> None:
    with translation.override("de"):
        assert date_ticks(date(2026, 3, 1), date(2026, 3, 2))[0][1] == "1. März"
        assert date_ticks(date(2026, 1, 1), date(2026, 12, 1))[0][1] == "Jan. 2026"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["84,000.5", "2,133", "−1.5", "3,418,000 EUR", "1,250.1234"]),
        ("de", ["84.000,5", "2.133", "−1,5", "3.418.000 EUR", "1.250,1234"]),
    ],
)
def test_numbers(language: str, words: list[str]) -> None:
    with translation.override(language):
        written = [
            figure(84000.5),
            figure(2133),
            signed(-1.5),
            money(Decimal(3418000), "EUR"),
            exact(1250.1234),
        ]
        assert written == words


@pytest.mark.parametrize(
    ("language", "given", "understood"),
    [
        ("en", "12.5", "12.5"),
        ("en", "12,5", "12.5"),
        ("en", "12,500", "12,500"),  # could be either: the rules refuse it
        ("de", "12,5", "12.5"),
        ("de", "12,500", "12.500"),
        ("de", "84.000,5", "84000.5"),
        ("de", "1.250", "1250"),
        ("de", "12.5", "12.5"),
        ("de", "0.125", "0.125"),
        ("de", "", None),
    ],
)
def test_decimals_as_they_are_typed(language: str, given: str, understood: str | None) -> None:
    with translation.override(language):
        assert decimal(given) == understood


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("value", ["0.125", "12.5", "1250", "84000.5", "1234.567", "-0.5"])
def test_what_a_form_shows_it_understands(language: str, value: str) -> None:
    with translation.override(language):
        assert Decimal(decimal(typed(Decimal(value))) or "") == Decimal(value)


class Drawn(HTMLParser):
    """What programs read of a page: attributes of drawings, values of inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str | None]] = []
        self.svg = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.svg = self.svg or tag == "svg"
        wanted = [(name, value) for name, value in attrs if name not in SPOKEN]
        if self.svg or tag in ("time", "progress", "meter"):
            self.found += [(tag, name, value) for name, value in wanted]
        elif tag == "input":
            self.found += [
                (tag, name, value) for name, value in wanted if dict(attrs).get("type") != "submit"
            ]

    def handle_endtag(self, tag: str) -> None:
        self.svg = self.svg and tag != "svg"


def drawn(client: Client, path: str, language: str) -> list[tuple[str, str, str | None]]:
    text = client.get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    parser = Drawn()
    parser.feed(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text))
    return parser.found


def test_drawings_and_inputs_are_the_same_in_every_language(lena: User) -> None:
    client = Client()
    client.force_login(lena)
    english = drawn(client, "/ui/gallery/", "en")
    assert len(english) > 500
    different = [
        pair for pair in zip(english, drawn(client, "/ui/gallery/", "de"), strict=True) if pair[0] != pair[1]
    ]
    assert not different
