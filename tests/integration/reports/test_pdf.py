"""The board report as a PDF, read back: it opens, can be searched and read out, and tells what the page tells."""

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.conf import settings

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.initiatives import edit_initiative
from readiness.actions.starting import choose_starting
from readiness.audit.recording import Actor
from readiness.clock import now
from readiness.portfolio.questions import holds_to_review
from tests.fixtures import create, today
from tests.integration.portfolio.test_page import listed, portfolio, tiles
from tests.integration.reports.making import file_of, made, taken
from tests.integration.workbench.initiatives.scenes import EMOJI, RTL, SCRIPT, held, many, overrun
from tests.own_frameworks import own_text, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("able_to_make_pdfs")]


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(pdf: pypdf.PdfReader) -> str:
    """What can be marked and copied, piece by piece, white space collapsed."""
    pieces: list[str] = []
    for page in pdf.pages:
        page.extract_text(visitor_text=lambda text, *_: pieces.append(text))
    # Where a font takes codes of one and of two bytes, the reader leaves the first byte of two beside its letter.
    return " ".join(" ".join(pieces).replace("\x00", "").split())


def structure(pdf: pypdf.PdfReader) -> list[dict[str, Any]]:
    """Every element of the structure in the order of reading."""

    def walk(one: Any) -> Iterator[dict[str, Any]]:
        found = one.get_object()
        if isinstance(found, list):
            for inner in found:
                yield from walk(inner)
        elif hasattr(found, "get"):
            if found.get("/S"):
                yield found
            if found.get("/K") is not None:
                yield from walk(found["/K"])

    return list(walk(pdf.trailer["/Root"]["/StructTreeRoot"]))


def addresses(pdf: pypdf.PdfReader) -> set[str]:
    found = set()
    for page in pdf.pages:
        for one in page.get("/Annots") or []:
            action = one.get_object().get("/A", {})
            if "/URI" in action:
                found.add(str(action["/URI"]))
    return found


def tile(text: str, label: str) -> int:
    found = re.search(rf"{label} ([\d,]+) ", text)
    assert found, (label, text[:600])
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("who", ["elsa", "omar"])
def test_it_tells_the_same_figures_as_the_page_of_the_same_person(
    lena: User, ravi: User, request: pytest.FixtureRequest, who: str
) -> None:
    many(lena, ravi, 6)
    viewer = request.getfixturevalue(who)
    text, page = text_of(read(taken(viewer, "pdf"))), portfolio(viewer)
    for label, number in tiles(page).items():
        assert tile(text, label) == number, label
    for step in page.all("li", class_="funnel__step"):
        words = [step.one("span", class_=f"funnel__{part}").text for part in ("label", "value", "note")]
        assert " ".join(words) in text
    for row in page.all("li", class_="bar-list__row"):
        assert row.all("a")[0].text in text
    stalled = [one.ref for one in Initiative.objects.visible_to(viewer).stalled()]
    assert stalled and all(ref in text for ref in stalled)
    for group in page.all("section", class_="decisions__group"):
        title = group.one("h3").text
        assert f"{title} {group.one('span', class_='decisions__count').text}" in text


def test_two_people_get_what_each_of_them_may_see(lena: User, ravi: User, elsa: User, omar: User) -> None:
    many(lena, ravi, 6)
    create(lena, name="Kept among us", visibility="team")
    all_of_it, his = text_of(read(taken(elsa, "pdf"))), text_of(read(taken(omar, "pdf")))
    assert tile(all_of_it, "Running") == Initiative.objects.running().count()
    assert tile(his, "Running") == Initiative.objects.running().filter(visibility="organisation").count()
    assert tile(all_of_it, "Running") > tile(his, "Running")
    assert "Elsa" in all_of_it and "Omar" in his and "Elsa" not in his


def test_its_headings_are_tagged_and_whoever_has_it_read_out_loses_nothing(
    lena: User, ravi: User, elsa: User
) -> None:
    many(lena, ravi, 6)
    pdf = read(taken(elsa, "pdf"))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]) == "en"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    elements = structure(pdf)
    kinds = [one["/S"] for one in elements]
    assert kinds.count("/H1") == 1 and kinds.count("/H2") >= 8 and "/TH" in kinds and "/Link" in kinds
    levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1 and all(
        after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)
    )
    figures = [one for one in elements if one["/S"] == "/Figure"]
    assert figures and all(str(one.get("/Alt", "")).strip() for one in figures), (
        "every drawing says what it shows"
    )
    assert pdf.metadata is not None and "AI portfolio" in str(pdf.metadata.title)


