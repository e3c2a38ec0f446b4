"""One truth on every surface: the initiative's page, the list, the portfolio, and three answers of the API."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Locator, Page

from readiness.standing.words import GATE_WORDS, VERDICT_WORDS
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker


@dataclass(frozen=True)
class Standing:
    """What a surface says of an initiative: how many items are met, the score, the verdict, each gate's status."""

    met: int
    score: float
    verdict: str
    gates: dict[str, str]


def agreed(walker: Walker, rest: Rest, ref: str, unit: str) -> Standing:
    """What all surfaces say; fails where one of them says something else. ``unit`` is the initiative's alone."""
    told = rest.get(f"initiatives/{ref}/readiness/")
    standing = Standing(
        told["met"],
        told["score"],
        told["verdict"],
        {gate["gate"]: gate["status"] for gate in told["gates"]},
    )
    assert of_document(rest.get(f"initiatives/{ref}/")["readiness"]) == standing
    listed = rest.get(f"initiatives/?business_unit={quote(unit)}")["results"]
    assert [(row["id"], of_document(row["readiness"])) for row in listed] == [(ref, standing)]
    scores = [row for row in all_of(rest, "scores/?limit=200") if row["initiative"] == ref]
    assert [of_document(row) for row in scores] == [standing]
    assert on_its_page(walker, ref) == standing
    assert in_the_list(walker, ref, unit) == standing
    assert in_the_portfolio(walker, unit) == rest_portfolio(rest, unit) == _counted(standing)
    return standing


def of_document(told: dict[str, Any]) -> Standing:
    gates = {gate["gate"]: gate["status"] for gate in told["gates"]}
    return Standing(told["met"], told["score"], told["verdict"], gates)


def all_of(rest: Rest, path: str) -> list[dict[str, Any]]:
    """Every row, page after page."""
    found: list[dict[str, Any]] = []
    following: str | None = path
    while following:
        document = rest.get(following.removeprefix(f"{rest.base}/api/v1/"))
        found += document["results"]
        following = document["next"]
    return found


def on_its_page(walker: Walker, ref: str) -> Standing:
    walker.open(f"/initiatives/{ref}/")
    page = walker.page
    header = page.locator(".initiative-header")
    met = int(page.locator("#header-score .strong").inner_text().split(" of ")[0])
    score = float(page.locator("#header-score svg[role=img]").get_attribute("aria-label").rpartition(":")[2])  # type: ignore[union-attr]
    return Standing(met, score, _verdict(header), _track(page))


def _verdict(place: Locator) -> str:
    """The verdict's badge; a badge may hold a hint behind its word."""
    badges = [text.strip() for text in place.locator(".badge").all_inner_texts()]
    said = {badge.partition("(")[0].strip() for badge in badges}
    found = [verdict.value for verdict, word in VERDICT_WORDS.items() if word.label in said]
    assert len(found) == 1, badges
    return found[0]


def _track(page: Page) -> dict[str, str]:
    steps = page.locator("#header-track .track__step")
    found = {}
    for step in steps.all():
        name = step.locator(".track__name").inner_text()
        found[name.lower()] = _status(step.locator(".track__status").inner_text())
    return found


def _status(word: str) -> str:
    return next(status.value for status, said in GATE_WORDS.items() if said.label == word.strip())


def in_the_list(walker: Walker, ref: str, unit: str) -> Standing:
    walker.open(f"/initiatives/?unit={quote(unit)}")
    rows = walker.page.locator("tbody tr")
    assert rows.count() == 1
    row = rows.first
    assert row.locator("th .table__sub").inner_text().startswith(ref)
    marks = [mark.get_attribute("aria-label") or "" for mark in row.locator(".tally__mark").all()]
    gates = {name.lower(): _status(word) for name, _, word in (mark.partition(": ") for mark in marks)}
    score = float(row.locator("td .strong").first.inner_text())
    return Standing(round(score / 5), score, _verdict(row), gates)


Counts = dict[str, int]


def _counted(standing: Standing) -> Counts:
    verdict = standing.verdict
    return {"running": 1, "ready": int(verdict == "ready"), "conditional": int(verdict == "conditional")}


def in_the_portfolio(walker: Walker, unit: str) -> Counts:
    walker.open(f"/portfolio/?unit={quote(unit)}")
    found = {}
    for key, label in (
        ("running", "Running"),
        ("ready", "Ready for production"),
        ("conditional", "Conditional"),
    ):
        tile = walker.page.locator(".stat", has=walker.page.get_by_text(label, exact=True))
        found[key] = int(tile.locator(".stat__value").inner_text())
    return found


def rest_portfolio(rest: Rest, unit: str) -> Counts:
    headline = rest.get(f"portfolio/?business_unit={quote(unit)}")["headline"]
    ahead = {key: headline[key] - headline[f"{key}_live"] for key in ("ready", "conditional")}
    return {"running": headline["running"], **ahead}
