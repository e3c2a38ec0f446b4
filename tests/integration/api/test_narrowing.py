"""What initiatives, scores and figures are narrowed to: a sponsor, a unit, a technology, a vendor, a tag."""

import csv
import io
from typing import Any

import pytest

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.portfolio import figures
from tests.fixtures import api, create

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(lena: User, elsa: User, ravi: User) -> list[Initiative]:
    """Of elsa, of ravi, and of nobody; all under way."""
    facts = {"stage": "pilot", "technology": "Vision", "vendor": "Contoso"}
    return [
        create(lena, name="Hers", business_unit="Finance", people={"executive_sponsor": "elsa"}, **facts),
        create(lena, name="His", business_unit="Sales", people={"executive_sponsor": "ravi"}, tags=["Ärger"]),
        create(lena, name="Nobody's", business_unit="Finance", stage="poc"),
    ]


def asked(person: User, path: str) -> Any:
    answer = api(person).get(path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def names(person: User, query: str) -> set[str]:
    return {one["name"] for one in asked(person, f"initiatives/?{query}")["results"]}


@pytest.mark.parametrize(
    ("sponsor", "found"),
    [
        ("elsa", {"Hers"}),
        ("ELSA", {"Hers"}),
        ("%20ravi%20", {"His"}),
        ("%20", {"Nobody's"}),
        ("lena", set()),
        ("nobody-of-this-name", set()),
        ("", {"Hers", "His", "Nobody's"}),
    ],
)
def test_a_sponsor_is_asked_for_alike_wherever_a_unit_is(
    three: list[Initiative], elsa: User, sponsor: str, found: set[str]
) -> None:
    query = f"sponsor={sponsor}"
    assert names(elsa, query) == found
    assert {one["name"] for one in asked(elsa, f"scores/?{query}")["results"]} == found
    assert asked(elsa, f"portfolio/?{query}")["headline"]["total"] == len(found)
    assert asked(elsa, f"portfolio/symptoms/?{query}")["initiatives"] == len(found)
    assert sum(one["initiatives"] for one in asked(elsa, f"portfolio/money/?{query}")["units"]) == len(found)
    known = asked(elsa, f"portfolio/survival/?{query}")["production"]
    assert known["running"] + known["start_not_known"] == len(found)


def test_a_sponsor_and_a_unit_narrow_together(three: list[Initiative], elsa: User) -> None:
    assert names(elsa, "sponsor=elsa&business_unit=finance&stage=pilot") == {"Hers"}
    assert names(elsa, "sponsor=elsa&business_unit=sales") == set()
    assert asked(elsa, "portfolio/?sponsor=ravi&business_unit=sales")["headline"]["total"] == 1
    symptoms = asked(elsa, "portfolio/symptoms/?sponsor=%20&business_unit=finance")
    assert (symptoms["initiatives"], [one["business_unit"] for one in symptoms["units"]]) == (1, ["Finance"])


def test_who_was_sponsor_and_is_no_more_is_not_asked_for(three: list[Initiative], lena: User) -> None:
    answer = api(lena).patch(f"initiatives/{three[0].ref}/", {"people": {"executive_sponsor": "ravi"}})
    assert answer.status_code == 200, answer.content
    assert names(lena, "sponsor=elsa") == set()
    assert names(lena, "sponsor=ravi") == {"Hers", "His"}


def test_what_comes_to_a_sponsor_comes_in_what_is_new_since(three: list[Initiative], elsa: User) -> None:
    since = asked(elsa, "scores/")["results"][-1]["computed_at"]
    api(User.objects.get(username="lena")).patch(
        f"initiatives/{three[0].ref}/", {"people": {"executive_sponsor": "ravi"}}
    )
    new = asked(elsa, f"scores/?sponsor=ravi&updated_since={since}")["results"]
    assert [one["name"] for one in new] == ["Hers"]


def test_the_streams_of_scores_are_narrowed_too(three: list[Initiative], elsa: User) -> None:
    stream = api(elsa).get("scores/?sponsor=elsa&business_unit=FINANCE", accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(stream.streaming_content).decode())))
    assert [row["name"] for row in rows] == ["Hers"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("technology=vision", {"Hers"}),
        ("technology=%20", {"His", "Nobody's"}),
        ("vendor=CONTOSO", {"Hers"}),
        ("vendor=%20&technology=vision", set()),
        ("tag=ärger", {"His"}),
        ("tag=ärg", set()),
        ("tag=%20", {"Hers", "Nobody's"}),
    ],
)
def test_the_list_knows_what_its_page_knows(
    three: list[Initiative], elsa: User, query: str, found: set[str]
) -> None:
    assert names(elsa, query) == found


def test_a_username_is_asked_for_in_any_case_in_the_trail_and_among_assignments(
    three: list[Initiative], lena: User, iris: User
) -> None:
    assert asked(iris, "audit/?actor=LENA")["results"] == asked(iris, "audit/?actor=lena")["results"] != []
    at = f"initiatives/{three[0].ref}/assignments/"
    made = api(lena).post(at, {"item": "DATA-1", "person": "lena", "due": "2030-12-18"})
    assert made.status_code == 201, made.content
    assert asked(lena, f"{at}?person=Lena") == asked(lena, f"{at}?person=lena") == asked(lena, at)


@pytest.mark.parametrize("language", ["en", "de"])
def test_units_are_named_alike_in_all_figures_whatever_the_language(
    lena: User, elsa: User, language: str
) -> None:
    """Empty is what names no unit, null the rest of them: never words for people."""
    for number in range(figures.UNITS_SHOWN + 3):
        create(lena, name=f"Number {number}", business_unit=f"Unit {number:02}", stage="pilot")
    Initiative.objects.filter(name="Number 3").update(business_unit="", business_unit_key="")
    User.objects.filter(pk=elsa.pk).update(language=language)
    elsa.refresh_from_db()
    client = api(elsa)
    told = [
        client.get(f"portfolio/{part}", accept_language=language).json()["units"] for part in ("", "money/")
    ]
    for units in told:
        found = [one["business_unit"] for one in units]
        assert found[-1] is None and found.count("") == 1
        assert all(name == "" or name.startswith("Unit ") for name in found[:-1])
        assert units[-1]["initiatives"] == 3
    symptoms = client.get("portfolio/symptoms/", accept_language=language).json()
    assert [one["business_unit"] for one in symptoms["units"]].count("") == 1
