"""The initiatives behind a figure, asked for in an address: as many as the figure says, and no others."""

import pytest

from gates.models import Initiative, Lesson
from readiness.accounts.models import Organisation, User
from readiness.portfolio import figures
from readiness.portfolio.behind import found_behind
from tests.fixtures import create, pages, today
from tests.integration.portfolio.raw import Raw
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db

WAY = ["intake", "poc", "pilot", "rollout", "live"]


def furthest(row: Initiative) -> int:
    """The oracle: the place on the way of the furthest stage that it ever entered."""
    entered = {one.stage for one in row.stage_entries.all()} | {"intake"}
    return max(WAY.index(stage) for stage in entered if stage in WAY)


@pytest.mark.parametrize("seed", [1, 2])
def test_those_that_reached_a_stage_are_those_of_the_funnel(seed: int, lena: User, ravi: User) -> None:
    Raw(seed, today(), Organisation.get().zone, lena, ravi).initiatives(30)
    rows = list(Initiative.objects.all())
    counted = {one.stage.value: one.reached for one in figures.funnel(Initiative.objects.all())}
    for place, stage in enumerate(WAY):
        found = found_behind(Initiative.objects.all(), f"reached:{stage}", today())
        assert found is not None
        keys = set(found.rows.values_list("pk", flat=True))
        assert keys == {row.pk for row in rows if furthest(row) >= place}
        assert counted[stage] == len(keys)


def test_those_that_ended_so_are_those_of_the_outcomes(lena: User, ravi: User) -> None:
    Raw(3, today(), Organisation.get().zone, lena, ravi).initiatives(6)
    Lesson.objects.all().delete()
    lessons = [
        Lesson.objects.create(initiative=row, tried="A", did_not_work="B", outcome=outcome, at=row.created_at)
        for row, outcome in zip(
            Initiative.objects.order_by("pk"),
            ("decided", "faded_out", "decided", "agreed_criteria"),
            strict=False,
        )
    ]
    counted = figures.outcomes(Initiative.objects.all())
    for outcome, figure in (
        ("agreed_criteria", counted.stopped_on_criteria),
        ("decided", counted.stopped_by_decision),
        ("faded_out", counted.faded_out),
    ):
        found = found_behind(Initiative.objects.all(), f"ended:{outcome}", today())
        assert found is not None
        wanted = {one.initiative_id for one in lessons if one.outcome == outcome}
        assert set(found.rows.values_list("pk", flat=True)) == wanted
        assert figure == len(wanted)
    ways = [(row.stage, {stay.stage for stay in row.stage_entries.all()}) for row in Initiative.objects.all()]
    launched = sum(stage in ("live", "retired") and "live" in been for stage, been in ways)
    assert (counted.launched, counted.retired) == (launched, sum(stage == "retired" for stage, _ in ways))


def test_the_list_says_what_it_shows_and_keeps_to_what_one_may_see(
    lena: User, elsa: User, omar: User
) -> None:
    create(lena, stage="pilot", visibility="team")
    create(lena, stage="pilot", business_unit="Sales")
    create(lena)
    for viewer, unit, count in ((elsa, "", 2), (omar, "", 1), (elsa, "sales", 1), (elsa, "legal", 0)):
        page = read(pages(viewer).get("/initiatives/", {"behind": "reached:poc", "unit": unit}))
        assert page.by_id("found").text.startswith(f"{count} initiative")
        assert "Reached PoC" in page.by_id("found").text


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "reached",
        "reached:",
        "reached:stopped",
        "ended:",
        "nothing:x",
        "\x00",
        ":",
        "reached:" + "x" * 5000,
    ],
)
def test_what_no_figure_asks_is_left_out(asked: str, lena: User, elsa: User) -> None:
    create(lena)
    assert found_behind(Initiative.objects.all(), asked, today()) is None
    page = read(pages(elsa).get("/initiatives/", {"behind": asked}))
    assert page.by_id("found").text == "1 initiative"


def test_it_stays_when_the_list_is_filtered_further(lena: User, elsa: User) -> None:
    create(lena, stage="poc")
    page = read(pages(elsa).get("/initiatives/?behind=reached:poc"))
    form = page.one("main").one("form", role="search")
    assert form.one("input", name="behind").attrs["value"] == "reached:poc"