def test_every_figure_leads_to_the_list_behind_it_which_counts_the_same(
    lena: User, ravi: User, elsa: User
) -> None:
    many(lena, ravi, 6)
    pdf = read(taken(elsa, "pdf"))
    lists = {url for url in addresses(pdf) if url.startswith(f"{settings.FIVEGATES_URL}/initiatives/?")}
    assert len(lists) >= 10
    text = text_of(pdf)
    for label, asked in (
        ("Running", "state=running"),
        ("Stalled", "state=stalled"),
        ("Reviews waiting", "behind=reviews%3Awaiting"),
    ):
        url = f"{settings.FIVEGATES_URL}/initiatives/?{asked}"
        assert url in lists
        assert listed(elsa, url.removeprefix(settings.FIVEGATES_URL)) == tile(text, label)


def test_filters_narrow_it_and_stand_on_its_first_page(lena: User, ravi: User, elsa: User) -> None:
    many(lena, ravi, 6)
    pdf = read(taken(elsa, "pdf", unit="claims"))
    first = " ".join(pdf.pages[0].extract_text().split())
    assert "Business unit: Claims" in first and "Elsa" in first
    assert (
        tile(text_of(pdf), "Running") == Initiative.objects.running().filter(business_unit="Claims").count()
    )


def test_it_stays_as_it_was_made(lena: User, ravi: User, elsa: User) -> None:
    one = overrun(lena, name="First name")
    report = made(elsa, "pdf")
    edit_initiative(one.pk, {"name": "Second name"}, Actor.person(lena), now())
    assert "First name" in text_of(read(file_of(elsa, report)))
    assert "Second name" not in text_of(read(file_of(elsa, report)))


def test_an_empty_installation_and_one_initiative_have_a_report_too(lena: User, elsa: User) -> None:
    assert tile(text_of(read(taken(elsa, "pdf"))), "Running") == 0
    create(lena)
    assert tile(text_of(read(taken(elsa, "pdf"))), "Running") == 1


def test_a_name_stays_a_name(lena: User, elsa: User) -> None:
    names = [SCRIPT, RTL, EMOJI, "x" * 150, "<img src=file:///etc/passwd>", "&#0;{{ x }}"]
    found = [overrun(lena, name=name) for name in names]
    text = text_of(read(taken(elsa, "pdf")))
    assert all(one.ref in text for one in found)
    assert "<script>" in text and "{{ x }}" in text and "root:" not in text


def test_its_money_is_that_of_the_rows(lena: User, ravi: User, elsa: User) -> None:
    many(lena, ravi, 6)
    spent = sum(
        (one.budget_spent or Decimal(0) for one in Initiative.objects.running().filter(currency="EUR")),
        Decimal(0),
    )
    assert spent and f"{spent:,.0f} EUR" in text_of(read(taken(elsa, "pdf")))


@pytest.mark.parametrize(("due", "told"), [(5, ""), (10, ""), (13, "And 4 more behind the number above.")])
def test_a_list_of_decisions_is_whole_or_says_what_is_not_in_it(
    lena: User, elsa: User, due: int, told: str
) -> None:
    found = [held(lena, name=f"Held {number:02}") for number in range(due)]
    assert holds_to_review(Initiative.objects.all()).count() == due
    text = text_of(read(taken(elsa, "pdf")))
    listed_ones = text[text.index("Holds to look at again") : text.index("Far beyond the plan")]
    shown = [one for one in found if one.ref in listed_ones]
    assert len(shown) == (due if due <= 10 else 9)
    assert ("more behind the number" in listed_ones) == bool(told) and told in listed_ones


def test_where_initiatives_are_computed_on_several_frameworks_it_says_which(
    lena: User, elsa: User, ada: User
) -> None:
    create(lena, name="Older", stage="pilot", stage_since=today())
    assert "several frameworks" not in words_of(taken(elsa, "pdf"))
    published(own_text())
    choose_starting(["house"], Actor.person(ada), now())
    create(lena, name="Own", stage="pilot", stage_since=today())
    told = words_of(taken(elsa, "pdf"))
    assert "which do not ask the same: 5-Gate Production Readiness, House gates." in told


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())
